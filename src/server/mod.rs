//! All surfaces and layers as one app, and how it is served. Pages live in the surfaces, tools in `web`.

mod accept;
mod front;
mod health;
mod layers;
mod log;
mod metrics;

pub use accept::Limits;
pub use layers::layers;

use self::front::Front;
use axum::Router;
use tokio::net::TcpListener;

use crate::web::{App, assets};
use crate::{api, desk, feeds, site};

/// The whole site, ready to be called.
pub fn router(app: App) -> Router {
    layers(app, routes())
}

/// Every route, bare. Tests add their own before `layers`.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(site::router())
        .merge(desk::router())
        .merge(feeds::router())
        .merge(api::router())
        .merge(assets::router())
        .merge(health::router())
}

/// Serves until `shutdown` ends, then lets the requests under way finish.
pub async fn serve(app: App, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    if !app.site.is_secure_context() {
        tracing::warn!(
            base_url = app.site.base_url,
            "the site is reached over plain http: passwords and sessions can be read on the way"
        );
    }
    let router = layers::around(app.clone(), routes());
    accept::serve(Front { app: Some(app), router }, listener, Limits::default(), shutdown).await;
}

/// Answers health checks and nothing else: for an instance that leaves the readers to others.
pub async fn serve_health(app: App, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    let router = layers::around(app, health::router());
    accept::serve(Front { app: None, router }, listener, Limits::default(), shutdown).await;
}

/// How the instance is doing, for Prometheus.
pub fn metrics(app: App) -> Router {
    metrics::router(app)
}

/// The same on an address of its own, for as long as the program runs.
pub async fn serve_metrics(app: App, listener: TcpListener) {
    let router = metrics::router(app);
    accept::serve(Front { app: None, router }, listener, Limits::default(), std::future::pending()).await;
}

/// Like `serve` for any router and limits; tests shorten the timeouts.
pub async fn serve_with(
    router: Router,
    listener: TcpListener,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    accept::serve(Front { app: None, router }, listener, limits, shutdown).await;
}
