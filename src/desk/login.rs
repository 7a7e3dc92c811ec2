//! The login form. Unknown address and wrong password are answered alike, in words and in time.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;

use super::Frame;
use super::acting::Knocking;
use crate::accounts::throttle::{self, Attempt, Verdict};
use crate::accounts::{UserId, password, session, user};
use crate::news::audit;
use crate::paths;
use crate::web::error::retry_after_value;
use crate::web::{App, Client, Form, MaybeViewer, Page, Query, Result, cookie, next};

const WRONG: &str = "This e-mail address and password do not belong together.";
const WAIT: &str = "Too many attempts. Please wait before you try again.";

#[derive(Template)]
#[template(path = "desk/login.html")]
struct LoginForm {
    frame: Frame,
    action: &'static str,
    email: String,
    next: String,
    error: &'static str,
}

#[derive(Deserialize)]
pub struct Way {
    #[serde(default)]
    next: String,
}

/// GET: the form; whoever is logged in already goes on.
pub async fn new(
    State(app): State<App>,
    MaybeViewer(viewer): MaybeViewer,
    Query(way): Query<Way>,
) -> Response {
    match viewer {
        Some(_) => Redirect::to(destination(&way.next)).into_response(),
        None => form(&app, String::new(), way.next, "").into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// POST: 303 to the desk, 422 with the form, or 429.
pub async fn create(
    State(app): State<App>,
    client: Client,
    knocking: Knocking,
    headers: HeaderMap,
    Form(login): Form<Login>,
) -> Result<Response> {
    let attempt = match throttle::begin(&app.db, &app.network_key, &login.email, client.network).await? {
        Verdict::Proceed(attempt) => attempt,
        Verdict::Wait(wait) => {
            let page = form(&app, login.email, login.next, WAIT).status(StatusCode::TOO_MANY_REQUESTS);
            return Ok(([(header::RETRY_AFTER, retry_after_value(wait))], page).into_response());
        }
    };
    let account = user::credentials(&app.db, &login.email).await?;
    let stored = account.as_ref().map(|(_, hash)| hash.as_str());
    let is_right = match app.hasher.verify(&login.password, stored).await {
        Ok(is_right) => is_right,
        Err(busy) => {
            attempt.cancel(&app.db).await?;
            return Err(busy.into());
        }
    };
    match account {
        Some((user, hash)) if is_right => {
            refresh(&app, user, &hash, &login.password).await?;
            let old = cookie::session(&app.site, &headers);
            let cookie = admit(&app, user, attempt, old, knocking).await?;
            Ok(welcome(cookie, destination(&login.next)))
        }
        account => {
            turned_away(&app, account.map(|(user, _)| user), knocking).await?;
            Ok(form(&app, login.email, login.next, WRONG).unprocessable().into_response())
        }
    }
}

/// Says which account was tried, never what was typed: people type their password into the wrong field.
async fn turned_away(app: &App, user: Option<UserId>, knocking: Knocking) -> Result<()> {
    let mut db = app.db.acquire().await?;
    let id = user.map(|user| user.0);
    audit::record(&mut db, &knocking.stranger(), "fail to log in", "user", id, json!({})).await?;
    Ok(())
}

/// A hash that is too cheap by now is replaced; when the hasher is busy, at a later login.
async fn refresh(app: &App, user: UserId, stored: &str, password: &str) -> Result<()> {
    if password::is_outdated(stored)
        && let Ok(fresh) = app.hasher.hash(password).await
    {
        let mut db = app.db.acquire().await?;
        user::rehash(&mut db, user, &fresh).await?;
    }
    Ok(())
}

/// A fresh session; the one the browser came with, if any, is over.
async fn admit(
    app: &App,
    user: UserId,
    attempt: Attempt,
    old: Option<&str>,
    knocking: Knocking,
) -> Result<Option<HeaderValue>> {
    let mut tx = app.db.begin().await?;
    attempt.forgive(&mut tx).await?;
    if let Some(old) = old {
        session::end(&mut *tx, old).await?;
    }
    let token = session::create(&mut tx, user).await?;
    user::logged_in(&mut tx, user).await?;
    if let Some(known) = user::by_id(&mut *tx, user).await? {
        audit::record(&mut tx, &knocking.named(&known), "log in", "user", Some(user.0), json!({})).await?;
    }
    tx.commit().await?;
    Ok(cookie::set_session(&app.site, token.as_str()))
}

/// The redirect into the desk with the session's cookie.
pub(super) fn welcome(cookie: Option<HeaderValue>, path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    response
}

fn destination(wanted: &str) -> &str {
    next::safe(wanted).unwrap_or(paths::desk::ARTICLES)
}

fn form(app: &App, email: String, next: String, error: &'static str) -> Page {
    let frame = Frame::stranger(app, "Log in");
    Page::new(&LoginForm { frame, action: paths::desk::LOGIN, email, next, error })
}
