//! What went wrong, for programs: problem+json (RFC 9457). Whatever a handler, a layer or the router answers below the
//! API's addresses is dressed like this, as `error_page` does it for people.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::error::Failure;
use super::{CachePolicy, Error, Errors, Site};
use crate::paths::api;

pub const MEDIA_TYPE: &str = "application/problem+json";

/// A handler's refusal. What it says is for whoever wrote the program; no cause is in it.
#[derive(Clone, Debug)]
pub struct Problem {
    pub kind: Kind,
    pub detail: String,
    /// What is wrong with which field or parameter.
    pub errors: Vec<(String, String)>,
    /// Of an article: the version that is the newest now.
    pub newest: Option<i32>,
}

/// Kinds that a program may want to tell apart; `api::docs` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Parameter,
    Body,
    Fields,
    Stale,
    Unconditional,
    Token,
    Scope,
}

impl Kind {
    pub const ALL: [Self; 7] = [
        Self::Parameter,
        Self::Body,
        Self::Fields,
        Self::Stale,
        Self::Unconditional,
        Self::Token,
        Self::Scope,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Fields => "fields",
            Self::Stale => "stale",
            Self::Unconditional => "unconditional",
            Self::Token => "token",
            Self::Scope => "scope",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Parameter => "A parameter is not understood",
            Self::Body => "The body is not understood",
            Self::Fields => "Some fields cannot be saved like this",
            Self::Stale => "Somebody has saved a newer version",
            Self::Unconditional => "Say which version you change",
            Self::Token => "A token is needed",
            Self::Scope => "The token, or its owner, may not do this",
        }
    }

    pub fn status(self) -> StatusCode {
        match self {
            Self::Parameter | Self::Body => StatusCode::BAD_REQUEST,
            Self::Fields => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::Unconditional => StatusCode::PRECONDITION_REQUIRED,
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::Scope => StatusCode::FORBIDDEN,
        }
    }
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), newest: None }
    }

    /// One parameter, and what is wrong with it.
    pub fn parameter(name: &str, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(Kind::Parameter, format!("Look at the parameter {name}."));
        problem.errors.push((name.to_owned(), detail.into()));
        problem
    }

    pub fn fields(errors: &Errors) -> Self {
        let mut problem = Self::new(Kind::Fields, "Nothing was saved.");
        problem.errors =
            errors.iter().map(|(field, message)| (field.to_owned(), message.to_owned())).collect();
        problem
    }
}

/// So that handlers may use `?` on both.
#[derive(Debug)]
pub enum Refused {
    Problem(Box<Problem>),
    Error(Error),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Error(error) => error.into_response(),
            Self::Problem(problem) => {
                let mut response = problem.kind.status().into_response();
                if problem.kind == Kind::Token {
                    let realm = HeaderValue::from_static("Bearer realm=\"api\"");
                    response.headers_mut().insert(header::WWW_AUTHENTICATE, realm);
                }
                response.extensions_mut().insert(*problem);
                response
            }
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest_version: Option<i32>,
}

#[derive(Serialize)]
struct FieldError<'a> {
    field: &'a str,
    detail: &'a str,
}

/// The same answer with its problem as a document; whatever it said in its head stays.
pub fn dress(site: &Site, response: Response, request_id: &str) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let note = parts.extensions.get::<Failure>().and_then(|failure| failure.note.clone());
    let problem = parts.extensions.remove::<Problem>();
    let errors = problem.iter().flat_map(|problem| &problem.errors);
    let document = Document {
        r#type: problem
            .as_ref()
            .map_or_else(|| "about:blank".to_owned(), |it| site.absolute(&api::problem(it.kind.as_str()))),
        title: problem.as_ref().map_or_else(
            || status.canonical_reason().unwrap_or("This request was refused"),
            |problem| problem.kind.title(),
        ),
        status: status.as_u16(),
        detail: problem.as_ref().map(|it| it.detail.as_str()).or(note.as_deref()).unwrap_or_default(),
        request_id,
        errors: errors.map(|(field, detail)| FieldError { field, detail }).collect(),
        newest_version: problem.as_ref().and_then(|problem| problem.newest),
    };
    let body = serde_json::to_vec(&document).unwrap_or_else(|_| b"{}".to_vec());
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.extensions.insert(CachePolicy::NoStore);
    (parts, body).into_response()
}
