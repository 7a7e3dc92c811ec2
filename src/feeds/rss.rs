//! RSS 2.0 after the profile of the RSS Advisory Board: full text, stable ids, whole addresses, true sizes.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::xml::Xml;
use crate::{
    news::article::entry::Entry,
    paths,
    text::{CleanHtml, date},
    web::{Document, Site},
};

pub const CONTENT_TYPE: &str = "application/rss+xml; charset=utf-8";
/// Minutes after which a reader may ask again.
pub const TTL: &str = "15";

/// The feed of one list page.
pub fn document(site: &Site, title: &str, page: &str, entries: &[Entry]) -> Response {
    let newest = entries.iter().map(|entry| entry.changed_at).max();
    let feed = site.absolute(&paths::feed_of(page));
    let mut xml = Xml::new();
    xml.open(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:atom", "http://www.w3.org/2005/Atom"),
            ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ],
    )
    .open("channel", &[])
    .text("title", title)
    .text("link", &site.absolute(page))
    .text("description", &format!("The latest of {title}"))
    .text("language", site.language.as_str())
    .text("ttl", TTL)
    .empty("atom:link", &[("rel", "self"), ("type", "application/rss+xml"), ("href", &feed)]);
    if let Some(newest) = newest {
        xml.text("lastBuildDate", &date::rfc822(newest));
    }
    for entry in entries {
        item(&mut xml, site, entry);
    }
    xml.close("channel").close("rss");
    Document::new(CONTENT_TYPE, xml.into_bytes()).last_modified(newest).into_response()
}

fn item(xml: &mut Xml, site: &Site, entry: &Entry) {
    let card = &entry.card;
    xml.open("item", &[])
        .text("title", &card.headline)
        .text("link", &site.absolute(&card.href()))
        // The id, never the slug: a changed headline must not show the article as new.
        .text_with("guid", &[("isPermaLink", "false")], &site.absolute(&format!("/article/{}", card.id)))
        .text("pubDate", &date::rfc822(card.publish_at));
    for author in &entry.authors {
        xml.text("dc:creator", author);
    }
    xml.text("category", &card.section_name);
    for tag in &entry.tags {
        xml.text("category", tag);
    }
    let picture = entry.picture.as_ref().map(|picture| {
        (site.absolute(&paths::media(&picture.sha256, &format!("picture-{}.jpg", picture.width))), picture)
    });
    let summary = if card.standfirst.is_empty() {
        crate::text::excerpt::first(&entry.body.text(), 280)
    } else {
        card.standfirst.clone()
    };
    xml.text("description", &summary);
    xml.text("content:encoded", &content(site, entry, picture.as_ref().map(|(url, _)| url.as_str())));
    if let Some((url, picture)) = picture {
        let (width, height, bytes) =
            (picture.width.to_string(), picture.height.to_string(), picture.bytes.to_string());
        xml.empty("enclosure", &[("url", &url), ("length", &bytes), ("type", "image/jpeg")]);
        xml.open(
            "media:content",
            &[
                ("url", &url),
                ("fileSize", &bytes),
                ("type", "image/jpeg"),
                ("medium", "image"),
                ("width", &width),
                ("height", &height),
            ],
        );
        if !card.picture_caption.is_empty() {
            xml.text_with("media:description", &[("type", "plain")], &card.picture_caption);
        }
        if !card.picture_credit.is_empty() {
            xml.text_with("media:credit", &[("role", "photographer")], &card.picture_credit);
        }
        xml.close("media:content");
    }
    xml.close("item");
}

/// The whole article as HTML: standfirst, picture, body.
#[derive(Template)]
#[template(path = "feeds/content.html")]
struct Content<'a> {
    standfirst: &'a str,
    picture: Option<&'a str>,
    alt: &'a str,
    caption: String,
    body: CleanHtml,
}

fn content(site: &Site, entry: &Entry, picture: Option<&str>) -> String {
    let card = &entry.card;
    let caption = format!("{} {}", card.picture_caption, card.picture_credit).trim().to_owned();
    let body = entry.body.absolute(&site.base_url);
    let view = Content { standfirst: &card.standfirst, picture, alt: &card.picture_alt, caption, body };
    view.render().unwrap_or_else(|error| {
        tracing::error!(%error, article = %card.id, "an article could not be rendered for a feed");
        view.body.to_string()
    })
}
