//! The edit that waits for its time: opened in the form, given up, or let go over what was saved meanwhile.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::Utc;
use serde::Deserialize;

use super::{content, opened};
use crate::desk::article_form::{self, Existing, Sent};
use crate::desk::when::{When, when};
use crate::desk::{Acting, Routes, article_conflict, waiting};
use crate::news::article::autosave::{self, Subject};
use crate::news::article::revision::{self, Content};
use crate::news::article::save::Action;
use crate::news::article::scheduled::{self, Edit};
use crate::news::article::together::{self, Met};
use crate::news::article::{Article, ArticleId};
use crate::paths;
use crate::text::date;
use crate::web::{App, Author, Error, Flash, Form, Notice, Result};

pub fn routes() -> Routes {
    vec![
        ("/desk/articles/{id}/edit", get(edit)),
        ("/desk/articles/{id}/edit/cancel", post(delete)),
        ("/desk/articles/{id}/edit/confirm", post(confirm)),
    ]
}

/// For the panel of the form's screen.
pub struct Waiting {
    pub id: i64,
    pub at: When,
    pub author: String,
    pub written: When,
    pub why: String,
    pub is_correction: bool,
    pub held: bool,
    /// What it changes and was changed by others since, when it is held; "" if that is not it.
    pub both: String,
    /// Its time is over, but it was held.
    pub is_late: bool,
    pub based_on: i32,
    pub version: i32,
}

impl Waiting {
    pub async fn new(edit: Edit, article: &Article, app: &App) -> Result<Self> {
        let met = if edit.held { met(app, article, &edit).await? } else { None };
        Ok(Self {
            both: met.map(|met| met.both.join(", ")).unwrap_or_default(),
            id: edit.id,
            at: when(edit.effective_at, &app.site),
            author: edit.author,
            written: when(edit.created_at, &app.site),
            why: edit.why,
            is_correction: !edit.correction.is_empty(),
            held: edit.held,
            is_late: edit.effective_at <= Utc::now(),
            based_on: edit.based_on,
            version: article.version,
        })
    }
}

/// GET: the form with the text of the edit, or with what this person typed into it and has not saved. What was saved since it was written is brought in where it touches
/// other fields, and other blocks of the text; where both changed the same, the edit's words stand.
pub async fn edit(
    State(app): State<App>,
    Author(user): Author,
    notice: Notice,
    Path(id): Path<String>,
) -> Result<Response> {
    let existing = article_form::existing(&app, &user, &id).await?;
    if !existing.article.may(&user, Action::Schedule) {
        return Err(Error::Forbidden);
    }
    let subject = Subject::Edit(existing.article.id);
    if let Some(text) = autosave::of(&app.db, user.id, &subject).await? {
        let is_current = text.base_version == existing.article.version;
        let sent = Sent::restored(waiting::restore(&app, &subject, text).await?);
        if !is_current {
            let (theirs, status) = (&existing.article, StatusCode::OK);
            return article_conflict::page(&app, &user, theirs, sent, Action::Schedule, status).await;
        }
        return Ok(article_form::screen(&app, &user, &existing, sent, false, notice).await?.into_response());
    }
    let edit = scheduled::of_article(&app.db, existing.article.id).await?.ok_or(Error::NotFound)?;
    let content = rebased(&app, &existing, &edit).await?;
    let mut sent = content::sent(&app, &existing, &content).await?;
    sent.typed.effective_at = date::field(edit.effective_at, app.site.timezone);
    sent.typed.why = edit.why;
    sent.typed.edit = edit.id.to_string();
    if !edit.correction.is_empty() {
        "correction".clone_into(&mut sent.typed.change);
        sent.typed.correction_note = edit.correction;
    }
    // What was brought in from a later save is in no edit yet.
    let is_changed = edit.based_on != existing.article.version;
    Ok(article_form::screen(&app, &user, &existing, sent, is_changed, notice).await?.into_response())
}

async fn rebased(app: &App, existing: &Existing, edit: &Edit) -> Result<Content> {
    let mine = edit.content.0.clone();
    Ok(met(app, &existing.article, edit).await?.map_or(mine, |met| met.content))
}

/// The edit with what was saved since it was written; `None`: nothing was.
async fn met(app: &App, article: &Article, edit: &Edit) -> Result<Option<Met>> {
    if edit.based_on == article.version {
        return Ok(None);
    }
    let (Some(base), Some(theirs)) = (
        revision::content(&app.db, article.id, edit.based_on).await?,
        revision::content(&app.db, article.id, article.version).await?,
    ) else {
        return Ok(None);
    };
    Ok(Some(together::bring(base, edit.content.0.clone(), theirs).await))
}

/// Which edit; nothing is said where there can be but one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    #[serde(default)]
    number: String,
}

/// POST: gives the edit up that this person was shown. 409 when it is another by now.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    Form(named): Form<Named>,
) -> Result<Response> {
    let id = editable(&app, &by, &id).await?;
    let only = match named.number.as_str() {
        "" => None,
        number => Some(number.parse().map_err(|_| Error::NotFound)?),
    };
    let mut tx = app.db.begin().await?;
    let is_done = scheduled::cancel(&mut tx, id, only, &by.actor).await?;
    tx.commit().await?;
    if !is_done && scheduled::of_article(&app.db, id).await?.is_some() {
        return Err(Error::Conflict(
            "Somebody changed this edit a moment ago. Look at it before you give it up.".to_owned(),
        ));
    }
    let said = if is_done {
        "The edit is given up. The article stays as it is."
    } else {
        "No edit waited any more."
    };
    Ok(Flash::new(&app, said).to(&paths::desk::article(id)))
}

/// The version that this person has seen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Over {
    version: i32,
}

/// POST: the edit goes over what was saved meanwhile. 409 when more was saved since.
pub async fn confirm(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    Form(over): Form<Over>,
) -> Result<Response> {
    let id = editable(&app, &by, &id).await?;
    let mut tx = app.db.begin().await?;
    let Ok(confirmed) = scheduled::confirm(&mut tx, id, over.version, &by.actor).await? else {
        return Err(Error::Conflict(
            "Somebody saved this article a moment ago. Look at it once more before the edit goes over it."
                .to_owned(),
        ));
    };
    tx.commit().await?;
    let said = match scheduled::of_article(&app.db, id).await? {
        Some(edit) if confirmed && edit.effective_at > Utc::now() => {
            format!("The edit takes effect {}.", when(edit.effective_at, &app.site).text)
        }
        _ if confirmed => "The edit is in effect.".to_owned(),
        _ => "No edit was held.".to_owned(),
    };
    Ok(Flash::new(&app, &said).to(&paths::desk::article(id)))
}

async fn editable(app: &App, by: &Acting<Author>, id: &str) -> Result<ArticleId> {
    let article = opened(app, by, id).await?.article;
    if article.may(&by.user, Action::Schedule) || article.may(&by.user, Action::Publish) {
        Ok(article.id)
    } else {
        Err(Error::Forbidden)
    }
}
