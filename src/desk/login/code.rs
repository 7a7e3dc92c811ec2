//! The login, second step: a code of the app, or a recovery code. Which login it belongs to is told by a cookie that
//! the first step set in this browser.

use askama::Template;
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::admission::{Admission, set_cookies};
use super::kept::Kept;
use super::sent::{self, Fields};
use super::{Login, Way};
use crate::accounts::second_factor::{self, Proof};
use crate::accounts::{challenge, user};
use crate::desk::Frame;
use crate::desk::acting::Knocking;
use crate::news::audit;
use crate::paths;
use crate::web::{App, Flash, Form, Page, Query, Result, cookie, next};

const OVER: &str = "That took too long, or too many codes were wrong. Please begin again.";

#[derive(Template)]
#[template(path = "desk/login_code.html")]
struct CodeForm<'a> {
    frame: Frame,
    next: &'a str,
    error: &'a str,
    kept: Option<&'a Kept>,
    minutes: i32,
}

pub(super) fn form(app: &App, next: &str, kept: Option<&Kept>, error: &str) -> Page {
    let frame = Frame::stranger(app, "Second step");
    Page::new(&CodeForm { frame, next, error, kept, minutes: challenge::MINUTES })
}

/// The form that leads on to `wanted`.
pub(super) fn path(wanted: &str) -> String {
    paths::query(paths::people::SECOND_STEP, &[("next", next::safe(wanted).unwrap_or_default())])
}

/// GET: the form, for whoever has passed the first step in this browser.
pub async fn new(State(app): State<App>, Query(way): Query<Way>, headers: HeaderMap) -> Result<Response> {
    let is_open = match cookie::step(&app.site, &headers) {
        Some(token) => challenge::is_open(&app.db, token).await?,
        None => false,
    };
    if is_open { Ok(form(&app, &way.next, None, "").into_response()) } else { Ok(begin_again(&app)) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    code: String,
    #[serde(default)]
    next: String,
}

/// POST: 303 to the desk, or 422 with the form; after the fifth wrong code the login begins anew.
pub async fn create(
    State(app): State<App>,
    knocking: Knocking,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    let (code, next, kept) = read(&app, request).await?;
    let token = cookie::step(&app.site, &headers).unwrap_or_default();
    let Some(challenge) = challenge::take_try(&app.db, token).await? else {
        return Ok(over(&app, next, kept));
    };
    let mut tx = app.db.begin().await?;
    let is_open = user::hold(&mut tx, challenge.user).await?.is_some();
    if let Some(proof) = second_factor::verify(&mut tx, &app.factor_key, challenge.user, &code).await? {
        if !challenge::end(&mut *tx, token).await? || !is_open {
            return Ok(over(&app, next, kept));
        }
        if proof == Proof::RecoveryCode
            && let Some(user) = user::by_id(&mut *tx, challenge.user).await?
        {
            let actor = Knocking::clone(&knocking).named(&user);
            audit::record(&mut tx, &actor, "use a recovery code of", "user", Some(user.id.0), json!({}))
                .await?;
        }
        let admission = Admission::new(&app, &headers, knocking);
        let mut response =
            admission.admit(tx, challenge.user, challenge.attempt(), &next, kept.as_ref()).await?;
        set_cookies(&mut response, [cookie::clear_step(&app.site)]);
        return Ok(response);
    }
    let actor = knocking.stranger();
    let id = Some(challenge.user.0);
    audit::record(&mut tx, &actor, "fail the second step of", "user", id, json!({})).await?;
    tx.commit().await?;
    Ok(match challenge.tries_left {
        0 => over(&app, next, kept),
        left => form(&app, &next, kept.as_ref(), &wrong(left)).unprocessable().into_response(),
    })
}

fn wrong(left: i32) -> String {
    let tries = if left == 1 { "one try is".to_owned() } else { format!("{left} tries are") };
    format!("This code is not right, or was used already; {tries} left.")
}

async fn read(app: &App, request: Request) -> Result<(String, String, Option<Kept>)> {
    match sent::fields(app, request, &["code", "next", "kept"]).await? {
        Fields::Plain(request) => {
            let Form(Typed { code, next }) = Form::from_request(request, app).await?;
            Ok((code, next, None))
        }
        Fields::WithKept(upload) => {
            Ok((upload.text("code").to_owned(), upload.text("next").to_owned(), sent::kept(&upload)?))
        }
    }
}

/// The first form again, with whatever came along.
fn over(app: &App, next: String, kept: Option<Kept>) -> Response {
    let login = Login { next, kept, ..Login::default() };
    let mut response = super::form(app, &login, OVER).unprocessable().into_response();
    set_cookies(&mut response, [cookie::clear_step(&app.site)]);
    response
}

fn begin_again(app: &App) -> Response {
    Flash::new(app, "Please log in first.").to(paths::desk::LOGIN)
}
