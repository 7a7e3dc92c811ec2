//! A forgotten password: asking for a link by mail, and setting a new password with one. The answer never tells
//! whether there is an account; the second factor is asked afterwards like always.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use super::acting::Knocking;
use super::{Frame, Routes, notices};
use crate::accounts::{User, password, reset, second_factor, throttle, user};
use crate::news::audit;
use crate::paths;
use crate::queue::{self, Payload, Typed};
use crate::web::error::retry_after_value;
use crate::web::{App, Client, Errors, Flash, Form, Page, Query, Result};

const SENT: &str = "If there is an account with this address, a letter with a link is on its way.";
/// Without a mail server; where letters lie is no business of a stranger.
const UNSENT: &str = "This site sends no letters: no mail server is set. Ask an administrator for a link.";
const WAIT: &str = "Too many requests. Please wait before you try again.";

pub fn routes() -> Routes {
    vec![(paths::people::FORGOTTEN, get(new).post(create)), (paths::people::RESET, get(edit).post(update))]
}

#[derive(Template)]
#[template(path = "desk/forgotten.html")]
struct AskForm<'a> {
    frame: Frame,
    email: &'a str,
    errors: Errors,
}

/// GET: the form.
pub async fn new(State(app): State<App>) -> Page {
    ask(&app, "", Errors::default())
}

fn ask(app: &App, email: &str, errors: Errors) -> Page {
    Page::new(&AskForm { frame: Frame::stranger(app, "Forgotten your password?"), email, errors })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    email: String,
}

/// POST: the same answer for every address, known or not; whether it is known is found out by a job.
pub async fn create(State(app): State<App>, client: Client, Form(asked): Form<Asked>) -> Result<Response> {
    let wrong = user::check(&asked.email, "x");
    if !wrong.is_empty() {
        return Ok(ask(&app, &asked.email, wrong.into_iter().collect()).unprocessable().into_response());
    }
    let network = (client.network, client.network_before);
    if let Err(wait) = reset::request(&app.db, &app.network_key, &asked.email, network).await? {
        let page = ask(&app, &asked.email, Errors::from_iter([("email", WAIT)]));
        let page = page.status(StatusCode::TOO_MANY_REQUESTS);
        return Ok(([(header::RETRY_AFTER, retry_after_value(wait))], page).into_response());
    }
    let mut tx = app.db.begin().await?;
    let email = Typed(asked.email.trim().to_owned());
    queue::enqueue(&mut tx, &Payload::MailReset { email }).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, if app.post.folder().is_some() { UNSENT } else { SENT }).to(paths::desk::LOGIN))
}

#[derive(Template)]
#[template(path = "desk/reset.html")]
struct ResetForm<'a> {
    frame: Frame,
    token: &'a str,
    email: String,
    errors: Errors,
    min_chars: usize,
}

#[derive(Template)]
#[template(path = "desk/link_over.html")]
struct Over {
    frame: Frame,
}

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// GET: the form; looking uses nothing up, for mail programs follow links.
pub async fn edit(State(app): State<App>, Query(link): Query<Link>) -> Result<Response> {
    match reset::owner(&app.db, &link.token).await? {
        Some(user) => Ok(form(&app, &user, &link.token, Errors::default()).await?.into_response()),
        None => Ok(over(&app)),
    }
}

async fn form(app: &App, user: &User, token: &str, errors: Errors) -> Result<Page> {
    let has_second = second_factor::is_on(&app.db, user.id).await?;
    Ok(Page::new(&ResetForm {
        frame: Frame::stranger(app, "Set a new password"),
        token,
        email: user.email.clone(),
        errors,
        min_chars: password::min_chars(has_second),
    }))
}

/// 410: it was a link once, or never; both are answered alike.
pub(super) fn over(app: &App) -> Response {
    Page::new(&Over { frame: Frame::stranger(app, "This link is over") })
        .status(StatusCode::GONE)
        .into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    token: String,
    password: String,
}

/// POST: sets it and uses the link up; every session ends. The login follows, with the second factor where there is
/// one.
pub async fn update(
    State(app): State<App>,
    knocking: Knocking,
    Form(changed): Form<Changed>,
) -> Result<Response> {
    let Some(user) = reset::owner(&app.db, &changed.token).await? else { return Ok(over(&app)) };
    let has_second = second_factor::is_on(&app.db, user.id).await?;
    let known = [app.site.name.as_str(), &user.email, &user.name];
    if let Err(weak) = password::check_of(password::min_chars(has_second), &changed.password, &known) {
        let errors = Errors::from_iter([("password", weak.to_string())]);
        return Ok(form(&app, &user, &changed.token, errors).await?.unprocessable().into_response());
    }
    let hash = app.hasher.hash(&changed.password).await?;
    let mut tx = app.db.begin().await?;
    let is_short = password::is_short(&changed.password);
    if reset::redeem(&mut tx, &changed.token, &hash, is_short).await?.is_none() {
        return Ok(over(&app));
    }
    throttle::pardon(&mut tx, &app.network_key, &user.email).await?;
    let actor = knocking.named(&user);
    audit::record(&mut tx, &actor, "set a new password by link for", "user", Some(user.id.0), json!({}))
        .await?;
    notices::tell(&app, &mut tx, &user.email, notices::About::Password).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Your new password is set. Log in with it.").to(paths::desk::LOGIN))
}
