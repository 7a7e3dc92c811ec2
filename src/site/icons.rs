//! The icons of the site under the names that browsers and phones ask for, and the manifest that names them; and the
//! pictures that were drawn for articles without one.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::article;
use crate::media::icons::{HOME_SCREEN, SIZES};
use crate::news::article::ArticleId;
use crate::news::drawing;
use crate::paths;
use crate::web::page_cache::Key;
use crate::web::{self, App, CachePolicy, Document, Error, Path, Result, assets};

const PNG: HeaderValue = HeaderValue::from_static("image/png");
/// Search engines want at least this.
const TAB: u32 = 48;

/// `/icons/{version}-{size}.png`
pub(super) async fn show(State(app): State<App>, Path(name): Path<String>) -> Result<Response> {
    let (version, size) =
        name.strip_suffix(".png").and_then(|name| name.split_once('-')).ok_or(Error::NotFound)?;
    let size = size.parse().map_err(|_| Error::NotFound)?;
    let png = drawing::icon(&app.db, version, size).await?.ok_or(Error::NotFound)?;
    Ok((CachePolicy::Immutable, [(header::CONTENT_TYPE, PNG)], png).into_response())
}

/// `/favicon.ico`, asked for unseen by browsers and feed readers, wherever no page names the icon.
pub(super) async fn favicon(State(app): State<App>) -> Result<Response> {
    to(&app, TAB).await
}

/// `/apple-touch-icon.png`, in the same way by phones.
pub(super) async fn touch(State(app): State<App>) -> Result<Response> {
    to(&app, HOME_SCREEN).await
}

/// Another logo has another address: nobody keeps where this one leads.
async fn to(app: &App, size: u32) -> Result<Response> {
    let icons = drawing::icons(&app.db).await?;
    let path =
        icons.map_or_else(|| assets::url(assets::ICON).to_owned(), |version| paths::icon(&version, size));
    Ok(web::moved(&path))
}

/// `/site.webmanifest`
pub(super) async fn manifest(State(app): State<App>) -> Result<Response> {
    let site = &app.site;
    let icons: Vec<Value> = match drawing::icons(&app.db).await? {
        Some(version) => SIZES
            .into_iter()
            .map(|size| json!({ "src": paths::icon(&version, size), "sizes": format!("{size}x{size}"), "type": "image/png" }))
            .collect(),
        None => vec![json!({ "src": assets::url(assets::ICON), "sizes": "any", "type": "image/svg+xml" })],
    };
    let manifest = json!({
        "name": site.name,
        "short_name": site.name,
        "id": paths::HOME,
        "start_url": paths::HOME,
        "scope": paths::HOME,
        "display": "minimal-ui",
        "lang": site.language.as_str(),
        "dir": site.direction,
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
        "icons": icons,
    });
    let document = Document::new("application/manifest+json; charset=utf-8", manifest.to_string());
    Ok(document.keys([Key::Layout]).into_response())
}

/// `/article/{id}/picture/{version}.png`: only of what readers can see.
pub(super) async fn drawn(
    State(app): State<App>,
    Path((id, name)): Path<(ArticleId, String)>,
) -> Result<Response> {
    article::visible(&app, id).await?;
    let version = name.strip_suffix(".png").ok_or(Error::NotFound)?;
    let png = drawing::png(&app.db, id, version).await?.ok_or(Error::NotFound)?;
    Ok((CachePolicy::Feed, [(header::CONTENT_TYPE, PNG)], png).into_response())
}
