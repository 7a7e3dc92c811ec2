//! What the address of a feed asks for: a format, by its end, and where in the list to begin.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::paths::feeds::Format;
use crate::text::Cursor;
use crate::web::{App, Error, Query};

#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub format: Format,
    pub before: Cursor,
}

#[derive(serde::Deserialize)]
struct Before {
    #[serde(default)]
    before: String,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let path = parts.uri.path().to_owned();
        let format = Format::ALL.into_iter().find(|format| path.ends_with(format.file()));
        let Query(Before { before }) = Query::from_request_parts(parts, app).await?;
        let before = if before.is_empty() {
            Cursor::START
        } else {
            before.parse().map_err(|_| {
                Error::BadRequest(
                    "The address names a place in the feed (before) that does not exist.".to_owned(),
                )
            })?
        };
        Ok(Self { format: format.ok_or(Error::NotFound)?, before })
    }
}
