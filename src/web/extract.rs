//! Path and query as typed values. What does not fit is answered as a reader would expect it.

use axum::extract::{FromRequestParts, rejection::QueryRejection};
use axum::http::{Uri, request::Parts};
use serde::de::DeserializeOwned;

use super::{App, Error};

/// A path whose parts do not parse leads nowhere: 404.
pub struct Path<T>(pub T);

/// A query that does not parse is 400 and names the field. Unknown fields are ignored: links get decorated.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, app).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Error> {
        Self::of(&parts.uri)
    }
}

impl<T: DeserializeOwned> Query<T> {
    pub fn of(address: &Uri) -> Result<Self, Error> {
        match axum::extract::Query::<T>::try_from_uri(address) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(cause @ QueryRejection::FailedToDeserializeQueryString(_)) => {
                Err(Error::BadRequest(cause.body_text()))
            }
            Err(_) => Err(Error::BadRequest(String::new())),
        }
    }
}
