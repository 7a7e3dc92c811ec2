//! What machines read: feeds in three formats, sitemaps, robots.txt. The page that lists the feeds is `site::feeds`.
//!
//! A feed is one data set (`feed::Feed`), filled by a list of articles (`lists`), by corrections or by comments, and
//! written by `rss`, `atom` or `json`.

mod aliases;
mod asked;
mod atom;
mod browser;
mod comments;
mod content;
mod corrections;
mod feed;
mod indexnow;
mod json;
mod lists;
mod oembed;
mod opml;
mod robots;
mod rss;
mod sitemap;
mod xml;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{any, get};

use crate::paths;
use crate::paths::feeds::Format;
use crate::web::{App, page};

pub fn router() -> Router<App> {
    feeds()
        .layer(from_fn(browser::readable))
        .merge(aliases::router())
        .route(paths::feeds::OPML, page(opml::show))
        .route(paths::SITEMAP, page(sitemap::index))
        .route(paths::feeds::PAGES_SITEMAP, page(sitemap::pages))
        .route("/sitemap/{month}", get(sitemap::month))
        .route(paths::feeds::NEWS_SITEMAP, page(sitemap::news))
        .route(paths::feeds::OEMBED, get(oembed::show))
        .route("/{file}", any(indexnow::show))
        .route("/llms.txt", page(robots::llms))
        .route("/trust.txt", page(robots::trust))
        .route("/.well-known/trust.txt", page(robots::trust))
        .route(paths::feeds::ROBOTS, page(robots::show))
}

/// Each feed below its page, in every format.
fn feeds() -> Router<App> {
    Format::ALL.into_iter().fold(Router::new(), |router, format| {
        let below = |page: &str| format!("{page}/{}", format.file());
        router
            .route(&below(""), page(lists::site))
            .route(&below("/section/{slug}"), page(lists::section))
            .route(&below("/tag/{slug}"), page(lists::tag))
            .route(&below("/focus/{slug}"), page(lists::topic))
            .route(&below("/author/{slug}"), page(lists::author))
            .route(&below("/author/{slug}/tag/{tag}"), page(lists::author_and_tag))
            .route(&below("/search"), page(lists::search))
            .route(&below("/corrections"), page(corrections::show))
            .route(&below("/article/{id}/comments"), page(comments::show))
    })
}
