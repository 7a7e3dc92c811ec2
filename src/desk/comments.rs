//! The comments of readers, one state at a time, and the buttons that move them to another.
//!
//! A comment is text wherever it is shown: nothing in it is ever treated as markup.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::when::{When, when};
use super::{Acting, Frame, Routes};
use crate::news::article::ArticleId;
use crate::news::audit;
use crate::news::comment::{self, CommentId, State as Held};
use crate::paths;
use crate::text::{Cursor, cursor};
use crate::web::{App, Editor, Error, Flash, Form, Notice, Page, Path, Query, Result};

const PAGE: usize = 50;

pub fn routes() -> Routes {
    vec![(paths::desk::COMMENTS, get(index)), ("/desk/comments/{id}", post(update))]
}

#[derive(Template)]
#[template(path = "desk/comments.html")]
struct Comments {
    frame: Frame,
    tabs: Vec<Tab>,
    state: Held,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Tab {
    name: &'static str,
    href: String,
    current: bool,
}

struct Row {
    id: CommentId,
    name: String,
    email: Option<String>,
    paragraphs: Vec<String>,
    at: When,
    headline: String,
    article_href: String,
    desk_href: String,
    action: String,
    /// The states it can be moved to, each with the words of its button.
    moves: Vec<(&'static str, &'static str)>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    before: String,
}

/// GET: the comments of one state, newest first.
pub async fn index(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Query(asked): Query<Asked>,
) -> Result<Page> {
    let state = match asked.state.as_str() {
        "" => Held::Pending,
        other => Held::parse(other).ok_or(Error::NotFound)?,
    };
    let before = match asked.before.as_str() {
        "" => Cursor::START,
        other => other.parse().map_err(|_| Error::NotFound)?,
    };
    let rows = comment::rows(&app.db, state, before, i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1).await?;
    let (rows, next) = cursor::page(rows, PAGE, |row| Cursor { at: row.created_at, id: row.id.0 });
    Ok(Page::new(&Comments {
        frame: Frame::new(&app, &user, "Comments").at(paths::desk::COMMENTS).notice(notice),
        tabs: Held::ALL.into_iter().map(|tab| Tab::new(tab, state)).collect(),
        state,
        rows: rows.into_iter().map(|row| Row::new(row, &app)).collect(),
        next: next.map(|cursor| paths::before(&paths::desk::comments_of(state.as_str()), &cursor)),
    }))
}

impl Tab {
    fn new(state: Held, shown: Held) -> Self {
        Self { name: heading(state), href: paths::desk::comments_of(state.as_str()), current: state == shown }
    }
}

impl Row {
    fn new(row: comment::Row, app: &App) -> Self {
        Self {
            id: row.id,
            paragraphs: row.body.split("\n\n").map(str::to_owned).collect(),
            at: when(row.created_at, &app.site),
            article_href: paths::article(row.article_id, &row.article_slug),
            desk_href: paths::desk::article(row.article_id),
            action: paths::desk::comment(row.id),
            moves: moves(row.state),
            name: row.name,
            email: row.email,
            headline: row.headline,
        }
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moderation {
    state: String,
    /// The tab on which the button was pressed, to go back to.
    #[serde(default)]
    from: String,
}

/// POST: moves a comment to another state.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<CommentId>,
    Form(form): Form<Moderation>,
) -> Result<Response> {
    let state = Held::parse(&form.state).ok_or_else(|| {
        Error::BadRequest("The field state is pending, approved, rejected or spam.".to_owned())
    })?;
    let mut tx = app.db.begin().await?;
    let Some(article) = comment::moderate(&mut tx, id, state, Some(by.user.id)).await? else {
        return Err(Error::NotFound);
    };
    audit::record(&mut tx, &by.actor, verb(state), "comment", Some(id.0), detail(article)).await?;
    tx.commit().await?;
    let back = Held::parse(&form.from).unwrap_or(Held::Pending);
    Ok(Flash::new(&app, done(state)).to(&paths::desk::comments_of(back.as_str())))
}

fn detail(article: ArticleId) -> serde_json::Value {
    json!({ "article": article })
}

fn verb(state: Held) -> &'static str {
    match state {
        Held::Pending => "hold",
        Held::Approved => "approve",
        Held::Rejected => "reject",
        Held::Spam => "mark as spam",
    }
}

fn done(state: Held) -> &'static str {
    match state {
        Held::Pending => "The comment waits again.",
        Held::Approved => "The comment is approved and stands below its article.",
        Held::Rejected => "The comment is rejected.",
        Held::Spam => "The comment is marked as spam.",
    }
}
