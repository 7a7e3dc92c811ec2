//! A picture as the scripts of the desk get it: the editor, the picker, the uploads of the library.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::news::media::Media;
use crate::paths::pictures;
use crate::web::error_page::AsIs;

/// `url` may stand in the body of an article for ever; `width` and `height` are those of its file.
#[derive(Debug, Serialize)]
pub struct Item {
    id: i64,
    name: String,
    url: String,
    thumb: String,
    width: i32,
    height: i32,
    alt: String,
    caption: String,
    credit: String,
    /// `waiting` for its sizes, `ready` or `failed`.
    state: &'static str,
    page: String,
}

impl Item {
    /// `None` while there is no file to show.
    pub fn of(medium: &Media) -> Option<Self> {
        let picture = medium.picture()?;
        let (width, height, url) = picture.usual()?;
        Some(Self {
            id: medium.id.0,
            name: medium.name.clone(),
            url,
            thumb: picture.thumb(),
            width,
            height,
            alt: medium.alt.clone(),
            caption: medium.caption.clone(),
            credit: medium.credit.clone(),
            state: match medium {
                Media { failed: Some(_), .. } => "failed",
                Media { ready_at: Some(_), cropped: true, .. } => "ready",
                _ => "waiting",
            },
            page: pictures::picture(medium.id),
        })
    }
}

/// Whether a script asks, and not a person's browser.
pub fn wanted(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accepts.is_some_and(|accept| accept.starts_with("application/json"))
}

/// What is wrong with the file, as the forms say it.
pub fn refused(status: StatusCode, message: &str) -> Response {
    let mut answer = (status, Json(json!({ "errors": { "file": message } }))).into_response();
    answer.extensions_mut().insert(AsIs);
    answer
}
