//! Who is asking, as extractors: a handler that takes `Editor(user)` cannot be reached by less.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::{App, Error, Site, cookie, next};
use crate::accounts::session::{Need, Session};
use crate::accounts::{Role, User, session};
use crate::paths;

/// At least an author.
pub struct Author(pub User);
/// At least an editor.
pub struct Editor(pub User);
pub struct Admin(pub User);
/// Anybody who is logged in, even if their account lacks something: for the screens on which that is mended.
pub struct Entered(pub Session);
/// The guard inside, and a password typed within the last minutes: for what changes accounts.
pub struct Fresh<G>(pub G);
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

impl FromRequestParts<App> for Entered {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let session = session(parts, app).await?;
        session.map(Self).ok_or_else(|| Error::Login(way_back(parts, &app.site)))
    }
}

impl<G: FromRequestParts<App, Rejection = Error> + Send> FromRequestParts<App> for Fresh<G> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let guard = G::from_request_parts(parts, app).await?;
        let session = session(parts, app).await?;
        if session.is_some_and(|session| session.is_fresh) {
            Ok(Self(guard))
        } else {
            Err(Error::First(paths::people::confirm(&way_back(parts, &app.site))))
        }
    }
}

impl FromRequestParts<App> for MaybeViewer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let session = session(parts, app).await.unwrap_or_default();
        Ok(Self(session.filter(|session| session.need.is_none()).map(|session| session.user)))
    }
}

async fn at_least(role: Role, parts: &mut Parts, app: &App) -> Result<User, Error> {
    let session = session(parts, app).await?.ok_or_else(|| Error::Login(way_back(parts, &app.site)))?;
    match session.need {
        Some(need) => Err(Error::First(mended_at(need).to_owned())),
        None if session.user.role >= role => Ok(session.user),
        None => Err(Error::Forbidden),
    }
}

/// The page on which an account gets what it lacks.
pub fn mended_at(need: Need) -> &'static str {
    match need {
        Need::SecondFactor => paths::people::SECOND_FACTOR,
        Need::LongerPassword => paths::people::PROFILE_PASSWORD,
    }
}

/// The session of this request; looked for once, however many guards ask.
#[derive(Clone)]
struct Found(Option<Session>);

/// For guards, and for what stands before them.
pub async fn session(parts: &mut Parts, app: &App) -> sqlx::Result<Option<Session>> {
    if let Some(Found(session)) = parts.extensions.get::<Found>() {
        return Ok(session.clone());
    }
    let session = match cookie::session(&app.site, &parts.headers) {
        Some(token) => session::by_token(&app.db, token).await?,
        None => None,
    };
    parts.extensions.insert(Found(session.clone()));
    Ok(session)
}

/// Where somebody goes on afterwards. A form that was sent cannot be sent again by a redirect: back to its page.
fn way_back(parts: &Parts, site: &Site) -> String {
    if parts.method == Method::GET || parts.method == Method::HEAD {
        return parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    page_of(site, &parts.headers).unwrap_or(paths::desk::HOME).to_owned()
}

/// The page of ours that a form stood on, as far as the browser says it.
pub fn page_of<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a str> {
    let referrer = headers.get(header::REFERER)?.to_str().ok()?;
    next::safe(referrer.strip_prefix(&site.base_url)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_form_is_one_of_ours() {
        let site = Site::new("X", "https://a.example", chrono_tz::Tz::UTC, crate::text::Language::default());
        let page = |referrer: &'static str| {
            let headers =
                HeaderMap::from_iter([(header::REFERER, header::HeaderValue::from_static(referrer))]);
            page_of(&site, &headers).map(str::to_owned)
        };
        assert_eq!(page("https://a.example/desk/users?x=1"), Some("/desk/users?x=1".to_owned()));
        for foreign in ["https://a.example.evil/desk", "https://b.example/", "https://a.example//e", ""] {
            assert_eq!(page(foreign), None, "{foreign}");
        }
    }
}
