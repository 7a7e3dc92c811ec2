//! What programs talk to: `/api/v1`, described by `/api/v1/openapi.json`.
//!
//! | what | where |
//! |---|---|
//! | reading what readers see, without a token | `articles`, `sections`, `tags`, `topics`, `authors`, `most_viewed`, `search` |
//! | what a request asks for, and lists of what is found | `asked`, `answer`, `shapes` |
//! | who asks with a token, and how often | `bearer` |
//! | working as at the desk, with a token | `desk` |
//! | the description, and its page | `openapi`, `docs` |
//!
//! Errors are `web::problem`. What is open to everybody may be read by any page of any site; nothing here reads a cookie.

// Both are what the macros of the description write.
#![allow(unused_qualifications, clippy::needless_for_each)]

mod answer;
mod articles;
mod asked;
mod authors;
mod bearer;
mod desk;
mod docs;
mod most_viewed;
mod openapi;
mod search;
mod sections;
mod shapes;
mod tags;
mod topics;

pub use bearer::admit;
pub use openapi::document;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

use crate::paths::api as paths;
use crate::web::{App, Routes};

pub fn router() -> Router<App> {
    let collect = |routes: Routes| {
        routes.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
    };
    collect(open())
        .route_layer(from_fn(answer::open_to_pages))
        .merge(collect(described()))
        .merge(collect(desk::routes()))
}

/// Every route, so that a test can hold the description against them.
pub fn routes() -> Routes {
    open().into_iter().chain(described()).chain(desk::routes()).collect()
}

/// What everybody may read.
fn open() -> Routes {
    vec![
        (paths::ARTICLES, get(articles::index)),
        ("/api/v1/articles/{id}", get(articles::show)),
        (paths::SECTIONS, get(sections::index)),
        ("/api/v1/sections/{slug}", get(sections::show)),
        (paths::TAGS, get(tags::index)),
        ("/api/v1/tags/{slug}", get(tags::show)),
        (paths::TOPICS, get(topics::index)),
        ("/api/v1/topics/{slug}", get(topics::show)),
        (paths::AUTHORS, get(authors::index)),
        ("/api/v1/authors/{slug}", get(authors::show)),
        (paths::MOST_VIEWED, get(most_viewed::index)),
        (paths::SEARCH, get(search::index)),
        (paths::OPENAPI, get(openapi::show)),
    ]
}

fn described() -> Routes {
    vec![(paths::V1, get(docs::home)), (paths::DOCS, get(docs::show))]
}
