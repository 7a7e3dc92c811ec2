//! Drafts into the trash and out of it.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use chrono::{DateTime, TimeDelta, Utc};

use super::opened;
use crate::desk::when::when;
use crate::desk::{Acting, Routes};
use crate::news::article::save::Action;
use crate::news::article::trash;
use crate::paths;
use crate::web::{App, Author, Error, Flash, Result, Site};

pub fn routes() -> Routes {
    vec![("/desk/articles/{id}/trash", post(create)), ("/desk/articles/{id}/restore", post(delete))]
}

/// The moment from which on it may be gone for good.
pub fn until(trashed_at: DateTime<Utc>, site: &Site) -> String {
    when(trashed_at + TimeDelta::days(i64::from(trash::DAYS)), site).text
}

/// POST: into the trash.
pub async fn create(State(app): State<App>, by: Acting<Author>, Path(id): Path<String>) -> Result<Response> {
    let article = opened(&app, &by, &id).await?.article;
    if !article.may(&by.user, Action::Trash) {
        return Err(Error::Forbidden);
    }
    let mut tx = app.db.begin().await?;
    if !trash::put(&mut tx, article.id, &by.actor).await? {
        return Err(Error::Conflict(
            "Somebody has just published this article; it is not thrown away.".to_owned(),
        ));
    }
    tx.commit().await?;
    let said = format!("In the trash: it can be taken out for {} days.", trash::DAYS);
    Ok(Flash::new(&app, &said).to(paths::desk::ARTICLES))
}

/// POST: out of the trash, as a draft.
pub async fn delete(State(app): State<App>, by: Acting<Author>, Path(id): Path<String>) -> Result<Response> {
    let article = opened(&app, &by, &id).await?.article;
    if !article.may(&by.user, Action::Restore) {
        return Err(Error::Forbidden);
    }
    let mut tx = app.db.begin().await?;
    trash::restore(&mut tx, article.id, &by.actor).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Out of the trash, as a draft.").to(&paths::desk::article(article.id)))
}
