//! What the article form holds, written in one transaction; and what its writer is told.

use super::article_act::{self, Deed};
use super::article_fields::{self as fields, Asked};
use super::article_form::{Existing, Sent};
use super::when::when;
use super::{Acting, checklist};
use crate::news::article::autosave::{self, Key};
use crate::news::article::save::{self, Action};
use crate::news::article::{self, Article, ArticleId, note, scheduled};
use crate::text::date;
use crate::text::html::{CleanHtml, Unclean};
use crate::web::{App, Author, Error, Errors, Result, cleaning};

/// A second each, which is what the database waits for a lock: long enough for any save to finish.
const RETRIES: usize = 3;

/// What came of the one transaction; only `Saved` was committed.
pub enum Written {
    Saved(ArticleId),
    Stale(ArticleId),
    Refused(Errors),
}

/// Checks and writes; what is refused is named at its field. `settles`: it is what this person was typing, so that
/// nothing is kept of it beside.
pub async fn written(
    app: &App,
    by: &Acting<Author>,
    existing: Option<&Existing>,
    sent: &Sent,
    action: Action,
    settles: bool,
) -> Result<Written> {
    let body = cleaning::clean(sent.typed.body.clone()).await?;
    let asked = Asked {
        site: &app.site,
        user: &by.user,
        action,
        stored: existing.map(|existing| &existing.article),
        chosen: existing.map_or(&[], |existing| &existing.chosen),
        picture: sent.picture.as_ref().map(|picture| picture.id),
    };
    let mut written = write(app, by, sent, &body, &asked, settles).await;
    for _ in 0..RETRIES {
        match &written {
            Err(cause) if is_contended(cause) => written = write(app, by, sent, &body, &asked, settles).await,
            _ => break,
        }
    }
    match written {
        Ok(written) => Ok(written),
        Err(cause) => {
            let (field, why) = fields::blamed(&cause).ok_or(cause)?;
            let mut errors = sent.errors.clone();
            errors.add(field, why);
            Ok(Written::Refused(errors))
        }
    }
}

async fn write(
    app: &App,
    by: &Acting<Author>,
    sent: &Sent,
    body: &Result<CleanHtml, Unclean>,
    asked: &Asked<'_>,
    settles: bool,
) -> sqlx::Result<Written> {
    let mut errors = sent.errors.clone();
    let discussion = sent.typed.discussion.check(&mut errors);
    let mut tx = app.db.begin().await?;
    let Deed { act, effective_at } = article_act::check(&sent.typed, asked, &mut errors);
    let waiting = match asked.stored {
        Some(stored) => scheduled::of_article(&mut *tx, stored.id).await?,
        None => None,
    };
    let opened = waiting.as_ref().is_some_and(|edit| edit.id.to_string() == sent.typed.edit);
    if let (Some(waiting), Some(_), false) = (&waiting, effective_at, opened) {
        let at = when(waiting.effective_at, &app.site).text;
        let why = format!("An edit waits for {at} already. Open it to change it, or give it up first.");
        errors.add("effective_at", why);
    }
    let Some(checked) = fields::check(&mut tx, &sent.typed, body, asked, &mut errors).await? else {
        return Ok(Written::Refused(errors));
    };
    let overridden = match asked.action {
        Action::Publish => checklist::admit(&mut tx, &app.site, &by.user, &sent.typed, &checked).await?,
        _ => Ok(None),
    };
    let overridden = match overridden {
        Ok(overridden) => overridden,
        Err(missing) => return Ok(Written::Refused(missing)),
    };
    let id = match (asked.stored, effective_at) {
        (None, _) => save::create(&mut tx, &checked, act, &by.actor).await?,
        (Some(Article { id, version, .. }), Some(at)) => {
            if scheduled::keep(&mut tx, *id, *version, &checked, at, &act, &by.actor).await?.is_err() {
                return Ok(Written::Stale(*id));
            }
            *id
        }
        (Some(Article { id, version, .. }), None) => {
            let note = (act.action == Action::Return && !act.why.is_empty()).then(|| act.why.clone());
            if opened {
                // Its words are saved now: nothing is left to wait.
                scheduled::cancel(&mut tx, *id, &by.actor).await?;
            }
            if save::update(&mut tx, *id, *version, &checked, act, &by.actor).await?.is_err() {
                return Ok(Written::Stale(*id));
            }
            if let Some(note) = note {
                note::post(&mut tx, *id, &note, &by.actor).await?;
            }
            *id
        }
    };
    // What readers may say is no part of an edit that waits.
    if effective_at.is_none() {
        sent.typed.discussion.keep(&mut tx, id, discussion).await?;
    }
    if let Some(overridden) = &overridden {
        checklist::record(&mut tx, &by.actor, id, overridden).await?;
    }
    if settles {
        autosave::settle(&mut tx, by.user.id, id, Key::parse(&sent.typed.draft).as_ref()).await?;
    }
    tx.commit().await?;
    Ok(Written::Saved(id))
}

/// Two articles that name each other, or new tags in another order, saved at the same moment: Postgres ends one of
/// the two transactions, as a deadlock (40P01) or because it waited too long (55P03), and it only has to be done
/// again.
fn is_contended(cause: &sqlx::Error) -> bool {
    let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40P01" | "55P03"))
}

/// What was done, and what follows from it.
pub async fn said(app: &App, id: ArticleId, action: Action) -> Result<String> {
    let saved = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let edit = scheduled::of_article(&app.db, id).await?;
    let in_time = |at| {
        let zone = app.site.timezone;
        let twice = if date::comes_twice(at, zone) {
            " The clock shows this time twice that night; the first is meant."
        } else {
            ""
        };
        format!("{}, time of {}.{twice}", when(at, &app.site).text, zone.name())
    };
    let mut said = match action {
        Action::Withdraw => "Withdrawn. Readers are told that it is gone.".to_owned(),
        Action::Submit => "Handed to the editors.".to_owned(),
        Action::Return => "A draft again.".to_owned(),
        Action::Save | Action::Trash | Action::Restore => "Saved.".to_owned(),
        Action::Schedule => match &edit {
            Some(edit) => format!("The edit takes effect {}", in_time(edit.effective_at)),
            None => "The edit is in effect.".to_owned(),
        },
        Action::Publish => match saved.publish_at {
            Some(at) if at > chrono::Utc::now() => format!("Scheduled for {}", in_time(at)),
            _ => "Published.".to_owned(),
        },
    };
    if let Some(edit) = edit.filter(|edit| edit.held) {
        let at = when(edit.effective_at, &app.site).text;
        said = format!("{said} The edit for {at} is held until you have looked at it.");
    }
    Ok(said)
}
