//! RSS 2.0 after the profile of the RSS Advisory Board: full text, stable ids, whole addresses, true sizes.

use super::feed::{Feed, Image, Item};
use super::xml::{self, Xml};
use crate::text::date;

/// Minutes after which a reader may ask again.
const TTL: &str = "15";

pub fn write(feed: &Feed<'_>) -> Vec<u8> {
    let mut xml = Xml::styled();
    xml.open(
        "rss",
        &[
            ("version", "2.0"),
            xml::ATOM,
            xml::MEDIA,
            ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:wfw", "http://wellformedweb.org/CommentAPI/"),
        ],
    )
    .open("channel", &[])
    .text("title", &feed.title)
    .text("link", &feed.page)
    .text("description", &feed.description)
    .text("language", feed.site.language.as_str())
    .text("ttl", TTL);
    let mut link = |rel: &str, href: &str| {
        xml.empty("atom:link", &[("rel", rel), ("type", "application/rss+xml"), ("href", href)]);
    };
    link("self", &feed.address());
    if let Some(next) = feed.next() {
        link("first", &feed.first());
        link("next", &next);
    }
    for hub in &feed.hubs {
        xml.empty("atom:link", &[("rel", "hub"), ("href", hub)]);
    }
    if let Some(updated) = feed.updated() {
        xml.text("lastBuildDate", &date::rfc822(updated));
    }
    for item in &feed.items {
        write_item(&mut xml, feed, item);
    }
    xml.close("channel").close("rss");
    xml.into_bytes()
}

fn write_item(xml: &mut Xml, feed: &Feed<'_>, item: &Item) {
    xml.open("item", &[])
        .text("title", &item.title)
        .text("link", &item.href)
        .text_with("guid", &[("isPermaLink", "false")], &item.id)
        .text("pubDate", &date::rfc822(item.published));
    // A date after the first tells of a correction; without one there is nothing to tell.
    if item.updated > item.published {
        xml.text("atom:updated", &date::machine(item.updated, chrono_tz::UTC));
    }
    for author in &item.authors {
        xml.text("dc:creator", &author.name);
    }
    if item.language != feed.site.language {
        xml.text("dc:language", item.language.as_str());
    }
    for term in &item.terms {
        xml.text("category", term);
    }
    xml.text("description", &item.summary);
    if let Some(html) = &item.html {
        xml.text("content:encoded", html);
    }
    if let Some(comments) = &item.comments {
        xml.text("wfw:commentRss", comments);
    }
    if let Some(picture) = &item.picture {
        let bytes = picture.bytes.to_string();
        xml.empty("enclosure", &[("url", &picture.href), ("length", &bytes), ("type", Image::MEDIA_TYPE)]);
        xml::media(xml, picture);
    }
    xml.close("item");
}
