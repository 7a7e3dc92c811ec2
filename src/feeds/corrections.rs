//! `/corrections/feed.xml`: what was put right, for those who quote us.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{rss, xml::Xml};
use crate::news::article::correction;
use crate::news::article::entry::IN_FEED;
use crate::paths;
use crate::text::{Cursor, date};
use crate::web::{App, Document, Result};

pub async fn show(State(app): State<App>) -> Result<Response> {
    let (corrections, _) = correction::latest(&app.db, Cursor::START, IN_FEED).await?;
    let site = &app.site;
    let newest = corrections.iter().map(|correction| correction.at).max();
    let feed = site.absolute(&paths::feed_of(paths::workflow::CORRECTIONS));
    let mut xml = Xml::new();
    xml.open("rss", &[("version", "2.0"), ("xmlns:atom", "http://www.w3.org/2005/Atom")])
        .open("channel", &[])
        .text("title", &format!("Corrections – {}", site.name))
        .text("link", &site.absolute(paths::workflow::CORRECTIONS))
        .text("description", "What was wrong in our articles and is right now")
        .text("language", site.language.as_str())
        .text("ttl", rss::TTL)
        .empty("atom:link", &[("rel", "self"), ("type", "application/rss+xml"), ("href", &feed)]);
    if let Some(newest) = newest {
        xml.text("lastBuildDate", &date::rfc822(newest));
    }
    for correction in &corrections {
        let href = site.absolute(&correction.href());
        xml.open("item", &[])
            .text("title", &correction.headline)
            .text("link", &href)
            .text_with("guid", &[("isPermaLink", "true")], &href)
            .text("pubDate", &date::rfc822(correction.at))
            .text("description", &correction.note)
            .close("item");
    }
    xml.close("channel").close("rss");
    Ok(Document::new(rss::CONTENT_TYPE, xml.into_bytes()).last_modified(newest).into_response())
}
