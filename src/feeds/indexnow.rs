//! The file that proves to search engines that IndexNow speaks for this site. Its name is its content, and only known
//! once it was switched on; every other name at the root is no page.

use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};

use crate::news::discovery;
use crate::web::{App, Document, Error, Path, Result};

/// Of a key.
const LETTERS: usize = 32;

pub async fn show(State(app): State<App>, method: Method, Path(file): Path<String>) -> Result<Response> {
    let key = file.strip_suffix(".txt").filter(|key| key.len() == LETTERS).ok_or(Error::NotFound)?;
    let discovery = discovery::of_site(&app.db).await?;
    if key != discovery.indexnow_key || !matches!(method, Method::GET | Method::HEAD) {
        return Err(Error::NotFound);
    }
    Ok(Document::new("text/plain; charset=utf-8", discovery.indexnow_key).into_response())
}
