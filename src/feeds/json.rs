//! JSON Feed 1.1.

use serde::Serialize;

use super::feed::{Feed, Image, Item};
use crate::text::date;

const VERSION: &str = "https://jsonfeed.org/version/1.1";

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: &'a str,
    description: &'a str,
    home_page_url: &'a str,
    feed_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    language: &'a str,
    authors: [Author<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Hub<'a> {
    r#type: &'static str,
    url: &'a str,
}

/// It has its text as HTML, or its summary as text.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    date_published: String,
    date_modified: String,
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'static str,
    size_in_bytes: i64,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
}

pub fn write(feed: &Feed<'_>) -> Vec<u8> {
    let document = Document {
        version: VERSION,
        title: &feed.title,
        description: &feed.description,
        home_page_url: &feed.page,
        feed_url: feed.address(),
        next_url: feed.next(),
        language: feed.site.language.as_str(),
        authors: [Author { name: &feed.site.name, url: Some(&feed.site.base_url) }],
        hubs: feed.hubs.iter().map(|url| Hub { r#type: "WebSub", url }).collect(),
        items: feed.items.iter().map(entry).collect(),
    };
    serde_json::to_vec(&document).unwrap_or_else(|error| {
        tracing::error!(%error, "a feed could not be written as JSON");
        Vec::new()
    })
}

fn entry(item: &Item) -> Entry<'_> {
    let picture = item.picture.as_ref();
    Entry {
        id: &item.id,
        url: &item.href,
        title: &item.title,
        summary: &item.summary,
        content_html: item.html.as_deref(),
        content_text: item.html.is_none().then_some(&item.summary),
        date_published: date::machine(item.published, chrono_tz::UTC),
        date_modified: date::machine(item.updated, chrono_tz::UTC),
        language: item.language.as_str(),
        authors: item.authors.iter().map(|it| Author { name: &it.name, url: it.href.as_deref() }).collect(),
        tags: &item.terms,
        image: picture.map(|picture| picture.href.as_str()),
        attachments: picture.map(attachment).into_iter().collect(),
    }
}

fn attachment(picture: &Image) -> Attachment<'_> {
    Attachment {
        url: &picture.href,
        mime_type: Image::MEDIA_TYPE,
        size_in_bytes: picture.bytes,
        title: &picture.caption,
    }
}
