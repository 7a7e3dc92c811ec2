//! Another address for one's own account. The old one is told, so that whoever loses an account hears of it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::view;
use crate::accounts::user;
use crate::desk::{Acting, notices};
use crate::news::audit;
use crate::paths;
use crate::web::{App, Author, Entered, Errors, Flash, Form, Fresh, Page, Result};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    email: String,
}

/// POST: logs in with this address from now on.
pub async fn update(
    State(app): State<App>,
    by: Acting<Fresh<Author>>,
    Entered(session): Entered,
    Form(changed): Form<Changed>,
) -> Result<Response> {
    let (id, old) = (by.user.id, &by.user.email);
    let mut errors: Errors = user::check(&changed.email, &by.user.name)
        .into_iter()
        .filter(|(field, _)| *field == "email")
        .collect();
    let mut tx = app.db.begin().await?;
    if errors.is_empty() && !user::set_email(&mut tx, id, &changed.email).await? {
        errors.add("email", "There is an account with this e-mail address already.");
    }
    if !errors.is_empty() {
        let mut view = view(&app, &session).await?;
        (view.profile.email, view.errors) = (changed.email, errors);
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    audit::record(&mut tx, &by.actor, "change the address of", "user", Some(id.0), json!({})).await?;
    notices::tell(&app, &mut tx, old, notices::About::Address).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "You log in with the new address from now on.").to(paths::people::PROFILE))
}
