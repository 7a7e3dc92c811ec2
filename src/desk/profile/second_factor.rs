//! Setting up the second factor: a square code for the app, a first code from it, and ten recovery codes that are
//! shown once.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::accounts::session::{Need, Session};
use crate::accounts::{User, second_factor, session, totp};
use crate::desk::{Acting, Frame, notices};
use crate::news::audit;
use crate::paths;
use crate::web::qr::{self, Square};
use crate::web::{App, Author, Entered, Error, Errors, Flash, Form, Fresh, Page, Result, cookie};

#[derive(Template)]
#[template(path = "desk/second_factor.html")]
struct Enrolment {
    frame: Frame,
    errors: Errors,
    square: Option<Square>,
    /// In groups of four, for typing.
    secret: String,
    /// The site asks it of this role.
    is_needed: bool,
}

#[derive(Template)]
#[template(path = "desk/recovery_codes.html")]
struct RecoveryCodes {
    frame: Frame,
    codes: Vec<String>,
    is_new: bool,
}

/// GET: the code to be scanned; the same until it is confirmed.
pub async fn new(State(app): State<App>, Fresh(Entered(session)): Fresh<Entered>) -> Result<Response> {
    form(&app, &session, Errors::default()).await
}

async fn form(app: &App, session: &Session, errors: Errors) -> Result<Response> {
    let user = &session.user;
    let mut tx = app.db.begin().await?;
    let Some(secret) = second_factor::begin(&mut tx, &app.factor_key, user.id).await? else {
        return Ok(Flash::new(app, "You have a second factor already.").to(paths::people::PROFILE));
    };
    tx.commit().await?;
    let letters = totp::base32(&secret);
    let groups: Vec<_> = letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    let is_wrong = !errors.is_empty();
    let page = Page::new(&Enrolment {
        frame: Frame::new(app, user, "Set up your second factor"),
        errors,
        square: qr::square(&totp::uri(&app.site.name, &user.email, &secret)),
        secret: groups.join(" "),
        is_needed: session.need == Some(Need::SecondFactor),
    });
    Ok(if is_wrong { page.unprocessable() } else { page }.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    code: String,
}

/// POST: the app shows the right code, so it is on. Other sessions end: they came in with less.
pub async fn create(
    State(app): State<App>,
    by: Acting<Fresh<Entered>>,
    Entered(session): Entered,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let confirmed = second_factor::confirm(&mut tx, &app.factor_key, by.user.id, &typed.code).await?;
    let Some(codes) = confirmed else {
        drop(tx);
        let wrong =
            "This is not the code of now. Check the clock of the device, and type the one that it shows.";
        return form(&app, &session, Errors::from_iter([("code", wrong)])).await;
    };
    session::end_others(&mut *tx, by.user.id, session.id).await?;
    let token = session::renew(&mut tx, session.id).await?.ok_or_else(|| Error::Login(String::new()))?;
    audit::record(&mut tx, &by.actor, "set up the second factor of", "user", Some(by.user.id.0), json!({}))
        .await?;
    notices::tell(&app, &mut tx, &by.user.email, notices::About::FactorOn).await?;
    tx.commit().await?;
    let mut response = show(&app, &by.user, codes, true).into_response();
    let cookie = cookie::set_session(&app.site, token.as_str());
    response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}

fn show(app: &App, user: &User, codes: Vec<String>, is_new: bool) -> Page {
    Page::new(&RecoveryCodes { frame: Frame::new(app, user, "Your recovery codes"), codes, is_new })
}

/// POST: ten new recovery codes; the old ones open nothing any more.
pub async fn renew(State(app): State<App>, by: Acting<Fresh<Author>>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !second_factor::is_on(&mut *tx, by.user.id).await? {
        return Err(Error::NotFound);
    }
    let codes = second_factor::renew_recovery_codes(&mut tx, by.user.id).await?;
    audit::record(&mut tx, &by.actor, "renew the recovery codes of", "user", Some(by.user.id.0), json!({}))
        .await?;
    notices::tell(&app, &mut tx, &by.user.email, notices::About::RecoveryCodes).await?;
    tx.commit().await?;
    Ok(show(&app, &by.user, codes, false).into_response())
}

/// POST: off again. Where the site asks for one, setting up the next comes right after.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Fresh<Author>>,
    Entered(session): Entered,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !second_factor::remove(&mut tx, by.user.id).await? {
        return Err(Error::NotFound);
    }
    session::end_others(&mut *tx, by.user.id, session.id).await?;
    audit::record(&mut tx, &by.actor, "take off the second factor of", "user", Some(by.user.id.0), json!({}))
        .await?;
    notices::tell(&app, &mut tx, &by.user.email, notices::About::FactorOff).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Your second factor is off.").to(paths::people::PROFILE))
}
