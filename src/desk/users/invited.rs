//! Taking up an invitation: name, address, password; then the desk, in the role that was set beforehand.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::check_password;
use crate::accounts::invitation::{self, RedeemError};
use crate::accounts::user::{self, CreateError};
use crate::accounts::{Role, password};
use crate::desk::acting::Knocking;
use crate::desk::login::Admission;
use crate::desk::{Frame, forgotten};
use crate::news::audit;
use crate::web::{App, Errors, Form, Page, Query, Result};

#[derive(Template)]
#[template(path = "desk/invited.html")]
struct InvitedForm {
    frame: Frame,
    form: Account,
    role: Role,
    errors: Errors,
    min_chars: usize,
}

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// GET: the form; looking uses nothing up.
pub async fn new(State(app): State<App>, Query(link): Query<Link>) -> Result<Response> {
    let Some(invited) = invitation::by_token(&app.db, &link.token).await? else {
        return Ok(forgotten::over(&app));
    };
    let account = Account { token: link.token, email: invited.email, ..Account::default() };
    Ok(form(&app, account, invited.role, Errors::default()).into_response())
}

fn form(app: &App, form: Account, role: Role, errors: Errors) -> Page {
    let frame = Frame::stranger(app, format!("Welcome to {}", app.site.name));
    Page::new(&InvitedForm { frame, form, role, errors, min_chars: password::MIN_CHARS })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    token: String,
    name: String,
    email: String,
    password: String,
}

/// POST: 303 to the desk, logged in; or 422 with what is wrong.
pub async fn create(
    State(app): State<App>,
    knocking: Knocking,
    headers: HeaderMap,
    Form(account): Form<Account>,
) -> Result<Response> {
    let Some(invited) = invitation::by_token(&app.db, &account.token).await? else {
        return Ok(forgotten::over(&app));
    };
    let mut errors: Errors = user::check(&account.email, &account.name).into_iter().collect();
    check_password(&app, &account.password, &account.email, &account.name, &mut errors);
    if !errors.is_empty() {
        return Ok(form(&app, account, invited.role, errors).unprocessable().into_response());
    }
    let hash = app.hasher.hash(&account.password).await?;
    let mut tx = app.db.begin().await?;
    match invitation::redeem(&mut tx, &account.token, &account.email, &account.name, &hash).await {
        Ok(id) => {
            let detail = json!({ "name": account.name.trim(), "role": invited.role, "by": "invitation", "of": invited.by });
            let actor = knocking.clone().stranger();
            audit::record(&mut tx, &actor, "create", "user", Some(id.0), detail).await?;
            Admission::new(&app, &headers, knocking).admit(tx, id, None, "", None).await
        }
        Err(RedeemError::Invalid) => Ok(forgotten::over(&app)),
        Err(RedeemError::Create(taken @ CreateError::EmailTaken)) => {
            errors.add("email", taken.to_string());
            Ok(form(&app, account, invited.role, errors).unprocessable().into_response())
        }
        Err(RedeemError::Create(CreateError::Database(cause)) | RedeemError::Database(cause)) => {
            Err(cause.into())
        }
    }
}
