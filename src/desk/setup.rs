//! The first administrator, by a one-time link. Gone as soon as there is one.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::acting::Knocking;
use super::{Frame, login};
use crate::accounts::setup::RedeemError;
use crate::accounts::user::CreateError;
use crate::accounts::{Role, password, session, setup, user};
use crate::news::audit;
use crate::paths;
use crate::web::{App, Error, Errors, Form, Page, Query, Result, browser, cookie};

#[derive(Template)]
#[template(path = "desk/setup.html")]
struct SetupForm {
    frame: Frame,
    action: &'static str,
    form: Setup,
    errors: Errors,
    min_chars: usize,
}

#[derive(Template)]
#[template(path = "desk/setup_invalid.html")]
struct SetupInvalid {
    frame: Frame,
}

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// GET: looking at the form uses nothing up.
pub async fn new(State(app): State<App>, Query(link): Query<Link>) -> Result<Response> {
    if let Some(refused) = refused(&app, &link.token).await? {
        return Ok(refused);
    }
    Ok(form(&app, Setup { token: link.token, ..Setup::default() }, Errors::default()).into_response())
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    token: String,
    name: String,
    email: String,
    password: String,
}

/// POST: 303 to the desk, logged in; or 422 with what is wrong.
pub async fn create(
    State(app): State<App>,
    knocking: Knocking,
    headers: HeaderMap,
    Form(setup): Form<Setup>,
) -> Result<Response> {
    if let Some(refused) = refused(&app, &setup.token).await? {
        return Ok(refused);
    }
    let mut errors = check(&app, &setup);
    if !errors.is_empty() {
        return Ok(form(&app, setup, errors).unprocessable().into_response());
    }
    let hash = app.hasher.hash(&setup.password).await?;
    let mut tx = app.db.begin().await?;
    match setup::redeem(&mut tx, &setup.token, &setup.email, &setup.name, &hash).await {
        Ok(admin) => {
            let token = session::create_in(&mut tx, admin, &browser::family(&headers)).await?;
            user::logged_in(&mut tx, admin).await?;
            let detail =
                json!({ "name": setup.name.trim(), "role": Role::Admin.as_str(), "by": "set-up link" });
            let actor = knocking.stranger();
            audit::record(&mut tx, &actor, "create", "user", Some(admin.0), detail).await?;
            tx.commit().await?;
            Ok(login::welcome(cookie::set_session(&app.site, token.as_str()), paths::desk::HOME))
        }
        Err(RedeemError::Invalid) => Ok(invalid(&app)),
        Err(RedeemError::Create(taken @ CreateError::EmailTaken)) => {
            errors.add("email", taken.to_string());
            Ok(form(&app, setup, errors).unprocessable().into_response())
        }
        Err(RedeemError::Create(CreateError::Database(cause)) | RedeemError::Database(cause)) => {
            Err(cause.into())
        }
    }
}

/// 404 once the site has an administrator, 403 for a link that opens nothing.
async fn refused(app: &App, token: &str) -> Result<Option<Response>> {
    if user::any_admin(&app.db).await? {
        return Err(Error::NotFound);
    }
    let is_valid = setup::is_valid(&app.db, token).await?;
    Ok((!is_valid).then(|| invalid(app)))
}

fn invalid(app: &App) -> Response {
    let frame = Frame::stranger(app, "Set-up link");
    Page::new(&SetupInvalid { frame }).status(StatusCode::FORBIDDEN).into_response()
}

fn check(app: &App, setup: &Setup) -> Errors {
    let mut errors: Errors = user::check(&setup.email, &setup.name).into_iter().collect();
    if let Err(weak) = password::check(&setup.password, &[&app.site.name, &setup.email, &setup.name]) {
        errors.add("password", weak.to_string());
    }
    errors
}

fn form(app: &App, form: Setup, errors: Errors) -> Page {
    let frame = Frame::stranger(app, "Set up the site");
    Page::new(&SetupForm { frame, action: paths::desk::SETUP, form, errors, min_chars: password::MIN_CHARS })
}
