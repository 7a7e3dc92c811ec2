//! Logging out: the session ends on the server, and the browser forgets what it kept.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::acting::Knocking;
use crate::accounts::session;
use crate::news::audit;
use crate::paths;
use crate::web::{App, Result, cookie};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// POST, for anybody: without a session there is nothing to end.
pub async fn create(State(app): State<App>, knocking: Knocking, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = cookie::session(&app.site, &headers) {
        let user = session::user(&app.db, token).await?;
        let mut tx = app.db.begin().await?;
        session::end(&mut *tx, token).await?;
        if let Some(user) = user {
            let actor = knocking.named(&user);
            audit::record(&mut tx, &actor, "log out", "user", Some(user.id.0), json!({})).await?;
        }
        tx.commit().await?;
    }
    let mut response = Redirect::to(paths::desk::LOGIN).into_response();
    let out = response.headers_mut();
    out.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"storage\""));
    out.extend(cookie::clear_session(&app.site).map(|cookie| (header::SET_COOKIE, cookie)));
    Ok(response)
}
