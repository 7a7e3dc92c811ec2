//! One message for the screen after a redirect, in a cookie that lives for a minute and is cleared when shown.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use url::form_urlencoded;

use super::cookie::{self, SameSite};
use super::{App, Site};
use crate::paths;

const NAME: &str = "notice";
const SECONDS: u32 = 60;
/// A sentence; cookies are small.
const MAX_CHARS: usize = 300;

/// A redirect that brings a message along: `Flash::new(&app, "Saved.").to(path)`.
#[must_use]
pub struct Flash(Option<HeaderValue>);

impl Flash {
    pub fn new(app: &App, message: &str) -> Self {
        Self(set(&app.site, message))
    }

    /// 303, so that the browser asks with GET.
    pub fn to(self, path: &str) -> Response {
        let mut response = Redirect::to(path).into_response();
        if let Some(cookie) = self.0 {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// The message that came along, if any; for the desk's frame. Text, to be escaped like all text.
pub struct Notice(pub Option<String>);

impl FromRequestParts<App> for Notice {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(cookie::value(&app.site, NAME, &parts.headers).and_then(decode)))
    }
}

/// The middleware of the desk: a page that was shown has shown the message.
pub async fn clear_shown(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_screen = request.method() == Method::GET && request.uri().path().starts_with(paths::desk::HOME);
    let brought = is_screen && cookie::value(&app.site, NAME, request.headers()).is_some();
    let mut response = next.run(request).await;
    // What a script fetches beside the page shows nothing.
    let kind = response.headers().get(header::CONTENT_TYPE);
    if brought && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        let cleared = cookie::set(&app.site, NAME, "", SameSite::Strict, 0);
        response.headers_mut().extend(cleared.map(|cookie| (header::SET_COOKIE, cookie)));
    }
    response
}

fn set(site: &Site, message: &str) -> Option<HeaderValue> {
    let short: String = message.chars().take(MAX_CHARS).collect();
    let value: String = form_urlencoded::byte_serialize(short.as_bytes()).collect();
    cookie::set(site, NAME, &value, SameSite::Strict, SECONDS)
}

fn decode(value: &str) -> Option<String> {
    let (message, _) = form_urlencoded::parse(value.as_bytes()).next()?;
    Some(message.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_as_it_was() {
        let site = Site::new("X", "https://a.example", chrono_tz::Tz::UTC, crate::text::Language::default());
        let cookie = set(&site, "Saved; \"Été & co\" = 100 %").unwrap();
        let text = cookie.to_str().unwrap();
        let value = text.strip_prefix("__Host-notice=").unwrap().split(';').next().unwrap();
        assert_eq!(decode(value).unwrap(), "Saved; \"Été & co\" = 100 %");
    }
}
