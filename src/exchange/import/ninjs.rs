//! ninjs, the JSON of news agencies, versions 1 to 3: one item, a list, an item a line, or a folder of files.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Source;
use super::item::{Article, Item, Markup, Picture, State};
use super::json::{Json, first, list, text};
use super::stream::{Broken, Progress, Stream};

pub struct Ninjs {
    files: VecDeque<PathBuf>,
    open: Option<Json>,
    /// Inside a list.
    in_list: bool,
    progress: Progress,
    waiting: VecDeque<Value>,
}

impl Ninjs {
    pub fn new(path: &Path, progress: Progress) -> Result<Self, Broken> {
        let files = super::folder::files(path, &["json", "ninjs"])?;
        progress.expect(files.iter().filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).sum());
        Ok(Self { files: files.into(), open: None, in_list: false, progress, waiting: VecDeque::new() })
    }

    fn value(&mut self) -> Result<Option<Value>, Broken> {
        loop {
            if let Some(value) = self.waiting.pop_front() {
                return Ok(Some(value));
            }
            let Some(json) = &mut self.open else {
                let Some(path) = self.files.pop_front() else { return Ok(None) };
                let mut json =
                    Json::new(Stream::of(Box::new(std::fs::File::open(path)?), self.progress.clone()));
                self.in_list = json.take(b'[')?;
                self.open = Some(json);
                continue;
            };
            if json.peek()?.is_none() || (self.in_list && !json.more()?) {
                self.open = None;
                continue;
            }
            let value = json.value()?;
            // What agencies and search services put around it.
            for name in ["items", "_items", "results"] {
                self.waiting.extend(list(&value, name).iter().cloned());
            }
            if self.waiting.is_empty() {
                return Ok(Some(value));
            }
        }
    }
}

impl Source for Ninjs {
    fn next(&mut self) -> Result<Option<Item>, Broken> {
        let Some(value) = self.value()? else { return Ok(None) };
        if !value.is_object() {
            return Err(Broken::Other("file in ninjs"));
        }
        Ok(Some(made(&value)))
    }
}

/// Of texts with roles, that of one of these roles, else the first.
fn role<'a>(value: &'a Value, name: &str, roles: &[&str]) -> &'a str {
    let texts = list(value, name);
    let of_role = roles.iter().find_map(|role| texts.iter().find(|one| text(one, "role") == *role));
    of_role.or_else(|| texts.first()).map_or("", |one| text(one, "value"))
}

fn date(value: &Value, names: &[&str]) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(first(value, names)).ok().map(|at| at.with_timezone(&Utc))
}

fn made(value: &Value) -> Item {
    let uri = text(value, "uri");
    let title = match text(value, "headline") {
        "" => role(value, "headlines", &["main", "headline", ""]),
        headline => headline,
    };
    let kind = text(value, "type");
    if !matches!(kind, "" | "text" | "composite") {
        let reason = format!("It is no article but a “{kind}” of its own.");
        return Item::other(kind, uri, title, &reason);
    }
    if uri.is_empty() {
        return Item::refused("article", "", title, "uri: it has none, and would not be known again.");
    }
    let (body, markup) = body(value);
    let embargo = date(value, &["embargoed"]);
    let published = date(
        value,
        &[
            "firstPublished",
            "versioncreated",
            "versionCreated",
            "contentcreated",
            "contentCreated",
            "firstcreated",
            "firstCreated",
        ],
    );
    let mut notes = Vec::new();
    let state = match first(value, &["pubstatus", "pubStatus"]) {
        "" | "usable" => State::Published,
        "withheld" => {
            notes.push("The agency withholds it; it is a draft here.".to_owned());
            State::Draft
        }
        "canceled" | "cancelled" => State::Withdrawn,
        other => {
            notes.push(format!("Its status “{other}” is not known; it is a draft here."));
            State::Draft
        }
    };
    let mut tags: Vec<String> =
        list(value, "keywords").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    for name in [
        "subject",
        "subjects",
        "person",
        "people",
        "place",
        "places",
        "organisation",
        "organisations",
        "event",
        "events",
    ] {
        tags.extend(list(value, name).iter().map(named).filter(|name| !name.is_empty()));
    }
    let section =
        list(value, "genre").first().or_else(|| list(value, "genres").first()).map(named).unwrap_or_default();
    let byline = match first(value, &["byline", "by"]) {
        "" => list(value, "infosource").iter().chain(list(value, "infosources")).map(named).take(1).collect(),
        by => crate::text::names::byline(by),
    };
    Item::Article(Box::new(Article {
        key: uri.to_owned(),
        state,
        headline: super::plain(title),
        slug: text(value, "slug").to_owned(),
        standfirst: super::plain(match first(value, &["description_text", "description_html"]) {
            "" => role(value, "descriptions", &["summary", "caption"]),
            said => said,
        }),
        body,
        markup,
        byline,
        dateline: text(value, "located").to_owned(),
        language: text(value, "language").to_owned(),
        section,
        tags,
        picture: picture(value),
        publish_at: embargo.or(published),
        updated_at: date(value, &["versioncreated", "versionCreated"]),
        expire_at: date(value, &["expires"]),
        addresses: vec![first(value, &["url", "uri"]).to_owned()],
        notes,
        ..Article::default()
    }))
}

fn named(value: &Value) -> String {
    match value.as_str() {
        Some(name) => name.to_owned(),
        None => match text(value, "name") {
            "" => role(value, "names", &["main"]).to_owned(),
            name => name.to_owned(),
        },
    }
}

fn body(value: &Value) -> (String, Markup) {
    let html = first(value, &["body_html", "body_xhtml"]);
    if !html.is_empty() {
        return (html.to_owned(), Markup::Html);
    }
    let is_html = |one: &&Value| first(one, &["contentType", "contenttype"]).contains("html");
    if let Some(one) = list(value, "bodies").iter().find(is_html) {
        return (text(one, "value").to_owned(), Markup::Html);
    }
    let plain = match text(value, "body_text") {
        "" => role(value, "bodies", &["main"]),
        plain => plain,
    };
    (plain.to_owned(), Markup::Plain)
}

/// The first picture that belongs to it, in its largest form.
fn picture(value: &Value) -> Option<Picture> {
    let associations: Vec<&Value> = match value.get("associations") {
        Some(Value::Object(map)) => map.values().collect(),
        Some(Value::Array(list)) => list.iter().collect(),
        _ => Vec::new(),
    };
    let own = value.get("renditions").map(|_| value);
    let one = associations.into_iter().find(|one| text(one, "type") == "picture").or(own)?;
    let renditions: Vec<&Value> = match one.get("renditions") {
        Some(Value::Object(map)) => map.values().collect(),
        Some(Value::Array(list)) => list.iter().collect(),
        _ => Vec::new(),
    };
    let width = |rendition: &&Value| rendition.get("width").and_then(Value::as_i64).unwrap_or_default();
    let is_picture = |rendition: &&Value| {
        let kind = first(rendition, &["mimetype", "contentType", "contenttype"]);
        kind.is_empty() || kind.starts_with("image/")
    };
    let largest = renditions.into_iter().filter(is_picture).max_by_key(width)?;
    let caption = match first(one, &["description_text", "body_text"]) {
        "" => role(one, "descriptions", &["caption"]),
        caption => caption,
    };
    let alt = match role(one, "altTexts", &[]) {
        "" => text(one, "headline"),
        alt => alt,
    };
    Some(Picture {
        address: text(largest, "href").to_owned(),
        alt: alt.to_owned(),
        caption: caption.to_owned(),
        credit: first(
            one,
            &["byline", "by", "creditline", "creditLine", "copyrightholder", "copyrightHolder"],
        )
        .to_owned(),
    })
}
