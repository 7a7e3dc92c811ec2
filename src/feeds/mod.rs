//! What machines read: RSS feeds, the sitemap, robots.txt. The page that lists the feeds is `site::feeds`.

mod corrections;
mod robots;
mod rss;
mod sitemap;
mod xml;

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};

use crate::news::article::entry::{self, Scope};
use crate::news::{author, section, tag, topic};
use crate::paths;
use crate::web::{self, App, Error, Result};

pub fn router() -> Router<App> {
    Router::new()
        .route(paths::FEED, get(site))
        .route("/section/{slug}/feed.xml", get(of_section))
        .route("/tag/{slug}/feed.xml", get(of_tag))
        .route("/focus/{slug}/feed.xml", get(of_topic))
        .route("/author/{slug}/feed.xml", get(of_author))
        .route("/corrections/feed.xml", get(corrections::show))
        .route("/feed", get(moved))
        .route("/rss", get(moved))
        .route(paths::SITEMAP, get(sitemap::index))
        .route("/sitemap-pages.xml", get(sitemap::pages))
        .route("/sitemap/{month}", get(sitemap::month))
        .route("/robots.txt", get(robots::show))
}

async fn moved() -> Response {
    web::moved(paths::FEED)
}

async fn site(State(app): State<App>) -> Result<Response> {
    let mut db = app.db.acquire().await?;
    let entries = entry::feed(&mut db, Scope::Site).await?;
    Ok(rss::document(&app.site, &app.site.name, paths::HOME, &entries))
}

async fn of_section(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let mut db = app.db.acquire().await?;
    let section = section::by_slug(&mut *db, &slug).await?.ok_or(Error::NotFound)?;
    let entries = entry::feed(&mut db, Scope::Section(section.id)).await?;
    Ok(rss::document(&app.site, &titled(&app, &section.name), &section.href(), &entries))
}

async fn of_tag(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let mut db = app.db.acquire().await?;
    let tag = match tag::by_slug(&mut *db, &slug).await? {
        tag::Found::Tag(tag) => tag,
        tag::Found::Moved(tag) => return Ok(web::moved(&paths::feed_of(&tag.href()))),
        tag::Found::Nothing => return Err(Error::NotFound),
    };
    let entries = entry::feed(&mut db, Scope::Tag(tag.id)).await?;
    // A tag that only drafts carry would tell of them.
    if entries.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(rss::document(&app.site, &titled(&app, &tag.name), &tag.href(), &entries))
}

async fn of_topic(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let mut db = app.db.acquire().await?;
    let topic = topic::by_slug(&mut *db, &slug).await?.ok_or(Error::NotFound)?;
    let entries = entry::feed(&mut db, Scope::Topic(topic.id)).await?;
    Ok(rss::document(&app.site, &titled(&app, &topic.title), &topic.href(), &entries))
}

async fn of_author(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let mut db = app.db.acquire().await?;
    let author = author::by_slug(&mut *db, &slug).await?.ok_or(Error::NotFound)?;
    let entries = entry::feed(&mut db, Scope::Author(author.id)).await?;
    if entries.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(rss::document(&app.site, &titled(&app, &author.name), &author.href(), &entries))
}

fn titled(app: &App, list: &str) -> String {
    format!("{list} – {}", app.site.name)
}
