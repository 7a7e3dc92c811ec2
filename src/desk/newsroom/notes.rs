//! The thread of notes on an article, and whose turn it is.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::opened;
use crate::accounts::{UserId, user};
use crate::desk::{Acting, Routes};
use crate::news::article::note;
use crate::paths;
use crate::web::{App, Author, Editor, Error, Flash, Form, Result};

pub fn routes() -> Routes {
    vec![("/desk/articles/{id}/notes", post(create)), ("/desk/articles/{id}/assignee", post(assign))]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    note: String,
}

/// POST: a note at the end of the thread.
pub async fn create(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let existing = opened(&app, &by, &id).await?;
    let body = typed.note.replace("\r\n", "\n");
    let body = body.trim();
    let letters = body.chars().count();
    if letters == 0 || letters > note::MAX {
        let why = if letters == 0 {
            "Write the note first.".to_owned()
        } else {
            format!("A note has at most {} letters; these are {letters}.", note::MAX)
        };
        return crate::desk::article_form::refused_note(&app, &by.user, &existing, &typed.note, why).await;
    }
    let mut tx = app.db.begin().await?;
    note::post(&mut tx, existing.article.id, body, &by.actor).await?;
    tx.commit().await?;
    let there = format!("{}#notes", paths::desk::article(existing.article.id));
    Ok(Flash::new(&app, "The note is there.").to(&there))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    user: String,
}

/// POST: somebody's turn, or nobody's.
pub async fn assign(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    let existing = crate::desk::article_form::existing(&app, &by.user, &id).await?;
    let to: Option<UserId> = match chosen.user.as_str() {
        "" => None,
        id => Some(UserId(id.parse().map_err(|_| Error::NotFound)?)),
    };
    let name = match to {
        None => None,
        Some(to) => {
            let person = user::by_id(&app.db, to).await?.filter(|person| !person.disabled);
            Some(person.ok_or(Error::NotFound)?.name)
        }
    };
    let mut tx = app.db.begin().await?;
    note::assign(&mut tx, existing.article.id, to, &by.actor).await?;
    tx.commit().await?;
    let said =
        name.map_or_else(|| "It is nobody's turn now.".to_owned(), |name| format!("Assigned to {name}."));
    Ok(Flash::new(&app, &said).to(&paths::desk::article(existing.article.id)))
}
