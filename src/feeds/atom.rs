//! Atom 1.0 (RFC 4287), paged as RFC 5005 has it.

use super::feed::{Feed, Image, Item, Person};
use super::xml::{self, Xml};
use crate::text::date;

pub fn write(feed: &Feed<'_>) -> Vec<u8> {
    let mut xml = Xml::styled();
    let language = feed.site.language.as_str();
    // A date has to be there; of a feed that never held anything this one is as true as any.
    let updated = feed.updated().unwrap_or_default();
    xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), xml::MEDIA, ("xml:lang", language)])
        .text("id", &feed.first())
        .text("title", &feed.title)
        .text("subtitle", &feed.description)
        .text("updated", &date::machine(updated, chrono_tz::UTC))
        .empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.page)]);
    let mut link = |rel: &str, href: &str| {
        xml.empty("link", &[("rel", rel), ("type", "application/atom+xml"), ("href", href)]);
    };
    link("self", &feed.address());
    link("first", &feed.first());
    if let Some(next) = feed.next() {
        link("next", &next);
    }
    for hub in &feed.hubs {
        xml.empty("link", &[("rel", "hub"), ("href", hub)]);
    }
    // Whoever is named by no entry.
    xml.open("author", &[]).text("name", &feed.site.name).text("uri", &feed.site.base_url).close("author");
    for item in &feed.items {
        entry(&mut xml, feed, item);
    }
    xml.close("feed");
    xml.into_bytes()
}

fn entry(xml: &mut Xml, feed: &Feed<'_>, item: &Item) {
    let language = [("xml:lang", item.language.as_str())];
    xml.open("entry", if item.language == feed.site.language { &[] } else { &language })
        .text("id", &item.id)
        .text("title", &item.title)
        .empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &item.href)])
        .text("published", &date::machine(item.published, chrono_tz::UTC))
        .text("updated", &date::machine(item.updated, chrono_tz::UTC));
    for author in &item.authors {
        person(xml, author);
    }
    for term in &item.terms {
        xml.empty("category", &[("term", term)]);
    }
    xml.text("summary", &item.summary);
    if let Some(html) = &item.html {
        xml.text_with("content", &[("type", "html")], html);
    }
    if let Some(comments) = &item.comments {
        xml.empty("link", &[("rel", "replies"), ("type", "application/rss+xml"), ("href", comments)]);
    }
    if let Some(picture) = &item.picture {
        let bytes = picture.bytes.to_string();
        let enclosure =
            [("rel", "enclosure"), ("type", Image::MEDIA_TYPE), ("href", &picture.href), ("length", &bytes)];
        xml.empty("link", &enclosure);
        xml::media(xml, picture);
    }
    xml.close("entry");
}

fn person(xml: &mut Xml, person: &Person) {
    xml.open("author", &[]).text("name", &person.name);
    if let Some(href) = &person.href {
        xml.text("uri", href);
    }
    xml.close("author");
}
