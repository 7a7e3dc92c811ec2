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
use crate::web::{App, Routes};

pub fn router() -> Router<App> {
    routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

/// Every page. A list, not a router, so that tests can look at each of them.
pub fn routes() -> Routes {
    vec![
        (paths::HOME, get(home::show)),
        ("/section/{slug}", get(section::show)),
        ("/tag/{slug}", get(tag::show)),
        (paths::TOPICS, get(topic::index)),
        ("/focus/{slug}", get(topic::show)),
        ("/author/{slug}", get(author::show)),
        ("/article/{id}", get(article::show_bare)),
        ("/article/{id}/{slug}", get(article::show)),
        // An article may be called "comments" too.
        ("/article/{id}/comments", get(article::show_comments).post(article::comments::create)),
        (paths::comments::OWN, get(comment::show).post(comment::delete)),
        (paths::comments::REWRITE, get(comment::edit).post(comment::update)),
        ("/article/{id}/corrections/{number}", get(corrections::show)),
        (paths::workflow::CORRECTIONS, get(corrections::index)),
        ("/preview/{token}", get(preview::show)),
        (paths::GALLERY, get(gallery::index)),
        ("/gallery/{kind}", get(gallery::index_of_kind)),
        ("/gallery/{kind}/{slug}", get(gallery::show)),
        (paths::MAP, get(map::show)),
        (paths::MAP_GEOJSON, get(map::geojson)),
        ("/most-viewed/{span}", get(most_viewed::show)),
        (paths::EDITORS_CHOICE, get(editors_choice::show)),
        (paths::SEARCH, get(search::show)),
        (paths::ARCHIVE, get(archive::index)),
        ("/archive/{year}/{month}", get(archive::month)),
        ("/archive/{year}/{month}/{day}", get(archive::day)),
        (paths::FEEDS, get(feeds::show)),
        (paths::LICENCES, get(licences::show)),
        ("/media/{sha256}/{name}", get(media::show)),
    ]
}
