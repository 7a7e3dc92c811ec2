//! Links for people without an account: made and ended here, shown by `site::preview`.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use chrono::TimeDelta;
use serde::Deserialize;

use super::opened;
use crate::accounts::Role;
use crate::desk::when::{When, when};
use crate::desk::{Acting, Routes};
use crate::news::article::{self, scheduled};
use crate::news::preview::{self, PreviewId, Subject};
use crate::paths;
use crate::web::{App, Author, Error, Flash, Form, Result};

/// Choices of the form, in days.
const DAYS: [i32; 3] = [1, 3, 7];

pub fn routes() -> Routes {
    vec![("/desk/articles/{id}/previews", post(create)), ("/desk/previews/{id}/end", post(end))]
}

/// A link that works, as the desk lists it: here, and for the front page at its board.
pub struct Line {
    pub id: PreviewId,
    pub address: String,
    pub author: String,
    pub ends: When,
    /// It shows what will be in force then.
    pub as_of: Option<When>,
}

pub async fn lines(app: &App, subject: Subject) -> Result<Vec<Line>> {
    let links = preview::of_subject(&app.db, subject).await?;
    let line = |link: preview::Link| Line {
        id: link.id,
        address: app.site.absolute(&paths::workflow::preview(&link.token)),
        author: link.author.unwrap_or_default(),
        ends: when(link.expires_at, &app.site),
        as_of: link.as_of.map(|at| when(at, &app.site)),
    };
    Ok(links.into_iter().map(line).collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    days: String,
    /// `saved`, or `edit`: with the edit that waits for its time.
    #[serde(default)]
    shows: String,
}

/// POST: a new link to this article.
pub async fn create(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let article = opened(&app, &by, &id).await?.article;
    if article.trashed_at.is_some() {
        return Err(Error::Conflict("What is in the trash is shown to nobody.".to_owned()));
    }
    let days = days(&typed.days)?;
    let as_of = match typed.shows.as_str() {
        "" | "saved" => None,
        "edit" => {
            let edit = scheduled::of_article(&app.db, article.id).await?.ok_or(Error::NotFound)?;
            // A moment later, so that a link made for it goes on showing it.
            Some(edit.effective_at + TimeDelta::seconds(1))
        }
        _ => return Err(Error::BadRequest("The field shows is saved or edit.".to_owned())),
    };
    let mut tx = app.db.begin().await?;
    preview::create(&app.db, &mut tx, Subject::Article(article.id), as_of, days, &by.actor).await?;
    tx.commit().await?;
    let there = format!("{}#previews", paths::desk::article(article.id));
    Ok(Flash::new(&app, "The link is made. Copy it below.").to(&there))
}

/// How long a link works: one of the form's choices.
pub fn days(typed: &str) -> Result<i32> {
    let days = typed.parse().ok().filter(|days| DAYS.contains(days));
    days.ok_or_else(|| Error::BadRequest("The field days is 1, 3 or 7.".to_owned()))
}

/// POST: ends a link; whoever may see what it shows may end it.
pub async fn end(State(app): State<App>, by: Acting<Author>, Path(id): Path<String>) -> Result<Response> {
    let id: PreviewId = id.parse().map_err(|_| Error::NotFound)?;
    let back = match preview::subject(&app.db, id).await?.ok_or(Error::NotFound)? {
        Subject::Article(id) => {
            let article = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
            if !article.is_open_to(&by.user) {
                return Err(Error::NotFound);
            }
            format!("{}#previews", paths::desk::article(id))
        }
        Subject::Front if by.user.role < Role::Editor => return Err(Error::NotFound),
        Subject::Front => format!("{}#previews", paths::desk::FRONT),
    };
    let mut tx = app.db.begin().await?;
    preview::revoke(&mut tx, id, &by.actor).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The link shows nothing any more.").to(&back))
}
