//! The audit trail: who did what to which thing, newest first.

use askama::Template;
use axum::extract::State;
use axum::routing::get;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::when::{When, when};
use super::{Frame, Routes};
use crate::news::audit::{self, Entry};
use crate::paths;
use crate::text::{Cursor, cursor};
use crate::web::{App, Editor, Error, Notice, Page, Query, Result, Site};

const PAGE: usize = 100;
/// What acts are done to, for the filter.
const NOUNS: &[&str] = &[
    "article",
    "comment",
    "topic",
    "section",
    "tag",
    "editor's choice",
    "front page",
    "banner",
    "gallery",
    "picture",
    "film",
    "user",
    "author",
    "job",
];

pub fn routes() -> Routes {
    vec![(paths::desk::AUDIT, get(index))]
}

#[derive(Template)]
#[template(path = "desk/audit.html")]
struct Audit {
    frame: Frame,
    nouns: &'static [&'static str],
    noun: String,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    entry: Entry,
    facts: Vec<(String, String)>,
    at: When,
    href: Option<String>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    noun: String,
    #[serde(default)]
    before: String,
}

/// GET: the acts, on everything or on things of one kind.
pub async fn index(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Query(asked): Query<Asked>,
) -> Result<Page> {
    let before = match asked.before.as_str() {
        "" => Cursor::START,
        other => other.parse().map_err(|_| Error::NotFound)?,
    };
    let one_more = i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1;
    let entries = audit::latest(&app.db, &asked.noun, before, one_more).await?;
    let (entries, next) = cursor::page(entries, PAGE, |entry| Cursor { at: entry.at, id: entry.id });
    let rows = entries.into_iter().map(|entry| Row {
        at: when(entry.at, &app.site),
        href: href(&entry),
        facts: entry.facts().into_iter().map(|fact| words(fact, &app.site)).collect(),
        entry,
    });
    Ok(Page::new(&Audit {
        frame: Frame::new(&app, &user, "Audit").at(paths::desk::AUDIT).notice(notice),
        nouns: NOUNS,
        rows: rows.collect(),
        next: next.map(|cursor| paths::before(&paths::desk::audit_of(&asked.noun), &cursor)),
        noun: asked.noun,
    }))
}

/// A fact as people say it: names without underscores, moments on the clock of the site.
fn words((key, value): (String, String), site: &Site) -> (String, String) {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let said = match (value.as_str(), value.parse::<DateTime<Utc>>()) {
        (_, Ok(at)) => when(at, site).text,
        ("true", _) => "yes".to_owned(),
        ("false", _) => "no".to_owned(),
        ("", _) => "none".to_owned(),
        (name, _) if name.chars().all(is_name) => name.replace('_', " "),
        _ => value,
    };
    (key.replace('_', " "), said)
}

/// Where the thing can be seen; it may be gone by now.
fn href(entry: &Entry) -> Option<String> {
    let id = entry.noun_id?;
    match entry.noun.as_str() {
        "article" => Some(paths::desk::article(id)),
        "topic" => Some(paths::desk::topic(id)),
        "tag" => Some(paths::desk::tag(id)),
        "gallery" => Some(paths::desk::gallery(id)),
        "user" => Some(paths::desk::user(id)),
        "job" => Some(paths::people::JOBS.to_owned()),
        "editor's choice" => Some(paths::desk::FRONT.to_owned()),
        "front page" => Some(paths::board::HISTORY.to_owned()),
        "banner" => Some(paths::board::banner(id)),
        "section" => Some(paths::desk::SECTIONS.to_owned()),
        "comment" => {
            entry.detail.get("article").and_then(serde_json::Value::as_i64).map(paths::desk::article)
        }
        "picture" => Some(format!("{}#medium-{id}", paths::desk::MEDIA)),
        _ => None,
    }
}
