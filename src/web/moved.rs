//! 301: what lives at another address now. `axum::response::Redirect::permanent` would say 308, which old feed
//! readers and crawlers do not know; after a form was sent, `web::Redirect` is right.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{CachePolicy, Error};

/// `path` is one of `paths`.
pub fn moved(path: &str) -> Response {
    match HeaderValue::try_from(path) {
        Ok(location) => {
            (StatusCode::MOVED_PERMANENTLY, CachePolicy::Page, [(header::LOCATION, location)]).into_response()
        }
        Err(cause) => Error::internal(cause).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moved_answers_301_and_its_new_address() {
        let response = moved("/tag/rivers");
        assert_eq!(response.status(), StatusCode::MOVED_PERMANENTLY);
        assert_eq!(response.headers()[header::LOCATION], "/tag/rivers");
    }
}
