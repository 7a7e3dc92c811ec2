//! "It is me": the password once more, before something that changes accounts. The session goes on under a new token.

use std::time::Duration;

use askama::Template;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use super::acting::Knocking;
use super::login::kept::Kept;
use super::login::sent::{self, Fields};
use super::{Frame, Routes, login};
use crate::accounts::throttle::{self, Verdict};
use crate::accounts::{User, session, user};
use crate::news::audit;
use crate::paths;
use crate::web::error::retry_after_value;
use crate::web::{App, Client, Entered, Error, Form, Page, Query, Result, cookie};

const WRONG: &str = "This is not your password.";
const WAIT: &str = "Too many attempts. Please wait before you try again.";

pub fn routes() -> Routes {
    vec![(paths::people::CONFIRM, get(new).post(create))]
}

#[derive(Template)]
#[template(path = "desk/confirm.html")]
struct ConfirmForm<'a> {
    frame: Frame,
    next: &'a str,
    error: &'a str,
    minutes: i32,
    /// A form that waits to be sent.
    kept: Option<&'a Kept>,
}

#[derive(Deserialize)]
pub struct Way {
    #[serde(default)]
    next: String,
}

/// GET: asks.
pub async fn new(State(app): State<App>, Entered(session): Entered, Query(way): Query<Way>) -> Page {
    form(&app, &session.user, &way.next, None, "")
}

/// Asks, with a form that was sent: it is shown again once the password is right.
pub fn keeping(app: &App, user: &User, kept: &Kept) -> Page {
    form(app, user, "", Some(kept), "").unprocessable()
}

fn form(app: &App, user: &User, next: &str, kept: Option<&Kept>, error: &str) -> Page {
    let frame = Frame::new(app, user, "Please confirm that it is you");
    Page::new(&ConfirmForm { frame, next, error, minutes: session::FRESH_MINUTES, kept })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    password: String,
    #[serde(default)]
    next: String,
}

async fn read(app: &App, request: Request) -> Result<(Typed, Option<Kept>)> {
    match sent::fields(app, request, &["password", "next", "kept"]).await? {
        Fields::Plain(request) => Ok((Form::<Typed>::from_request(request, app).await?.0, None)),
        Fields::WithKept(upload) => {
            let text = |name: &str| upload.text(name).to_owned();
            let typed = Typed { password: text("password"), next: text("next") };
            Ok((typed, sent::kept(&upload)?))
        }
    }
}

/// POST: 303 back to the page from which one came, or the form that was kept, to be sent.
pub async fn create(
    State(app): State<App>,
    Entered(session): Entered,
    client: Client,
    knocking: Knocking,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    let (typed, kept) = read(&app, request).await?;
    let (user, kept) = (&session.user, kept.as_ref());
    match check(&app, &headers, client, user, &typed.password).await? {
        Checked::Right => {
            let mut db = app.db.acquire().await?;
            let token = session::renew(&mut db, session.id).await?;
            let token = token.ok_or_else(|| Error::Login(typed.next.clone()))?;
            let cookie = cookie::set_session(&app.site, token.as_str());
            let Some(kept) = kept else {
                return Ok(login::welcome(cookie, login::destination(&typed.next)));
            };
            let mut response = login::kept::show(&app, &session, kept).into_response();
            login::set_cookies(&mut response, [cookie]);
            Ok(response)
        }
        Checked::Wrong => {
            let mut db = app.db.acquire().await?;
            let actor = knocking.named(user);
            audit::record(&mut db, &actor, "fail to confirm", "user", Some(user.id.0), json!({})).await?;
            Ok(form(&app, user, &typed.next, kept, WRONG).unprocessable().into_response())
        }
        Checked::Wait(wait) => {
            let page = form(&app, user, &typed.next, kept, WAIT).status(StatusCode::TOO_MANY_REQUESTS);
            Ok(([(header::RETRY_AFTER, retry_after_value(wait))], page).into_response())
        }
    }
}

pub enum Checked {
    Right,
    Wrong,
    Wait(Duration),
}

/// Whether this is the password of somebody who is logged in; guessing is slowed as at the login.
pub async fn check(
    app: &App,
    headers: &HeaderMap,
    client: Client,
    user: &User,
    typed: &str,
) -> Result<Checked> {
    let origin = login::origin(app, headers, &user.email, client).await?;
    let attempt = match throttle::begin(&app.db, &app.network_key, &user.email, origin).await? {
        Verdict::Proceed(attempt) => attempt,
        Verdict::Wait(wait) => return Ok(Checked::Wait(wait)),
    };
    tokio::time::sleep(attempt.delay).await;
    let stored = user::password_hash(&app.db, user.id).await?;
    match app.hasher.verify(typed, stored.as_deref()).await {
        Ok(true) => {
            let mut tx = app.db.begin().await?;
            attempt.forgive(&mut tx).await?;
            tx.commit().await?;
            Ok(Checked::Right)
        }
        Ok(false) => Ok(Checked::Wrong),
        Err(busy) => {
            attempt.cancel(&app.db).await?;
            Err(busy.into())
        }
    }
}
