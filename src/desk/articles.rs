//! The list of articles, in any state, whatever was touched last first. One of them is `article_form`.

use askama::Template;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;

use super::when::{When, when};
use super::{Frame, Routes, waiting};
use crate::accounts::Role;
use crate::news::article::row::{self, Counts};
use crate::news::article::{self, Filter, Row};
use crate::news::section::{self, Section};
use crate::paths;
use crate::text::{Cursor, cursor};
use crate::web::{App, Author, Error, Notice, Page, Result};

/// Rows are one line each: twice a reader's page still fits a look.
const PAGE: usize = 40;

/// The tabs: what the address says, and what the tab says.
const STATES: [(&str, &str); 8] = [
    ("", "All"),
    ("draft", "Drafts"),
    ("review", "In review"),
    ("scheduled", "Scheduled"),
    ("published", "Live"),
    ("withdrawn", "Withdrawn"),
    ("trash", "Trash"),
    ("mine", "Mine"),
];

pub fn routes() -> Routes {
    vec![(paths::desk::ARTICLES, get(index).post(super::article_form::create))]
}

#[derive(Template)]
#[template(path = "desk/articles.html")]
struct Articles {
    frame: Frame,
    tabs: Vec<Tab>,
    /// This list with its filters.
    here: String,
    is_editor: bool,
    sections: Vec<Section>,
    asked: Asked,
    lines: Vec<Line>,
    waiting: Vec<waiting::Line>,
    next: Option<String>,
    /// Nothing is asked for and nothing is there: a paper before its first article.
    is_blank: bool,
}

struct Tab {
    label: &'static str,
    href: String,
    current: bool,
    /// Of what waits; of the others nobody needs to know.
    count: Option<String>,
}

/// A row as it is shown.
struct Line {
    row: Row,
    status: Status,
    /// The article's page, once readers have it.
    public: Option<String>,
    when: When,
    when_means: &'static str,
    edit: Option<When>,
}

/// Where an article stands, in one word that is also the class of its badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(&'static str);

impl Status {
    const TRASHED: Self = Self("trash");

    pub fn new(state: article::State, scheduled: bool, expired: bool) -> Self {
        Self(match state {
            article::State::Published if scheduled => "scheduled",
            article::State::Published if expired => "expired",
            state => state.as_str(),
        })
    }

    pub fn class(self) -> &'static str {
        self.0
    }

    pub fn word(self) -> &'static str {
        match self.0 {
            "scheduled" => "Scheduled",
            "expired" => "Expired",
            "published" => "Published",
            "withdrawn" => "Withdrawn",
            "review" => "In review",
            "trash" => "In the trash",
            _ => "Draft",
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    section: String,
    author: String,
    q: String,
    before: String,
}

/// GET: everything for editors, their own for authors.
pub async fn index(
    State(app): State<App>,
    Author(user): Author,
    notice: Notice,
    Query(mut asked): Query<Asked>,
) -> Result<Page> {
    if !STATES.iter().any(|(state, _)| *state == asked.state) {
        return Err(Error::NotFound);
    }
    for words in [&mut asked.q, &mut asked.author] {
        *words = words.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    }
    let before = match asked.before.as_str() {
        "" => Cursor::START,
        text => text.parse().map_err(|_| Error::NotFound)?,
    };
    let is_mine = asked.state == "mine";
    let filter = Filter {
        state: if is_mine { String::new() } else { asked.state.clone() },
        section: asked.section.clone(),
        words: asked.q.clone(),
        author: asked.author.clone(),
        of: if is_mine { Some(user.id) } else { only(&user) },
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let rows = article::rows(&app.db, &filter, before, limit).await?;
    let (rows, next) = cursor::page(rows, PAGE, |row| Cursor { at: row.updated_at, id: row.id.0 });
    let sections = section::all(&app.db).await?;
    let counts = row::counts(&app.db, user.id, only(&user)).await?;
    let here = paths::workflow::articles(&asked.state, &asked.section, &asked.author, &asked.q);
    let tabs = STATES.map(|(state, label)| Tab {
        label,
        href: paths::workflow::articles(state, &asked.section, &asked.author, &asked.q),
        current: state == asked.state,
        count: counted(&counts, state),
    });
    let is_blank = rows.is_empty() && here == paths::desk::ARTICLES && asked.before.is_empty();
    Ok(Page::new(&Articles {
        frame: Frame::new(&app, &user, "Articles").at(paths::desk::ARTICLES).notice(notice),
        tabs: tabs.into(),
        sections,
        lines: rows.into_iter().map(|row| Line::new(row, &app)).collect(),
        next: next.map(|cursor| paths::before(&here, &cursor)),
        waiting: if here == paths::desk::ARTICLES { waiting::lines(&app, &user).await? } else { Vec::new() },
        here,
        is_editor: user.role >= Role::Editor,
        asked,
        is_blank,
    }))
}

/// "100" stands for as many and more.
fn counted(counts: &Counts, state: &str) -> Option<String> {
    let count = match state {
        "draft" => counts.drafts,
        "review" => counts.in_review,
        "scheduled" => counts.scheduled,
        "withdrawn" => counts.withdrawn,
        "trash" => counts.trashed,
        "mine" => counts.mine,
        _ => 0,
    };
    match count {
        0 => None,
        row::COUNTED.. => Some(format!("{}+", row::COUNTED)),
        count => Some(count.to_string()),
    }
}

pub use crate::editing::only;

impl Line {
    fn new(row: Row, app: &App) -> Self {
        let status = match row.trashed_at {
            Some(_) => Status::TRASHED,
            None => Status::new(row.state, row.scheduled, row.expired),
        };
        let public = (status.class() == "published").then(|| paths::article(row.id, &row.slug));
        let (at, when_means) = match (status.class(), row.publish_at) {
            ("scheduled", Some(at)) => (at, "Goes out"),
            ("published", Some(at)) => (at, "Published"),
            _ => (row.updated_at, "Saved"),
        };
        let edit = row.edit_at.map(|at| when(at, &app.site));
        Self { when: when(at, &app.site), when_means, public, edit, status, row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::news::article::State;

    #[test]
    fn a_published_article_before_its_time_is_scheduled() {
        assert_eq!(Status::new(State::Published, true, false).word(), "Scheduled");
        assert_eq!(Status::new(State::Published, false, true).class(), "expired");
        assert_eq!(Status::new(State::Published, false, false).class(), "published");
        assert_eq!(Status::new(State::Draft, false, false).word(), "Draft");
    }
}
