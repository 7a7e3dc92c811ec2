//! What readers see, one file per page, named like its path.
//!
//! Not here: feeds and sitemaps (`feeds`), the desk (`desk`), what all pages stand in (`web::Layout`).

mod archive;
mod article;
mod author;
mod corrections;
mod comment;
mod editors_choice;
mod feeds;
mod gallery;
mod home;
mod icons;
mod licences;
mod listing;
mod map;
mod media;
mod most_viewed;
mod preview;
mod search;
mod section;
mod tag;
mod topic;

use axum::Router;
use axum::routing::get;

use crate::paths;
use crate::web::{App, Routes, page};

pub fn router() -> Router<App> {
    routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

/// Every page. A list, not a router, so that tests can look at each of them. A `page` is drawn once for everybody.
pub fn routes() -> Routes {
    vec![
        (paths::HOME, page(home::show)),
        ("/section/{slug}", page(section::show)),
        ("/tag/{slug}", page(tag::show)),
        (paths::TOPICS, page(topic::index)),
        ("/focus/{slug}", page(topic::show)),
        ("/author/{slug}", page(author::show)),
        ("/article/{id}", get(article::show_bare)),
        ("/article/{id}/{slug}", page(article::show)),
        // An article may be called "comments" too.
        ("/article/{id}/comments", page(article::show_comments).post(article::comments::create)),
        (paths::comments::OWN, get(comment::show).post(comment::delete)),
        (paths::comments::REWRITE, get(comment::edit).post(comment::update)),
        ("/article/{id}/picture/{name}", get(icons::drawn)),
        ("/icons/{name}", get(icons::show)),
        ("/favicon.ico", get(icons::favicon)),
        ("/apple-touch-icon.png", get(icons::touch)),
        (paths::MANIFEST, page(icons::manifest)),
        ("/article/{id}/corrections/{number}", page(corrections::show)),
        (paths::workflow::CORRECTIONS, page(corrections::index)),
        ("/preview/{token}", get(preview::show)),
        (paths::GALLERY, page(gallery::index)),
        ("/gallery/{kind}", page(gallery::index_of_kind)),
        ("/gallery/{kind}/{slug}", page(gallery::show)),
        (paths::MAP, page(map::show)),
        (paths::MAP_GEOJSON, page(map::geojson)),
        ("/most-viewed/{span}", page(most_viewed::show)),
        (paths::EDITORS_CHOICE, page(editors_choice::show)),
        (paths::SEARCH, page(search::show)),
        (paths::ARCHIVE, page(archive::index)),
        ("/archive/{year}/{month}", page(archive::month)),
        ("/archive/{year}/{month}/{day}", page(archive::day)),
        (paths::FEEDS, page(feeds::show)),
        (paths::LICENCES, page(licences::show)),
        ("/media/{sha256}/{name}", get(media::show)),
    ]
}
