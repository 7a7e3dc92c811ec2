//! One's own account: who I am, how I come in, where I am logged in, and my page as an author.

mod author;
mod email;
mod password;
mod second_factor;
mod sessions;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::when::{When, when};
use super::{Acting, Frame, Routes};
use crate::accounts::session::{Session, SessionId};
use crate::accounts::user::{self, Profile};
use crate::accounts::{second_factor as factor, session};
use crate::news::{audit, author as authors};
use crate::paths;
use crate::text::{Language, names};
use crate::web::{App, Author, Entered, Error, Errors, Flash, Form, Notice, Page, Result};

pub fn routes() -> Routes {
    vec![
        (paths::people::PROFILE, get(show).post(update)),
        (paths::people::PROFILE_EMAIL, post(email::update)),
        (paths::people::PROFILE_PASSWORD, get(password::edit).post(password::update)),
        (paths::people::SECOND_FACTOR, get(second_factor::new).post(second_factor::create)),
        (paths::people::SECOND_FACTOR_REMOVE, post(second_factor::delete)),
        (paths::people::RECOVERY_CODES, post(second_factor::renew)),
        (paths::people::SESSIONS, post(sessions::delete_others)),
        ("/desk/profile/sessions/{id}/end", post(sessions::delete)),
        (paths::people::PROFILE_AUTHOR, get(author::edit).post(author::update)),
    ]
}

#[derive(Template)]
#[template(path = "desk/profile.html")]
struct Show {
    frame: Frame,
    profile: Profile,
    errors: Errors,
    has_second_factor: bool,
    codes_left: i64,
    sessions: Vec<Row>,
    author: Option<authors::Author>,
}

/// A browser that is logged in.
struct Row {
    id: SessionId,
    browser: String,
    created: When,
    seen: When,
    is_current: bool,
}

/// GET: everything about oneself.
pub async fn show(
    State(app): State<App>,
    _guard: Author,
    Entered(session): Entered,
    notice: Notice,
) -> Result<Page> {
    let mut view = view(&app, &session).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

async fn view(app: &App, session: &Session) -> Result<Show> {
    let id = session.user.id;
    let profile = user::profile(&app.db, id).await?.ok_or(Error::NotFound)?;
    let rows = session::open_of(&app.db, id).await?.into_iter().map(|open| Row {
        is_current: open.id == session.id,
        created: when(open.created_at, &app.site),
        seen: when(open.last_seen_at, &app.site),
        browser: if open.browser.is_empty() { "Unknown browser".to_owned() } else { open.browser },
        id: open.id,
    });
    Ok(Show {
        frame: Frame::new(app, &session.user, "Your account"),
        profile,
        errors: Errors::default(),
        has_second_factor: factor::is_on(&app.db, id).await?,
        codes_left: factor::recovery_codes_left(&app.db, id).await?,
        sessions: rows.collect(),
        author: authors::of_user(&app.db, id).await?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    name: String,
    languages: String,
}

/// POST: name and languages.
pub async fn update(
    State(app): State<App>,
    by: Acting<Author>,
    Entered(session): Entered,
    Form(changed): Form<Changed>,
) -> Result<Response> {
    let mut errors: Errors = user::check(&by.user.email, &changed.name)
        .into_iter()
        .filter(|(field, _)| *field == "name")
        .collect();
    let languages = names::tags(&changed.languages);
    if languages.iter().any(|one| Language::parse(one).is_err()) || changed.languages.chars().count() > 100 {
        errors.add("languages", "Write each language as a short tag, with commas between: en, fa, pt-BR.");
    }
    if !errors.is_empty() {
        let mut view = view(&app, &session).await?;
        (view.profile.name, view.profile.languages, view.errors) = (changed.name, changed.languages, errors);
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    let mut tx = app.db.begin().await?;
    let languages = languages.join(", ");
    user::describe(&mut tx, by.user.id, &changed.name, &languages).await?;
    let detail = json!({ "name": changed.name.trim(), "was": by.user.name, "languages": languages });
    audit::record(&mut tx, &by.actor, "describe", "user", Some(by.user.id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Your account is saved.").to(paths::people::PROFILE))
}
