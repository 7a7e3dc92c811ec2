//! The login, first step: an address and a password. Unknown address and wrong password are answered alike, in words
//! and in time. Whoever has a second factor goes on to `code`; until then nothing is open to them.

mod admission;
pub mod code;
pub mod kept;
pub(super) mod sent;

pub(super) use admission::{Admission, set_cookies, welcome};

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;
use sqlx::{Postgres, Transaction};

use self::kept::Kept;
use self::sent::Sent;
use super::Frame;
use super::acting::Knocking;
use crate::accounts::throttle::{self, Attempt, Origin, Verdict};
use crate::accounts::{UserId, challenge, device, password, second_factor, user};
use crate::news::audit;
use crate::paths;
use crate::web::error::retry_after_value;
use crate::web::{App, Client, MaybeViewer, Notice, Page, Query, Result, cookie, next};

const WRONG: &str = "This e-mail address and password do not belong together.";
const WAIT: &str = "Too many attempts. Please wait before you try again.";

#[derive(Template)]
#[template(path = "desk/login.html")]
struct LoginForm<'a> {
    frame: Frame,
    email: &'a str,
    next: &'a str,
    error: &'a str,
    /// A form that waits to be sent.
    kept: Option<&'a Kept>,
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
    notice: Notice,
    Query(way): Query<Way>,
) -> Response {
    if viewer.is_some() {
        return Redirect::to(destination(&way.next)).into_response();
    }
    let frame = Frame::stranger(&app, "Log in").notice(notice);
    Page::new(&LoginForm { frame, email: "", next: &way.next, error: "", kept: None }).into_response()
}

/// What was typed, and what comes along.
#[derive(Default)]
pub struct Login {
    email: String,
    password: String,
    next: String,
    kept: Option<Kept>,
}

/// POST: 303 to the desk or to the second step, 422 with the form, or 429. A form that was kept is shown instead of
/// the desk.
pub async fn create(
    State(app): State<App>,
    client: Client,
    knocking: Knocking,
    headers: HeaderMap,
    Sent(login): Sent,
) -> Result<Response> {
    let origin = origin(&app, &headers, &login.email, client).await?;
    let attempt = match throttle::begin(&app.db, &app.network_key, &login.email, origin).await? {
        Verdict::Proceed(attempt) => attempt,
        Verdict::Wait(wait) => {
            let page = form(&app, &login, WAIT).status(StatusCode::TOO_MANY_REQUESTS);
            return Ok(([(header::RETRY_AFTER, retry_after_value(wait))], page).into_response());
        }
    };
    tokio::time::sleep(attempt.delay).await;
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
            let anew = anew(&app, &hash, &login.password).await;
            let mut tx = app.db.begin().await?;
            // Comparing takes its time: what was right when it began may be so no more.
            if user::hold(&mut tx, user).await?.as_ref() != Some(&hash) {
                drop(tx);
                return turned_away(&app, Some(user), knocking, &login).await;
            }
            if let Some(anew) = anew {
                user::rehash(&mut tx, user, &hash, &anew).await?;
            }
            if second_factor::is_on(&mut *tx, user).await? {
                return ask_for_code(&app, tx, user, &attempt, &login).await;
            }
            let admission = Admission::new(&app, &headers, knocking);
            admission.admit(tx, user, Some(attempt), &login.next, login.kept.as_ref()).await
        }
        account => turned_away(&app, account.map(|(user, _)| user), knocking, &login).await,
    }
}

/// A browser in which this account has logged in before counts for itself.
pub(super) async fn origin(app: &App, headers: &HeaderMap, email: &str, client: Client) -> Result<Origin> {
    let known = match cookie::device(&app.site, headers) {
        Some(token) => device::known(&app.db, token, email).await?,
        None => None,
    };
    Ok(known.map_or(Origin::Network(client.network, client.network_before), Origin::Device))
}

/// The password was right; its attempt stays counted until the code is right too.
async fn ask_for_code(
    app: &App,
    mut tx: Transaction<'_, Postgres>,
    user: UserId,
    attempt: &Attempt,
    login: &Login,
) -> Result<Response> {
    let token = challenge::create(&mut tx, user, attempt).await?;
    tx.commit().await?;
    let mut response = match &login.kept {
        Some(kept) => code::form(app, &login.next, Some(kept), "").into_response(),
        None => Redirect::to(&code::path(&login.next)).into_response(),
    };
    let cookie = cookie::set_step(&app.site, &token);
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

/// Says which account was tried, never what was typed: people type their password into the wrong field.
async fn turned_away(app: &App, user: Option<UserId>, knocking: Knocking, login: &Login) -> Result<Response> {
    let mut db = app.db.acquire().await?;
    let id = user.map(|user| user.0);
    audit::record(&mut db, &knocking.stranger(), "fail to log in", "user", id, json!({})).await?;
    Ok(form(app, login, WRONG).unprocessable().into_response())
}

/// What replaces a hash that is too cheap by now; when the hasher is busy, at a later login.
async fn anew(app: &App, stored: &str, password: &str) -> Option<String> {
    if password::is_outdated(stored) { app.hasher.hash(password).await.ok() } else { None }
}

pub(super) fn destination(wanted: &str) -> &str {
    next::safe(wanted).unwrap_or(paths::desk::HOME)
}

fn form(app: &App, login: &Login, error: &str) -> Page {
    let frame = Frame::stranger(app, "Log in");
    let (email, next, kept) = (&login.email, &login.next, login.kept.as_ref());
    Page::new(&LoginForm { frame, email, next, error, kept })
}

/// The form for somebody whose session ended while they wrote: what they sent is in it.
fn form_keeping(app: &App, kept: &Kept) -> Page {
    let frame = Frame::stranger(app, "Log in");
    Page::new(&LoginForm { frame, email: "", next: "", error: "", kept: Some(kept) }).unprocessable()
}
