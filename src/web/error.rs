//! The outcomes a person can meet instead of a page, and the one table of their statuses.
//!
//! An `Error` becomes a bare response that carries a `Failure`; `error_page` dresses it. The cause of an
//! `Internal` is logged here, once, inside the request's span (which holds the request id), and never shown.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::next;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// When the database is away, this is a fair time to come again.
const AWAY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub enum Error {
    NotFound,
    /// Was public and is not any more; the note is shown.
    Gone(String),
    Forbidden,
    /// Not logged in: answers 303 to the login form, which leads back to this path.
    Login(String),
    /// Something has to be done first, on this page: answers 303 to it.
    First(String),
    /// The request itself is wrong, not what a person typed; the note names the field.
    BadRequest(String),
    Conflict(String),
    RequestTimeout,
    TooLarge,
    UriTooLong,
    UnsupportedMedia(String),
    MethodNotAllowed,
    TooMany {
        retry_after: Duration,
    },
    Unavailable {
        retry_after: Duration,
    },
    /// The disk of the database or of the media is full.
    Full,
    Internal(anyhow::Error),
}

/// What is left of an `Error` on its way to the reader; no cause in it.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: StatusCode,
    pub note: Option<String>,
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone(_) => StatusCode::GONE,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Login(_) | Self::First(_) => StatusCode::SEE_OTHER,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMedia(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// For `?` on a value that had to be there.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        match cause.downcast::<sqlx::Error>() {
            Ok(cause) => cause.into(),
            Err(cause) => Self::Internal(cause),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        match &cause {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                tracing::warn!(cause = %cause, "the database does not answer");
                Self::Unavailable { retry_after: AWAY }
            }
            // 53100: disk_full. 57P01 to 57P03: it is stopping or starting. 57014: a statement took too long.
            // 55P03: a lock was not to be had. 53300: too many connections. 55000: it lets nobody in.
            sqlx::Error::Database(answer) => match answer.code().as_deref() {
                Some("53100") => {
                    tracing::error!(cause = %cause, "the disk of the database is full");
                    Self::Full
                }
                Some("57P01" | "57P02" | "57P03" | "57014" | "55P03" | "53300" | "55000") => {
                    tracing::warn!(cause = %cause, "the database does not answer");
                    Self::Unavailable { retry_after: AWAY }
                }
                // Text with a NUL in it, which only programs send.
                Some("22021") => {
                    Self::BadRequest("The text holds a character that cannot be stored.".to_owned())
                }
                _ => Self::Internal(cause.into()),
            },
            _ => Self::Internal(cause.into()),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Self {
        match cause.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                tracing::error!(%cause, "the disk of the media is full");
                Self::Full
            }
            _ => Self::Internal(cause.into()),
        }
    }
}

impl From<crate::accounts::password::Busy> for Error {
    fn from(_: crate::accounts::password::Busy) -> Self {
        Self::TooMany { retry_after: Duration::from_secs(2) }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let (note, retry_after) = match self {
            Self::Login(back) => return Redirect::to(&next::login(&back)).into_response(),
            Self::First(path) => return Redirect::to(&path).into_response(),
            Self::Internal(cause) => {
                tracing::error!(cause = format!("{cause:#}"), "a request failed");
                (None, None)
            }
            Self::TooMany { retry_after } | Self::Unavailable { retry_after } => (None, Some(retry_after)),
            Self::Gone(note)
            | Self::BadRequest(note)
            | Self::Conflict(note)
            | Self::UnsupportedMedia(note) => (Some(note), None),
            _ => (None, None),
        };
        let mut response = status.into_response();
        if let Some(wait) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, retry_after_value(wait));
        }
        response.extensions_mut().insert(Failure { status, note });
        response
    }
}

/// Whole seconds, never 0: "at once" is what we do not want.
pub fn retry_after_value(wait: Duration) -> HeaderValue {
    let rounded_up = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    HeaderValue::from(rounded_up.max(1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_never_in_the_answer() {
        let response = Error::internal(anyhow::anyhow!("password=hunter2")).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(response.extensions().get::<Failure>().unwrap().note.is_none());
    }

    #[test]
    fn a_database_that_does_not_answer_is_503_and_says_when_to_come_again() {
        let response = Error::from(sqlx::Error::PoolTimedOut).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
        let wrapped = Error::from(anyhow::Error::from(sqlx::Error::PoolTimedOut));
        assert_eq!(wrapped.status(), StatusCode::SERVICE_UNAVAILABLE);
    }

    #[test]
    fn a_row_that_had_to_be_there_is_our_own_fault() {
        assert_eq!(Error::from(sqlx::Error::RowNotFound).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn waiting_times_are_rounded_up() {
        assert_eq!(retry_after_value(Duration::from_millis(1)), "1");
        assert_eq!(retry_after_value(Duration::from_millis(29_500)), "30");
    }
}
