//! A form that was sent after its session had ended, when its account lacks something first, or when the password has to
//! be typed again. Nothing of it is done and nothing is stored: it travels inside
//! the login form, and is shown to whoever logs in, who sends it by pressing a button. So no text is lost without a
//! script either, and nobody acts in another's name without seeing what it is.
//!
//! What came from another site has been refused before it gets here (`server::layers`).

use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::accounts::session::Session;
use crate::desk::{Frame, confirm};
use crate::paths;
use crate::web::upload::UploadError;
use crate::web::{App, Error, Page, Result, Upload, UploadLimits, next, viewer};

const MIB: usize = 1024 * 1024;
/// What the largest form of the desk may hold. Files are read to their end and dropped.
const LIMITS: UploadLimits = UploadLimits { fields: 2 * MIB, file: 0, files: 0, body: 24 * MIB };
/// An urlencoded form, in which three bytes stand for one.
const PLAIN_BODY: usize = 6 * MIB;
/// Strangers whose forms are read at once, and how long each may take: they must not hold up the desk.
static PLACES: Semaphore = Semaphore::const_new(16);
const PATIENCE: Duration = Duration::from_mins(2);
/// As much of a field as is needed to know it again.
const SHOWN_CHARS: usize = 600;

/// The ways in: their forms need no session, and hold what must not be kept.
const DOORS: [&str; 8] = [
    paths::desk::LOGIN,
    paths::desk::LOGOUT,
    paths::desk::SETUP,
    paths::people::SECOND_STEP,
    paths::people::CONFIRM,
    paths::people::FORGOTTEN,
    paths::people::RESET,
    paths::people::INVITED,
];

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Where it was sent to: a path of the desk.
    pub path: String,
    /// As forms with files are sent.
    pub multipart: bool,
    /// Files were chosen; they have to be chosen again.
    pub files: bool,
    pub fields: Vec<(String, String)>,
}

impl Kept {
    /// For the hidden field of the login form.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Only what could have been kept here: one of the desk's own addresses.
    pub fn read(text: &str) -> Result<Self> {
        let refused = || Error::BadRequest("The field kept is not a form of the desk.".to_owned());
        let kept: Self = serde_json::from_str(text).map_err(|_| refused())?;
        let is_ours = next::safe(&kept.path).is_some_and(is_kept_from);
        if is_ours { Ok(kept) } else { Err(refused()) }
    }

    /// Name and beginning of each field that holds something, for its owner to know it again.
    fn shown(&self) -> Vec<(&str, String)> {
        self.fields
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| {
                let more = if value.chars().nth(SHOWN_CHARS).is_some() { " …" } else { "" };
                (name.as_str(), value.chars().take(SHOWN_CHARS).collect::<String>() + more)
            })
            .collect()
    }
}

/// Where an account gets what it lacks.
const MENDS: [&str; 2] = [paths::people::SECOND_FACTOR, paths::people::PROFILE_PASSWORD];

/// The forms that ask for the password again (`Fresh`): what is done to accounts, and to one's own.
fn asks_again(path: &str) -> bool {
    const OWN: [&str; 5] = [
        paths::api::desk::TOKENS,
        paths::people::PROFILE_EMAIL,
        paths::people::SECOND_FACTOR,
        paths::people::SECOND_FACTOR_REMOVE,
        paths::people::RECOVERY_CODES,
    ];
    let of_accounts =
        path.strip_prefix(paths::desk::USERS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    of_accounts || OWN.contains(&path)
}

/// The middleware: answers a form of the desk that comes without a session with the login form that holds it; one that
/// asks for the password again with the form for that; one whose account lacks something with itself, to be sent once
/// that is done.
pub async fn hold(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST
        || !is_kept_from(request.uri().path())
        || !is_by_hand(request.headers())
    {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let session = viewer::session(&mut parts, &app).await;
    let page = viewer::page_of(&app.site, &parts.headers).unwrap_or(paths::desk::HOME).to_owned();
    let request = Request::from_parts(parts, body);
    let lacking = match session {
        Ok(None) => None,
        Ok(Some(session)) if session.need.is_some() && !MENDS.contains(&request.uri().path()) => {
            Some(session)
        }
        Ok(Some(session))
            if session.need.is_none() && !session.is_fresh && asks_again(request.uri().path()) =>
        {
            Some(session)
        }
        _ => return next.run(request).await,
    };
    // A button without a field is a form too, when its sender is known.
    let may_be_bare = lacking.as_ref().is_some_and(|session| session.need.is_none());
    let kept = match PLACES.try_acquire() {
        Ok(_place) => {
            tokio::time::timeout(PATIENCE, read(&app, request, may_be_bare)).await.unwrap_or_default()
        }
        Err(_) => None,
    };
    match (kept, lacking) {
        (Some(kept), None) => super::form_keeping(&app, &kept).into_response(),
        (Some(kept), Some(session)) if session.need.is_none() => {
            confirm::keeping(&app, &session.user, &kept).into_response()
        }
        (Some(kept), Some(session)) => show(&app, &session, &kept).unprocessable().into_response(),
        (None, Some(Session { need: Some(need), .. })) => {
            Error::First(viewer::mended_at(need).to_owned()).into_response()
        }
        (None, Some(_)) => Error::First(paths::people::confirm(&page)).into_response(),
        (None, None) => Error::Login(page).into_response(),
    }
}

fn is_kept_from(path: &str) -> bool {
    let below = path.strip_prefix(paths::desk::HOME).is_some_and(|rest| rest.starts_with('/'));
    let bare = path.split('?').next().unwrap_or_default();
    below && !DOORS.contains(&bare)
}

/// Sent by somebody who looks at the answer: a script that saves by itself is told to log in.
fn is_by_hand(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let reads_pages =
        text(header::ACCEPT.as_str()).is_some_and(|kinds| kinds.contains("text/html") || kinds == "*/*");
    reads_pages && text("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
}

/// `None`: nothing that was typed, or something that must not be kept.
async fn read(app: &App, request: Request, may_be_bare: bool) -> Option<Kept> {
    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let kind = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    let multipart = kind.starts_with(b"multipart/form-data");
    let (fields, files) =
        if multipart { parts_of(app, request).await? } else { (pairs_of(app, request).await?, false) };
    let is_secret = |name: &str| name.contains("password") || name.contains("code");
    if (fields.is_empty() && !may_be_bare) || fields.iter().any(|(name, _)| is_secret(name)) {
        return None;
    }
    Some(Kept { path, multipart, files, fields })
}

async fn parts_of(app: &App, request: Request) -> Option<(Vec<(String, String)>, bool)> {
    match Upload::read(request, app, LIMITS).await {
        Ok(upload) => Some((upload.fields, false)),
        // Over its limit of no bytes is every file; a text over its limit is lost.
        Err(UploadError::TooLarge { limit: 0, read, .. }) => Some((read.fields, true)),
        Err(_) => None,
    }
}

async fn pairs_of(app: &App, mut request: Request<Body>) -> Option<Vec<(String, String)>> {
    DefaultBodyLimit::max(PLAIN_BODY).apply(&mut request);
    axum::Form::from_request(request, app).await.ok().map(|axum::Form(pairs)| pairs)
}

#[derive(Template)]
#[template(path = "desk/kept.html")]
struct Show<'a> {
    frame: Frame,
    kept: &'a Kept,
    shown: Vec<(&'a str, String)>,
    /// What has to be done first, on another page.
    first: &'static str,
}

/// What waits to be sent, and the button that sends it.
pub fn show(app: &App, session: &Session, kept: &Kept) -> Page {
    let first = session.need.map(viewer::mended_at).unwrap_or_default();
    let frame = Frame::new(app, &session.user, "Your form is still here");
    Page::new(&Show { frame, shown: kept.shown(), kept, first })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(path: &str) -> String {
        Kept { path: path.to_owned(), multipart: false, files: false, fields: Vec::new() }.text()
    }

    #[test]
    fn only_addresses_of_the_desk_are_sent_to() {
        for path in ["/desk/articles", "/desk/articles/7?x=1"] {
            assert_eq!(Kept::read(&text(path)).unwrap().path, path);
        }
        for path in [
            "/",
            "//e/desk/",
            "/desk",
            "/desks/x",
            "https://e/desk/x",
            "/desk/login",
            "/desk/login?x",
            "/desk/\\e",
        ] {
            assert!(Kept::read(&text(path)).is_err(), "{path}");
        }
        assert!(Kept::read("{}").is_err());
    }

    #[test]
    fn what_a_script_sends_is_not_kept() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
        };
        assert!(is_by_hand(&headers(&[("accept", "text/html,*/*;q=0.8"), ("sec-fetch-mode", "navigate")])));
        assert!(is_by_hand(&headers(&[("accept", "text/html")])));
        assert!(!is_by_hand(&headers(&[("accept", "*/*"), ("sec-fetch-mode", "cors")])));
        assert!(!is_by_hand(&headers(&[("accept", "application/json")])));
        assert!(!is_by_hand(&HeaderMap::new()));
    }
}
