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
use axum::routing::get;

use crate::paths;
use crate::paths::feeds::Format;
use crate::web::App;

pub fn router() -> Router<App> {
    feeds()
        .layer(from_fn(browser::readable))
        .merge(aliases::router())
        .route(paths::feeds::OPML, get(opml::show))
        .route(paths::SITEMAP, get(sitemap::index))
        .route(paths::feeds::PAGES_SITEMAP, get(sitemap::pages))
        .route("/sitemap/{month}", get(sitemap::month))
        .route(paths::feeds::NEWS_SITEMAP, get(sitemap::news))
        .route(paths::feeds::OEMBED, get(oembed::show))
        .route("/llms.txt", get(robots::llms))
        .route("/trust.txt", get(robots::trust))
        .route("/.well-known/trust.txt", get(robots::trust))
        .route(paths::feeds::ROBOTS, get(robots::show))
}

/// Each feed below its page, in every format.
fn feeds() -> Router<App> {
    Format::ALL.into_iter().fold(Router::new(), |router, format| {
        let below = |page: &str| format!("{page}/{}", format.file());
        router
            .route(&below(""), get(lists::site))
            .route(&below("/section/{slug}"), get(lists::section))
            .route(&below("/tag/{slug}"), get(lists::tag))
            .route(&below("/focus/{slug}"), get(lists::topic))
            .route(&below("/author/{slug}"), get(lists::author))
            .route(&below("/author/{slug}/tag/{tag}"), get(lists::author_and_tag))
            .route(&below("/search"), get(lists::search))
            .route(&below("/corrections"), get(corrections::show))
            .route(&below("/article/{id}/comments"), get(comments::show))
    })
}
