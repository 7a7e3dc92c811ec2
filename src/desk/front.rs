//! The board of the editor's choice: which articles, in which order, from when until when.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::order::Move;
use super::when::when;
use super::{Acting, Frame, Routes, picked};
use crate::accounts::User;
use crate::news::article::{ArticleId, State as Stage};
use crate::news::audit;
use crate::news::front::{self, Slot, Turn};
use crate::paths;
use crate::text::date;
use crate::web::{App, Editor, Error, Errors, Flash, Form, Notice, Page, Path, Result, Site};

pub fn routes() -> Routes {
    vec![
        (paths::desk::FRONT, get(index).post(create)),
        (paths::desk::FRONT_ORDER, post(reorder)),
        ("/desk/front/{id}", post(update)),
        ("/desk/front/{id}/delete", post(delete)),
    ]
}

#[derive(Template)]
#[template(path = "desk/front.html")]
struct Front {
    frame: Frame,
    rows: Vec<Row>,
    new: NewSlot,
    errors: Errors,
    zone: String,
}

struct Row {
    id: ArticleId,
    headline: String,
    shown: bool,
    /// Why readers do not see it there now.
    reasons: Vec<String>,
    /// As the fields hold them.
    times: Times,
    errors: Errors,
    first: bool,
    last: bool,
}

/// GET: the whole board.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let view = view(&app, &user).await?;
    Ok(Page::new(&Front { frame: view.frame.notice(notice), ..view }))
}

async fn view(app: &App, user: &User) -> Result<Front> {
    let board = front::board(&app.db).await?;
    let count = board.len();
    let rows = board.into_iter().enumerate().map(|(at, slot)| Row {
        id: slot.article_id,
        shown: slot.shown(),
        reasons: reasons(&slot, &app.site),
        times: Times { starts_at: field(slot.starts_at, &app.site), ends_at: field(slot.ends_at, &app.site) },
        headline: slot.headline,
        errors: Errors::default(),
        first: at == 0,
        last: at + 1 == count,
    });
    Ok(Front {
        frame: Frame::new(app, user, "Editor's choice").at(paths::desk::FRONT),
        rows: rows.collect(),
        new: NewSlot::default(),
        errors: Errors::default(),
        zone: app.site.timezone.to_string(),
    })
}

/// In words for whoever wonders where the article is.
fn reasons(slot: &Slot, site: &Site) -> Vec<String> {
    let at = |time: Option<DateTime<Utc>>| time.map(|time| when(time, site).text).unwrap_or_default();
    let mut reasons = Vec::new();
    match slot.turn {
        Turn::Ahead => reasons.push(format!("its time here starts {}", at(slot.starts_at))),
        Turn::Over => reasons.push(format!("its time here ended {}", at(slot.ends_at))),
        Turn::Now => {}
    }
    match slot.state {
        _ if slot.visible => {}
        Stage::Draft => reasons.push("the article is a draft".to_owned()),
        Stage::Withdrawn => reasons.push("the article is withdrawn".to_owned()),
        Stage::Published if slot.publish_at.is_some_and(|time| time > Utc::now()) => {
            reasons.push(format!("the article is scheduled for {}", at(slot.publish_at)));
        }
        Stage::Published => reasons.push("the article has expired".to_owned()),
    }
    reasons
}

fn field(at: Option<DateTime<Utc>>, site: &Site) -> String {
    at.map(|at| date::field(at, site.timezone)).unwrap_or_default()
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSlot {
    article: String,
    #[serde(default)]
    starts_at: String,
    #[serde(default)]
    ends_at: String,
}

/// POST: puts an article at the end of the board. One that stands there already gets the new times.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(form): Form<NewSlot>,
) -> Result<Response> {
    let mut errors = Errors::default();
    let (starts_at, ends_at) = read_times(&form.starts_at, &form.ends_at, &app.site, &mut errors);
    let article = picked::one(&app, &form.article).await?;
    if article.is_none() {
        errors.add("article", "No article has this number, address or headline.");
    }
    let Some(article) = article.filter(|_| errors.is_empty()) else {
        let view = view(&app, &by.user).await?;
        return Ok(Page::new(&Front { new: form, errors, ..view }).unprocessable().into_response());
    };
    place(&app, &by, "add", article, (starts_at, ends_at)).await?;
    Ok(Flash::new(&app, "The article stands on the board.").to(paths::desk::FRONT))
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    starts_at: String,
    ends_at: String,
}

impl Times {
    /// One of them is a limit.
    fn set(&self) -> bool {
        !(self.starts_at.is_empty() && self.ends_at.is_empty())
    }
}

/// POST: when an article's time on the board starts and ends.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<ArticleId>,
    Form(times): Form<Times>,
) -> Result<Response> {
    let mut errors = Errors::default();
    let (starts_at, ends_at) = read_times(&times.starts_at, &times.ends_at, &app.site, &mut errors);
    let mut view = view(&app, &by.user).await?;
    let row = view.rows.iter_mut().find(|row| row.id == id).ok_or(Error::NotFound)?;
    if !errors.is_empty() {
        row.times = times;
        row.errors = errors;
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    place(&app, &by, "time", id, (starts_at, ends_at)).await?;
    Ok(Flash::new(&app, "The times are saved.").to(paths::desk::FRONT))
}

type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

async fn place(app: &App, by: &Acting<Editor>, verb: &str, id: ArticleId, span: Span) -> Result<()> {
    let mut tx = app.db.begin().await?;
    front::place(&mut tx, id, span.0, span.1).await?;
    let detail = json!({ "starts_at": span.0, "ends_at": span.1 });
    audit::record(&mut tx, &by.actor, verb, "editor's choice", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Empty fields are no limits.
fn read_times(starts_at: &str, ends_at: &str, site: &Site, errors: &mut Errors) -> Span {
    let mut read = |name: &'static str, text: &str| {
        if text.trim().is_empty() {
            return None;
        }
        let time = date::parse_field(text, site.timezone);
        time.map_err(|why| errors.add(name, format!("Please {why}."))).ok()
    };
    let span = (read("starts_at", starts_at), read("ends_at", ends_at));
    if matches!(span, (Some(start), Some(end)) if end <= start) {
        errors.add("ends_at", "The end lies before the start.");
    }
    span
}

/// POST: one place up or down.
pub async fn reorder(State(app): State<App>, by: Acting<Editor>, Form(step): Form<Move>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let order = front::board(&mut *tx).await?.into_iter().map(|slot| slot.article_id).collect();
    let order: Vec<ArticleId> = step.apply(order).ok_or(Error::NotFound)?;
    front::reorder(&mut tx, &order).await?;
    let id = step.id::<ArticleId>().map(|id| id.0);
    audit::record(&mut tx, &by.actor, "move", "editor's choice", id, json!({ "to": step.way() })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The order is saved.").to(paths::desk::FRONT))
}

/// POST: takes an article off the board; the article itself stays as it is.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<ArticleId>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !front::remove(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    audit::record(&mut tx, &by.actor, "remove", "editor's choice", Some(id.0), json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The article is off the board.").to(paths::desk::FRONT))
}
