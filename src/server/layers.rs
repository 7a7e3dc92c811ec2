//! What every request passes through, outermost first: the pages that are kept (`front`); client, log and id, headers,
//! compression, cache policy, error page, panic net, gate, rates, tokens, cross-site check, timeout, forms kept without a
//! session, body limit.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Uri, Version, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;

use super::{front, log};
use crate::news::old_address;
use crate::paths;
use crate::web::page_cache::Ready;
use crate::web::{App, Error, Site, client, error_page, flash, headers, moved, policy, rates};
use crate::{api, desk};

/// Longer addresses are nobody's link.
const MAX_URI: usize = 8 * 1024;
/// Routes that need more say so.
const MAX_BODY: usize = 64 * 1024;
/// Requests at work at once; the others are told to come again.
const IN_FLIGHT: usize = 512;
/// Smaller answers gain nothing from being packed.
const MIN_COMPRESSED: u64 = 256;
/// The best that costs less time than the network saves.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// Puts the layers around any routes.
pub fn layers(app: App, routes: Router<App>) -> Router {
    around(app.clone(), routes).layer(from_fn_with_state(app, front::first))
}

/// All but the first: the accept loop asks for the pages that are kept itself.
pub fn around(app: App, routes: Router<App>) -> Router {
    let compression = CompressionLayer::new()
        .quality(COMPRESSION)
        .compress_when(SizeAbove::new(MIN_COMPRESSED).and(is_compressible));
    let places = Arc::new(Semaphore::new(IN_FLIGHT));
    routes
        .fallback(not_there)
        .layer(from_fn_with_state(app.clone(), moved_here))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(app.clone(), desk::keep_forms))
        .layer(from_fn_with_state(app.clone(), in_time))
        .layer(cross_site(&app.site))
        .layer(from_fn(known_origin))
        .layer(from_fn_with_state(app.clone(), api::admit))
        .layer(from_fn_with_state(app.clone(), rates::limit_pages))
        .layer(from_fn_with_state(places, gate))
        .layer(from_fn_with_state(app.clone(), flash::clear_shown))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), error_page::dress))
        .layer(from_fn_with_state(app.clone(), policy::apply))
        .layer(compression)
        .layer(from_fn_with_state(app.clone(), headers::apply))
        .layer(from_fn_with_state(app.clone(), log::request))
        .layer(from_fn_with_state(app.clone(), client::identify))
        .with_state(app)
}

/// No address of the site ends with a slash, but links typed by hand do: they lead to the page that was meant.
async fn not_there(method: Method, uri: Uri) -> Response {
    let meant = uri.path().trim_matches('/');
    if !matches!(method, Method::GET | Method::HEAD) || meant.is_empty() || !uri.path().ends_with('/') {
        return Error::NotFound.into_response();
    }
    // One slash in front, always: two would name another host.
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut response = moved(&format!("/{meant}{query}"));
    response.extensions_mut().insert(Guessed);
    response
}

/// Sent on without knowing that anything is there.
#[derive(Clone, Copy)]
struct Guessed;

/// What is not here under its address may have come from elsewhere under it: asked last, one row, and one step to where
/// it is now. Only the address that is a number of the front page is asked first, for that page is always there.
async fn moved_here(State(app): State<App>, request: Request, next: Next) -> Response {
    let may_be = matches!(*request.method(), Method::GET | Method::HEAD) && !is_desk(request.uri().path());
    let uri = request.uri().clone();
    let key = may_be.then(|| old_address::key(uri.path(), uri.query())).flatten();
    if let Some(key) = key.as_deref().filter(|_| old_address::is_number(uri.path(), uri.query()))
        && let Some(path) = leads_to(&app, key).await
    {
        return moved(&path);
    }
    let response = next.run(request).await;
    let is_missing =
        response.status() == StatusCode::NOT_FOUND || response.extensions().get::<Guessed>().is_some();
    match key.filter(|_| is_missing) {
        Some(key) => leads_to(&app, &key).await.map_or(response, |path| moved(&path)),
        None => response,
    }
}

async fn leads_to(app: &App, key: &str) -> Option<String> {
    old_address::find(&app.db, key).await.unwrap_or_else(|cause| {
        tracing::warn!(%cause, "an old address cannot be looked for");
        None
    })
}

/// Text, however it is called; pictures and films are packed already.
fn is_compressible(_: StatusCode, _: Version, headers: &HeaderMap, extensions: &Extensions) -> bool {
    if extensions.get::<Ready>().is_some() {
        return false;
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || kind.ends_with("+xml")
        || kind.ends_with("json")
        || matches!(kind, "application/xml" | "application/javascript")
}

/// A panic costs one request. The message goes to the log with the request's id.
#[allow(clippy::needless_pass_by_value)] // the layer hands it over like this
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().cloned();
    let text =
        text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
    Error::Internal(anyhow::anyhow!("panicked: {text}")).into_response()
}

/// Refuses what is not worth looking at: too many at once, endless addresses, packed bodies.
async fn gate(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_place) = places.try_acquire() else {
        return Error::Unavailable { retry_after: Duration::from_secs(1) }.into_response();
    };
    if request.uri().path_and_query().is_some_and(|uri| uri.as_str().len() > MAX_URI) {
        return Error::UriTooLong.into_response();
    }
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Error::UnsupportedMedia("Bodies are taken unpacked only.".to_owned()).into_response();
    }
    next.run(request).await
}

/// `Sec-Fetch-Site` and `Origin` decide; our own origin is known from the configuration, whatever a proxy made
/// of `Host`.
fn cross_site(site: &Site) -> CsrfLayer {
    let origin = url::Url::parse(&site.base_url).map(|url| url.origin().ascii_serialization());
    let trusting = origin.ok().and_then(|origin| CsrfLayer::new().add_trusted_origin(origin).ok());
    trusting.unwrap_or_default()
}

/// At the desk a request that says nothing about where it comes from is refused too: every browser says it.
async fn known_origin(request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let says =
        request.headers().contains_key("sec-fetch-site") || request.headers().contains_key(header::ORIGIN);
    if changes && !says && is_desk(request.uri().path()) {
        return Error::Forbidden.into_response();
    }
    next.run(request).await
}

fn is_desk(path: &str) -> bool {
    path.strip_prefix(paths::desk::HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_upload = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let path = request.uri().path();
    let limit = match (is_desk(path) || paths::api::is_desk(path), is_upload) {
        (true, true) => app.timeouts.upload,
        (true, false) => app.timeouts.desk,
        (false, _) => app.timeouts.public,
    };
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        tracing::warn!(?limit, "a request took too long");
        Error::Unavailable { retry_after: Duration::from_secs(1) }.into_response()
    })
}
