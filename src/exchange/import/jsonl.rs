//! Lines of JSON, a thing a line: our own shape for whoever writes a program of their own (docs/import.md).

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::Source;
use super::item::{Article, Author, Comment, Item, Markup, Picture, Section, Site, State, Talk};
use super::stream::{Broken, Stream};

pub struct Jsonl {
    stream: Stream,
    number: usize,
}

impl Jsonl {
    pub fn new(stream: Stream) -> Self {
        Self { stream, number: 0 }
    }
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Site { address: String },
    Section(SectionLine),
    Author(AuthorLine),
    Article(Box<ArticleLine>),
}

#[derive(Deserialize)]
struct SectionLine {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    addresses: Vec<String>,
}

#[derive(Deserialize)]
struct AuthorLine {
    name: String,
    #[serde(default)]
    bio: String,
    #[serde(default)]
    addresses: Vec<String>,
}

#[derive(Deserialize)]
struct ArticleLine {
    key: String,
    #[serde(default = "published")]
    state: String,
    #[serde(default)]
    headline: String,
    #[serde(default)]
    kicker: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    standfirst: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    byline: Vec<String>,
    #[serde(default)]
    dateline: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    picture: Option<PictureLine>,
    #[serde(default)]
    comments_open: bool,
    #[serde(default)]
    publish_at: Option<DateTime<FixedOffset>>,
    #[serde(default)]
    updated_at: Option<DateTime<FixedOffset>>,
    #[serde(default)]
    expire_at: Option<DateTime<FixedOffset>>,
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    comments: Vec<CommentLine>,
    /// What else the line says: an import cannot grant anything.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct PictureLine {
    address: String,
    #[serde(default)]
    alt: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    credit: String,
}

#[derive(Deserialize)]
struct CommentLine {
    key: String,
    #[serde(default)]
    parent: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    text: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    at: Option<DateTime<FixedOffset>>,
}

fn published() -> String {
    "published".to_owned()
}

impl Source for Jsonl {
    /// A line that cannot be read is named, and the next one is.
    fn next(&mut self) -> Result<Option<Item>, Broken> {
        loop {
            let Some(line) = self.stream.line()? else { return Ok(None) };
            self.number += 1;
            if line.trim_start_matches('\u{feff}').trim().is_empty() {
                continue;
            }
            let refused = |why: String| Item::refused("line", &self.number.to_string(), "", &why);
            let item = match serde_json::from_str(line.trim_start_matches('\u{feff}')) {
                Ok(line) => made(line).unwrap_or_else(refused),
                Err(why) => refused(format!("{why}.")),
            };
            return Ok(Some(item));
        }
    }
}

fn made(line: Line) -> Result<Item, String> {
    Ok(match line {
        Line::Site { address } => Item::Site(Site { address: address.trim_end_matches('/').to_owned() }),
        Line::Section(SectionLine { name, description, addresses }) => {
            Item::Section(Section { name, description, addresses })
        }
        Line::Author(AuthorLine { name, bio, addresses }) => Item::Author(Author { name, bio, addresses }),
        Line::Article(line) => Item::Article(Box::new(article(*line)?)),
    })
}

fn article(line: ArticleLine) -> Result<Article, String> {
    let utc = |at: Option<DateTime<FixedOffset>>| at.map(|at| at.with_timezone(&Utc));
    let state = match line.state.as_str() {
        "published" => State::Published,
        "scheduled" => State::Scheduled,
        "draft" => State::Draft,
        "review" => State::Review,
        "withdrawn" => State::Withdrawn,
        other => {
            return Err(format!(
                "state: “{other}” is none of published, scheduled, draft, review, withdrawn."
            ));
        }
    };
    let markup = match line.format.as_str() {
        "" | "html" => Markup::Html,
        "markdown" => Markup::Markdown,
        "text" => Markup::Plain,
        other => return Err(format!("format: “{other}” is none of html, markdown, text.")),
    };
    let mut comments = Vec::with_capacity(line.comments.len());
    for one in line.comments {
        let state = match one.state.as_str() {
            "approved" => Talk::Approved,
            "" | "pending" => Talk::Pending,
            "rejected" => Talk::Rejected,
            "spam" => Talk::Spam,
            other => {
                return Err(format!("comments: “{other}” is none of approved, pending, rejected, spam."));
            }
        };
        let (key, parent, name, email, text) = (one.key, one.parent, one.name, one.email, one.text);
        comments.push(Comment { key, parent, name, email, text, state, at: utc(one.at) });
    }
    let unknown: Vec<String> = line.others.into_keys().filter(|name| name != "kind").collect();
    let notes = if unknown.is_empty() {
        Vec::new()
    } else {
        vec![format!("Not known and left out: {}.", unknown.join(", "))]
    };
    let picture = line.picture.map(|one| Picture {
        address: one.address,
        alt: one.alt,
        caption: one.caption,
        credit: one.credit,
    });
    Ok(Article {
        key: line.key,
        state,
        headline: line.headline,
        kicker: line.kicker,
        slug: line.slug,
        standfirst: line.standfirst,
        body: line.body,
        markup,
        byline: line.byline,
        dateline: line.dateline,
        language: line.language,
        section: line.section,
        tags: line.tags,
        picture,
        comments_open: line.comments_open,
        publish_at: utc(line.publish_at),
        updated_at: utc(line.updated_at),
        expire_at: utc(line.expire_at),
        addresses: line.addresses,
        comments,
        notes,
        ..Article::default()
    })
}
