//! Health checks, for supervisors: plain text, no layout, kept by nobody.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sqlx::Connection;

use crate::web::App;
use crate::web::error_page::AsIs;

/// A database that takes longer is not ready for readers either.
const PATIENCE: Duration = Duration::from_secs(1);

pub fn router() -> Router<App> {
    Router::new().route("/livez", get(live)).route("/readyz", get(ready))
}

/// The process answers.
async fn live() -> &'static str {
    "ok\n"
}

/// The database answers. It is migrated: an `App` is only made after that.
async fn ready(State(app): State<App>) -> Response {
    if let Ok(Ok(())) = tokio::time::timeout(PATIENCE, ping(&app)).await {
        return "ok\n".into_response();
    }
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
    response.extensions_mut().insert(AsIs);
    response
}

async fn ping(app: &App) -> sqlx::Result<()> {
    app.db.acquire().await?.ping().await
}
