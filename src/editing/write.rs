//! What the article form holds, written in one transaction; and what its writer is told.

use sqlx::PgConnection;

use super::act::{self, Deed};
use super::fields::{self, Asked};
use super::when::when;
use super::{By, Existing, Sent, checklist, work};
use crate::news::article::autosave::{self, Key, Subject};
use crate::news::article::save::{self, Action, Fields};
use crate::news::article::scheduled::{self, Edit};
use crate::news::article::{self, Article, ArticleId, State, note};
use crate::news::media::about;
use crate::text::date;
use crate::text::html::{CleanHtml, Unclean};
use crate::web::{App, Error, Errors, Result, cleaning};

/// A second each, which is what the database waits for a lock: long enough for any save to finish.
const RETRIES: usize = 3;

/// What came of the one transaction; only `Saved` was committed.
pub enum Written {
    Saved {
        id: ArticleId,
        /// What was typed and an edit that waits does not carry.
        left: Vec<&'static str>,
    },
    Stale(ArticleId),
    Refused {
        errors: Errors,
        /// The edit that waits now, where it is another than the form was opened with; "" for none.
        edit: Option<String>,
    },
}

impl Written {
    fn refused(errors: Errors) -> Self {
        Self::Refused { errors, edit: None }
    }
}

/// Checks and writes; what is refused is named at its field. `settles`: it is what this person was typing, so that
/// nothing is kept of it beside.
pub async fn written(
    app: &App,
    by: By<'_>,
    existing: Option<&Existing>,
    sent: &Sent<'_>,
    action: Action,
    settles: bool,
) -> Result<Written> {
    let body = cleaning::clean(sent.typed.body.clone()).await?;
    let asked = Asked {
        site: &app.site,
        user: by.user,
        action,
        stored: existing.map(|existing| &existing.article),
        chosen: existing.map_or(&[], |existing| &existing.chosen),
        picture: sent.picture,
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
            Ok(Written::refused(errors))
        }
    }
}

async fn write(
    app: &App,
    by: By<'_>,
    sent: &Sent<'_>,
    body: &Result<CleanHtml, Unclean>,
    asked: &Asked<'_>,
    settles: bool,
) -> sqlx::Result<Written> {
    let mut tx = app.db.begin().await?;
    // Nobody moves what is judged from here on: the article, and the edit that waits for it.
    if let Some(Article { id, version, .. }) = asked.stored
        && save::claim(&mut tx, *id, *version).await?.is_some()
    {
        return Ok(Written::Stale(*id));
    }
    let draft = Key::parse(&sent.typed.draft);
    // A button that was pressed twice makes one article.
    if let (None, Some(key)) = (asked.stored, &draft)
        && let Some(id) = autosave::claim(&mut tx, by.user.id, key).await?
    {
        return Ok(Written::Stale(id));
    }
    let mut errors = sent.errors.clone();
    let discussion = sent.typed.discussion.check(&mut errors);
    let kind = sent.typed.work.check(&mut errors);
    let Deed { act, effective_at } = act::check(sent.typed, asked, &mut errors);
    let waiting = match asked.stored {
        Some(stored) => scheduled::of_article(&mut *tx, stored.id).await?,
        None => None,
    };
    let edit = overtaken(waiting.as_ref(), &sent.typed.edit, asked, &mut errors);
    let Some(checked) = fields::check(&mut tx, sent.typed, body, asked, &mut errors).await? else {
        return Ok(Written::Refused { errors, edit });
    };
    let overridden = if is_judged(asked, &checked) {
        checklist::admit(&mut tx, &app.site, by.user, sent.typed, &checked).await?
    } else {
        Ok(None)
    };
    let overridden = match overridden {
        Ok(overridden) => overridden,
        Err(missing) => return Ok(Written::refused(missing)),
    };
    let mut left = Vec::new();
    let id = match (asked.stored, effective_at) {
        (None, _) => save::create(&mut tx, &checked, act, by.actor).await?,
        (Some(stored), Some(at)) => {
            let Article { id, version, .. } = *stored;
            if scheduled::keep(&mut tx, id, version, &checked, at, &act, by.actor).await?.is_err() {
                return Ok(Written::Stale(id));
            }
            left = left_out(&mut tx, sent, stored, &checked).await?;
            id
        }
        (Some(Article { id, version, .. }), None) => {
            let note = (act.action == Action::Return && !act.why.is_empty()).then(|| act.why.clone());
            if let Some(edit) = waiting.filter(|_| !sent.typed.edit.is_empty()) {
                // Its words are saved now: nothing is left to wait.
                scheduled::cancel(&mut tx, *id, Some(edit.id), by.actor).await?;
            }
            if save::update(&mut tx, *id, *version, &checked, act, by.actor).await?.is_err() {
                return Ok(Written::Stale(*id));
            }
            if let Some(note) = note {
                note::post(&mut tx, *id, &note, by.actor).await?;
            }
            *id
        }
    };
    // What readers may say is no part of an edit that waits.
    if effective_at.is_none() {
        sent.typed.discussion.keep(&mut tx, id, discussion).await?;
        work::keep(&mut tx, id, kind).await?;
    }
    // What is said of a picture here is known in the library too, where nobody has said it yet.
    if let Some(picture) = checked.picture_id
        && !checked.picture_alt.is_empty()
    {
        about::fill(&mut tx, picture, (&checked.picture_alt, "", "", "")).await?;
    }
    if let Some(overridden) = &overridden {
        checklist::record(&mut tx, by.actor, id, overridden).await?;
    }
    if settles {
        autosave::settle(&mut tx, by.user.id, id, draft.as_ref()).await?;
    } else if sent.typed.is_edit() {
        autosave::discard(&mut tx, by.user.id, &Subject::Edit(id)).await?;
    }
    tx.commit().await?;
    Ok(Written::Saved { id, left })
}

/// An edit that waits gives way only to whoever has it before them: it is `opened`, by its number, or it is named in
/// `errors`. Returns the one that waits now where the form was opened with another.
fn overtaken(waiting: Option<&Edit>, opened: &str, asked: &Asked<'_>, errors: &mut Errors) -> Option<String> {
    let time = |edit: &Edit| when(edit.effective_at, asked.site).text;
    // A form that was opened with an edit stays the form of one.
    let none = if opened.is_empty() { "" } else { "none" };
    let present = waiting.map_or_else(|| none.to_owned(), |edit| edit.id.to_string());
    if opened == present {
        return None;
    }
    let why = match waiting {
        Some(edit) if opened.is_empty() => {
            if asked.action == Action::Schedule {
                let at = time(edit);
                let why =
                    format!("An edit waits for {at} already. Open it to change it, or give it up first.");
                errors.add("effective_at", why);
            }
            return None;
        }
        Some(edit) => format!(
            "{} has changed this edit since you opened it; theirs takes effect {}. What you typed is still here. Look \
             at theirs below, or press again to have yours in its place.",
            edit.author,
            time(edit)
        ),
        None => "The edit that you opened waits no longer. What you typed is still here: press again to have it all \
                 the same."
            .to_owned(),
    };
    errors.add("effective_at", why);
    Some(present)
}

/// Whether a section's requirements are asked for. What is out already may be mended as it is, but goes nowhere where
/// more is asked.
fn is_judged(asked: &Asked<'_>, checked: &Fields) -> bool {
    match asked.action {
        Action::Publish | Action::Schedule => true,
        Action::Save => asked.stored.is_some_and(|article| {
            article.state == State::Published && article.section_id != checked.section_id
        }),
        _ => false,
    }
}

/// What was changed in the form and is no part of an edit that waits.
async fn left_out(
    db: &mut PgConnection,
    sent: &Sent<'_>,
    stored: &Article,
    checked: &Fields,
) -> sqlx::Result<Vec<&'static str>> {
    let is_moved = checked.publish_at.is_some() && checked.publish_at != stored.publish_at;
    let changed = [
        (is_moved, "the time of publication"),
        (checked.withdrawn_note != stored.withdrawn_note, "the note after a withdrawal"),
        (sent.typed.discussion.is_change(&mut *db, stored.id).await?, "how comments are taken"),
        (sent.typed.work.is_change(db, stored.id).await?, "the kind of work"),
    ];
    Ok(changed.into_iter().filter_map(|(is_changed, what)| is_changed.then_some(what)).collect())
}

/// Two articles that name each other, or new tags in another order, saved at the same moment: Postgres ends one of
/// the two transactions, as a deadlock (40P01) or because it waited too long (55P03), and it only has to be done
/// again. So it is with a tag that was merged into another at this moment: its name leads to the other then.
fn is_contended(cause: &sqlx::Error) -> bool {
    let Some(cause) = cause.as_database_error() else { return false };
    matches!(cause.code().as_deref(), Some("40P01" | "55P03"))
        || cause.constraint() == Some("article_tags_tag_id_fkey")
}

/// What was done, and what follows from it. `was_plan`: it had a time that had not come.
pub async fn said(app: &App, id: ArticleId, action: Action, was_plan: bool, left: &[&str]) -> Result<String> {
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
        Action::Save if was_plan && saved.state == State::Draft => {
            "Saved. It has no time any more, so it is a draft again and goes out when you publish it."
                .to_owned()
        }
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
    if !left.is_empty() {
        said = format!("{said} Left as it was, because it is no part of an edit: {}.", left.join(", "));
    }
    Ok(said)
}
