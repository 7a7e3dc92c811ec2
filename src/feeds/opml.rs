//! `/feeds.opml`: every feed of the site in one file, for readers that take many at once.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::xml::Xml;
use crate::news::{section, topic};
use crate::paths;
use crate::web::page_cache::Key;
use crate::web::{App, Document, Result};

const CONTENT_TYPE: &str = "text/x-opml; charset=utf-8";

pub async fn show(State(app): State<App>) -> Result<Response> {
    let site = &app.site;
    let sections = section::all(&app.db).await?;
    let topics = topic::all(&app.db).await?;
    let mut xml = Xml::new();
    xml.open("opml", &[("version", "2.0")]);
    xml.open("head", &[]).text("title", &format!("Feeds of {}", site.name)).close("head").open("body", &[]);
    let mut outline = |name: &str, page: &str| {
        let feed = site.absolute(&paths::feed_of(page));
        let page = site.absolute(page);
        xml.empty(
            "outline",
            &[("type", "rss"), ("text", name), ("title", name), ("xmlUrl", &feed), ("htmlUrl", &page)],
        );
    };
    outline(&site.name, paths::HOME);
    for section in sections {
        outline(&section.name, &section.href());
    }
    for topic in topics {
        outline(&topic.title, &topic.href());
    }
    outline("Corrections", paths::workflow::CORRECTIONS);
    xml.close("body").close("opml");
    Ok(Document::new(CONTENT_TYPE, xml.into_bytes()).keys([Key::Feed]).into_response())
}
