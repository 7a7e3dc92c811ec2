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
use crate::web::App;

pub fn router() -> Router<App> {
    Router::new()
        .route(paths::HOME, get(home::show))
        .route("/section/{slug}", get(section::show))
        .route("/tag/{slug}", get(tag::show))
        .route(paths::TOPICS, get(topic::index))
        .route("/focus/{slug}", get(topic::show))
        .route("/author/{slug}", get(author::show))
        .route("/article/{id}", get(article::show_bare))
        .route("/article/{id}/{slug}", get(article::show))
        // An article may be called "comments" too.
        .route("/article/{id}/comments", get(article::show_comments).post(article::comments::create))
        .route(paths::comments::OWN, get(comment::show).post(comment::delete))
        .route(paths::comments::REWRITE, get(comment::edit).post(comment::update))
        .route("/article/{id}/corrections/{number}", get(corrections::show))
        .route(paths::workflow::CORRECTIONS, get(corrections::index))
        .route("/preview/{token}", get(preview::show))
        .route(paths::GALLERY, get(gallery::index))
        .route("/gallery/{kind}", get(gallery::index_of_kind))
        .route("/gallery/{kind}/{slug}", get(gallery::show))
        .route(paths::MAP, get(map::show))
        .route(paths::MAP_GEOJSON, get(map::geojson))
        .route("/most-viewed/{span}", get(most_viewed::show))
        .route(paths::EDITORS_CHOICE, get(editors_choice::show))
        .route(paths::SEARCH, get(search::show))
        .route(paths::ARCHIVE, get(archive::index))
        .route("/archive/{year}/{month}", get(archive::month))
        .route("/archive/{year}/{month}/{day}", get(archive::day))
        .route(paths::FEEDS, get(feeds::show))
        .route(paths::LICENCES, get(licences::show))
        .route("/media/{sha256}/{name}", get(media::show))
}
