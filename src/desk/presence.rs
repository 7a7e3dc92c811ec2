//! Who else has an article open, as JSON for `static/js/presence.js`. The form shows the same when it is loaded.

use axum::Json;
use axum::extract::State;
use axum::routing::post;
use serde::{Deserialize, Serialize};

use super::{Acting, Routes, article_form};
use crate::news::article::ArticleId;
use crate::news::article::presence;
use crate::text::date;
use crate::web::{App, Author, Error, Form, Path, Result};

pub fn routes() -> Routes {
    vec![("/desk/articles/{id}/presence", post(create))]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// Which tab of a browser this is.
    tab: String,
    /// Said when the page is left.
    #[serde(default)]
    left: String,
}

/// Somebody else who is there.
#[derive(Clone, Debug, Serialize)]
pub struct Other {
    pub name: String,
    /// The time on the clock of the site.
    pub since: String,
}

/// POST: a sign of life, answered with the others.
pub async fn create(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<ArticleId>,
    Form(sign): Form<Sign>,
) -> Result<Json<Vec<Other>>> {
    article_form::existing(&app, &by.user, &id.to_string()).await?;
    if !(8..=64).contains(&sign.tab.len()) || sign.tab.contains('\0') {
        return Err(Error::BadRequest("The field tab has 8 to 64 letters.".to_owned()));
    }
    let mut tx = app.db.begin().await?;
    if !sign.left.is_empty() {
        presence::leave(&mut tx, id, by.user.id, &sign.tab).await?;
    } else if !presence::arrive(&mut tx, id, by.user.id, &sign.tab).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(Json(others(&app, id, by.user.id).await?))
}

pub async fn others(app: &App, id: ArticleId, user: crate::accounts::UserId) -> Result<Vec<Other>> {
    let present = presence::others(&app.db, id, user).await?;
    Ok(present
        .into_iter()
        .map(|present| Other { name: present.name, since: date::time(present.since, app.site.timezone) })
        .collect())
}
