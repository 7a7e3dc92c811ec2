//! The queue: the comments of one state, with what speaks for and against each, filters, and buttons for one or many.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::super::Frame;
use super::super::when::{When, when};
use crate::news::article::{self, ArticleId};
use crate::news::comment::queue::{self, Filter, MOST_COUNTED};
use crate::news::comment::{CommentId, State as Held, paragraphs, rules};
use crate::paths;
use crate::paths::comments::desk as screens;
use crate::text::{Cursor, cursor};
use crate::web::{App, Editor, Error, Notice, Page, Query, Result};

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "desk/comments/queue.html")]
struct Queue {
    frame: Frame,
    tabs: Vec<Tab>,
    state: Held,
    asked: Asked,
    /// What else than the state is asked for, in words, each with the way to do without it.
    filters: Vec<(String, String)>,
    rows: Vec<Row>,
    reasons: Vec<String>,
    /// The address of this very list, to come back to.
    here: String,
    next: Option<String>,
}

struct Tab {
    name: &'static str,
    count: String,
    href: String,
    current: bool,
}

/// A comment as the screens show it.
pub(super) struct Row {
    pub id: CommentId,
    pub state: Held,
    /// The state in a word.
    pub heading: &'static str,
    pub name: String,
    pub paragraphs: Vec<String>,
    pub marks: Vec<String>,
    pub reason: String,
    pub at: When,
    pub rewrite_until: Option<When>,
    pub newsroom: bool,
    pub answers: Option<String>,
    pub wants_answer: bool,
    pub can_be_asked: bool,
    /// Their other comments, in words; empty when there is nobody to know.
    pub before: String,
    pub same_as_href: String,
    pub decided: Option<(String, When)>,
    pub headline: String,
    pub article_href: String,
    pub only_article_href: String,
    pub href: String,
    /// The states it can be moved to, each with the words of its button.
    pub moves: Vec<(&'static str, &'static str)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    article: String,
    q: String,
    same_as: String,
    before: String,
}

/// GET: the comments of one state, newest first.
pub async fn index(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Query(mut asked): Query<Asked>,
) -> Result<Page> {
    let state = match asked.state.as_str() {
        "" => Held::Pending,
        other => Held::parse(other).ok_or(Error::NotFound)?,
    };
    state.as_str().clone_into(&mut asked.state);
    asked.q = asked.q.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    let before = match asked.before.as_str() {
        "" => Cursor::START,
        other => other.parse().map_err(|_| Error::NotFound)?,
    };
    let filter = Filter {
        article: number(&asked.article)?.map(ArticleId),
        words: asked.q.clone(),
        same_as: number(&asked.same_as)?.map(CommentId),
    };
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1;
    let rows = queue::rows(&app.db, state, &filter, before, limit).await?;
    let (rows, next) = cursor::page(rows, PAGE, |row| Cursor { at: row.created_at, id: row.id.0 });
    let counts = queue::counts(&app.db, &filter).await?;
    let here = screens::queue(state.as_str(), &asked.article, &asked.q, &asked.same_as);
    Ok(Page::new(&Queue {
        frame: Frame::new(&app, &user, "Comments").at(paths::desk::COMMENTS).notice(notice),
        tabs: Held::ALL.into_iter().zip(counts).map(|(tab, count)| Tab::new(tab, count, &asked)).collect(),
        filters: filters(&app, &filter, &asked).await?,
        rows: rows.into_iter().map(|row| Row::new(row, &app)).collect(),
        reasons: rules::of_site(&app.db).await?.reasons().map(str::to_owned).collect(),
        next: next.map(|cursor| paths::before(&here, &cursor)),
        state,
        asked,
        here,
    }))
}

/// Empty, or the number of something.
fn number(text: &str) -> Result<Option<i64>> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::NotFound),
    }
}

async fn filters(app: &App, filter: &Filter, asked: &Asked) -> Result<Vec<(String, String)>> {
    let mut filters = Vec::new();
    if let Some(id) = filter.article {
        let headline = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?.headline;
        filters
            .push((format!("on “{headline}”"), screens::queue(&asked.state, "", &asked.q, &asked.same_as)));
    }
    if let Some(id) = filter.same_as {
        let name = queue::by_id(&app.db, id).await?.ok_or(Error::NotFound)?.name;
        let without = screens::queue(&asked.state, &asked.article, &asked.q, "");
        filters.push((format!("by whoever wrote as {name}"), without));
    }
    if !filter.words.is_empty() {
        let without = screens::queue(&asked.state, &asked.article, "", &asked.same_as);
        filters.push((format!("with “{}”", filter.words), without));
    }
    Ok(filters)
}

impl Tab {
    fn new(state: Held, count: i64, asked: &Asked) -> Self {
        Self {
            name: heading(state),
            count: if count >= MOST_COUNTED { format!("{}+", MOST_COUNTED - 1) } else { count.to_string() },
            href: screens::queue(state.as_str(), &asked.article, &asked.q, &asked.same_as),
            current: state.as_str() == asked.state,
        }
    }
}

impl Row {
    pub(super) fn new(row: queue::Row, app: &App) -> Self {
        let before = match (row.has_commenter, row.approved_before, row.refused_before) {
            (false, ..) => String::new(),
            (true, 0, 0) => "nothing before".to_owned(),
            (true, approved, refused) => format!("{approved} approved, {refused} refused before"),
        };
        Self {
            id: row.id,
            state: row.state,
            heading: heading(row.state),
            paragraphs: paragraphs(&row.body).into_iter().map(str::to_owned).collect(),
            marks: row.marks.iter().map(|mark| said(mark)).collect(),
            reason: row.reason,
            at: when(row.created_at, &app.site),
            rewrite_until: row.rewrite_until.map(|until| when(until, &app.site)),
            newsroom: row.newsroom,
            answers: row.answers,
            wants_answer: row.wants_answer,
            can_be_asked: row.can_be_asked,
            before,
            same_as_href: screens::queue(row.state.as_str(), "", "", &row.id.to_string()),
            decided: row.decided_by.zip(row.decided_at.map(|at| when(at, &app.site))),
            article_href: paths::article(row.article_id, &row.article_slug),
            only_article_href: screens::queue(row.state.as_str(), &row.article_id.to_string(), "", ""),
            href: paths::desk::comment(row.id),
            moves: moves(row.state),
            name: row.name,
            headline: row.headline,
        }
    }
}

/// A mark in words.
fn said(mark: &str) -> String {
    match mark {
        "link" => "holds a link".to_owned(),
        "first" => "first comment".to_owned(),
        "name" => "another name than before".to_owned(),
        "quick" => "sent within seconds".to_owned(),
        "stale" => "from a page a day old".to_owned(),
        "unsigned" => "not sent from our form".to_owned(),
        "rewritten" => "rewritten".to_owned(),
        "banned" => "banned commenter".to_owned(),
        other => other.to_owned(),
    }
}

fn heading(state: Held) -> &'static str {
    match state {
        Held::Pending => "Pending",
        Held::Approved => "Approved",
        Held::Rejected => "Rejected",
        Held::Spam => "Spam",
    }
}

fn moves(from: Held) -> Vec<(&'static str, &'static str)> {
    let all = [
        (Held::Approved, "Approve"),
        (Held::Rejected, "Reject"),
        (Held::Spam, "Spam"),
        (Held::Pending, "Back to pending"),
    ];
    all.into_iter().filter(|(to, _)| *to != from).map(|(to, word)| (to.as_str(), word)).collect()
}
