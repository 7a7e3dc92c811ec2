//! `/api/v1/desk`: working as at the desk, in the name of whoever made the token. What is saved is checked by `editing`, as
//! the desk's forms are; nothing here is kept by any cache, and no page of another site reads it.

pub mod articles;
pub mod media;
mod shapes;

use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::bearer::Bearer;
use super::shapes::Problem as Shape;
use crate::paths::api as paths;
use crate::web::{Routes, UploadLimits};

/// The longest text, and what JSON makes of it.
const ARTICLE: usize = 4 * 1024 * 1024;

pub fn routes() -> Routes {
    let text = || DefaultBodyLimit::max(ARTICLE);
    vec![
        (paths::ME, get(me)),
        (paths::DESK_ARTICLES, get(articles::index).post(articles::create).layer(text())),
        ("/api/v1/desk/articles/{id}", get(articles::show).patch(articles::update).layer(text())),
        ("/api/v1/desk/articles/{id}/submit", post(articles::submit)),
        ("/api/v1/desk/articles/{id}/return", post(articles::give_back)),
        ("/api/v1/desk/articles/{id}/publish", post(articles::publish)),
        ("/api/v1/desk/articles/{id}/withdraw", post(articles::withdraw)),
        (
            paths::DESK_MEDIA,
            get(media::index).post(media::create).layer(DefaultBodyLimit::max(UploadLimits::PICTURES.body)),
        ),
        ("/api/v1/desk/media/{id}", get(media::show)),
    ]
}

/// Whose token it is, and what it may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    name: String,
    /// author, editor or admin: the token does no more than that.
    role: String,
    token: String,
    scopes: Vec<String>,
    expires_at: DateTime<Utc>,
}

/// Whose token this is.
#[utoipa::path(get, path = "/api/v1/desk/me", tag = "Working", security(("token" = [])), responses(
    (status = 200, description = "Its owner and its scopes.", body = Me),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn me(bearer: Bearer) -> Response {
    let held = bearer.held;
    Json(Me {
        name: held.user.name,
        role: held.user.role.to_string(),
        token: held.name,
        scopes: held.scopes,
        expires_at: held.expires_at,
    })
    .into_response()
}
