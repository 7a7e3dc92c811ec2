//! A new password for oneself: the old one is asked, every other session ends, this one goes on under a new token.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::accounts::session::{Need, Session};
use crate::accounts::{device, password, second_factor, session, user};
use crate::desk::confirm::{self, Checked};
use crate::desk::login::set_cookies;
use crate::desk::{Acting, Frame, notices};
use crate::news::audit;
use crate::paths;
use crate::web::error::retry_after_value;
use crate::web::{App, Client, Entered, Error, Errors, Flash, Form, Page, Result, cookie};

#[derive(Template)]
#[template(path = "desk/password.html")]
struct PasswordForm {
    frame: Frame,
    errors: Errors,
    min_chars: usize,
    /// The old one was long enough only beside a second factor.
    is_needed: bool,
}

/// GET: the form.
pub async fn edit(State(app): State<App>, Entered(session): Entered) -> Result<Page> {
    form(&app, &session, Errors::default()).await
}

async fn form(app: &App, session: &Session, errors: Errors) -> Result<Page> {
    let has_second = second_factor::is_on(&app.db, session.user.id).await?;
    Ok(Page::new(&PasswordForm {
        frame: Frame::new(app, &session.user, "Change your password"),
        errors,
        min_chars: password::min_chars(has_second),
        is_needed: session.need == Some(Need::LongerPassword),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    current: String,
    password: String,
}

/// POST: 303 to the profile; 422 with what is wrong, and then nobody's session has ended.
pub async fn update(
    State(app): State<App>,
    by: Acting<Entered>,
    Entered(session): Entered,
    client: Client,
    headers: HeaderMap,
    Form(changed): Form<Changed>,
) -> Result<Response> {
    let mut errors = Errors::default();
    let has_second = second_factor::is_on(&app.db, by.user.id).await?;
    let known = [app.site.name.as_str(), &by.user.email, &by.user.name];
    if let Err(weak) = password::check_of(password::min_chars(has_second), &changed.password, &known) {
        errors.add("password", weak.to_string());
    }
    if !errors.is_empty() {
        return Ok(form(&app, &session, errors).await?.unprocessable().into_response());
    }
    match confirm::check(&app, &headers, client, &by.user, &changed.current).await? {
        Checked::Right => {}
        Checked::Wrong => {
            errors.add("current", "This is not your password.");
            return Ok(form(&app, &session, errors).await?.unprocessable().into_response());
        }
        Checked::Wait(wait) => {
            errors.add("current", "Too many attempts. Please wait before you try again.");
            let page = form(&app, &session, errors).await?.status(StatusCode::TOO_MANY_REQUESTS);
            return Ok(([(header::RETRY_AFTER, retry_after_value(wait))], page).into_response());
        }
    }
    let hash = app.hasher.hash(&changed.password).await?;
    let mut tx = app.db.begin().await?;
    user::set_password(&mut tx, by.user.id, &hash, password::is_short(&changed.password)).await?;
    session::end_others(&mut *tx, by.user.id, session.id).await?;
    let device = device::forget_others(&mut tx, by.user.id).await?;
    let token = session::renew(&mut tx, session.id).await?.ok_or_else(|| Error::Login(String::new()))?;
    audit::record(&mut tx, &by.actor, "change the password of", "user", Some(by.user.id.0), json!({}))
        .await?;
    notices::tell(&app, &mut tx, &by.user.email, notices::About::Password).await?;
    tx.commit().await?;
    let done = "Your password is changed. Wherever else you were logged in, you are not any more.";
    let mut response = Flash::new(&app, done).to(paths::people::PROFILE);
    let site = &app.site;
    let cookies = [cookie::set_session(site, token.as_str()), cookie::set_device(site, &device)];
    set_cookies(&mut response, cookies);
    Ok(response)
}
