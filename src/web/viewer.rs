//! Who is asking, as extractors: a handler that takes `Editor(user)` cannot be reached by less.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;

use super::{App, Error, cookie};
use crate::accounts::{Role, User, session};
use crate::paths;

/// At least an author.
pub struct Author(pub User);
/// At least an editor.
pub struct Editor(pub User);
pub struct Admin(pub User);
/// Whoever it is. A database that does not answer counts as nobody.
pub struct MaybeViewer(pub Option<User>);

impl FromRequestParts<App> for Author {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        at_least(Role::Author, parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Editor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        at_least(Role::Editor, parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        at_least(Role::Admin, parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for MaybeViewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(viewer(parts, app).await.unwrap_or_default()))
    }
}

async fn at_least(role: Role, parts: &Parts, app: &App) -> Result<User, Error> {
    let user = viewer(parts, app).await?.ok_or_else(|| Error::Login(way_back(parts)))?;
    if user.role >= role { Ok(user) } else { Err(Error::Forbidden) }
}

async fn viewer(parts: &Parts, app: &App) -> sqlx::Result<Option<User>> {
    match cookie::session(&app.site, &parts.headers) {
        Some(token) => session::user(&app.db, token).await,
        None => Ok(None),
    }
}

/// A form that was sent cannot be sent again by a redirect; its reader starts at the list.
fn way_back(parts: &Parts) -> String {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    if parts.method == Method::GET { path.to_owned() } else { paths::desk::ARTICLES.to_owned() }
}
