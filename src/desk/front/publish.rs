//! From the draft to the page: publish it, throw it away, bring an older board back; and look at the front page of
//! any board at any moment before that.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::placings::Versioned;
use super::view::View;
use super::{NOUN, is_version, stale};
use crate::desk::when::{When, when};
use crate::desk::{Acting, Frame};
use crate::front::{self, Look, Strip};
use crate::news::audit;
use crate::news::front::store::{self, BoardId, Which};
use crate::paths;
use crate::text::date;
use crate::web::{App, Editor, Error, Flash, Form, Notice, Page, Path, Query, Result};

/// Boards in the list; older ones are still in the database.
const LISTED: i64 = 50;

/// POST: the draft is what readers see, from the next request on.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(form): Form<Versioned>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let draft = store::draft(&mut *tx).await?;
    let is_current = is_version(&form.version, draft.version)?;
    if is_current && !draft.is_changed() {
        return Ok(Flash::new(&app, "Readers see this board already.").to(paths::desk::FRONT));
    }
    let published =
        if is_current { store::publish(&mut tx, draft.version, &by.user.name).await? } else { None };
    let Some(id) = published else {
        return Ok(stale(View::load(&app, &by.user).await?));
    };
    let detail = json!({ "blocks": draft.board.blocks.len(), "placings": draft.board.articles().len() });
    audit::record(&mut tx, &by.actor, "publish", NOUN, Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The board is published.").to(paths::desk::FRONT))
}

/// POST: the draft is again what readers see.
pub async fn discard(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(form): Form<Versioned>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let draft = store::draft(&mut *tx).await?;
    let saved = if is_version(&form.version, draft.version)? {
        store::save_draft(&mut tx, draft.version, &draft.published, &by.user.name).await?
    } else {
        None
    };
    if saved.is_none() {
        return Ok(stale(View::load(&app, &by.user).await?));
    }
    audit::record(&mut tx, &by.actor, "discard", NOUN, None, json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The changes are thrown away.").to(paths::desk::FRONT))
}

#[derive(Template)]
#[template(path = "desk/front/history.html")]
struct History {
    frame: Frame,
    rows: Vec<Row>,
    now: String,
}

struct Row {
    id: BoardId,
    at: When,
    by: String,
    restores: Option<When>,
    /// What readers see.
    current: bool,
}

/// GET: what was published, by whom and when.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let history = store::history(&app.db, LISTED).await?;
    let rows = history.into_iter().enumerate().map(|(n, board)| Row {
        id: board.id,
        at: when(board.at, &app.site),
        by: board.by,
        restores: board.restores.map(|at| when(at, &app.site)),
        current: n == 0,
    });
    let frame = Frame::new(&app, &user, "Published boards").at(paths::desk::FRONT).notice(notice);
    let now = date::field(chrono::Utc::now(), app.site.timezone);
    Ok(Page::new(&History { frame, rows: rows.collect(), now }))
}

/// POST: an older board is what readers see again. A draft that has nothing of its own follows; one that has is
/// left alone.
pub async fn restore(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<BoardId>,
) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let before = store::draft(&mut *tx).await?;
    let new = store::restore(&mut tx, id, &by.user.name).await?.ok_or(Error::NotFound)?;
    let said = if before.is_changed() {
        "That board is published again. The draft is as it was."
    } else {
        let restored = store::draft(&mut *tx).await?.published;
        store::save_draft(&mut tx, before.version, &restored, &by.user.name).await?;
        "That board is published again."
    };
    audit::record(&mut tx, &by.actor, "restore", NOUN, Some(new.0), json!({ "board": id })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, said).to(paths::desk::FRONT))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `draft`, `published`, or the number of an older one.
    board: String,
    /// As the field holds it; empty is now.
    at: String,
}

/// GET: the front page of a board at a moment.
pub async fn show(State(app): State<App>, Editor(_): Editor, Query(asked): Query<Asked>) -> Result<Page> {
    let (which, name) = match asked.board.as_str() {
        "" | "draft" => (Which::Draft, "The draft"),
        "published" => (Which::Published, "The published board"),
        id => (Which::Old(id.parse().map_err(|_| Error::NotFound)?), "An older board"),
    };
    let typed = asked.at.trim();
    let (at, error) = match date::parse_field(typed, app.site.timezone) {
        _ if typed.is_empty() => (None, None),
        Ok(at) => (Some(at), None),
        Err(why) => (None, Some(format!("Please {why}."))),
    };
    if let Which::Old(id) = which
        && !store::exists(&app.db, id).await?
    {
        return Err(Error::NotFound);
    }
    let mut page = front::page(&app, which, at).await?;
    page.layout.canonical = String::new();
    let text = match at {
        Some(at) => format!("{name} as of {}", when(at, &app.site).text),
        None => format!("{name} as it would be now"),
    };
    let refused = error.is_some();
    let zone = app.site.timezone.to_string();
    let look = Look { board: asked.board.clone(), at: asked.at.clone(), zone, error };
    page.strip = Some(Strip { text, look: Some(look) });
    let page = Page::new(&page);
    Ok(if refused { page.unprocessable() } else { page })
}
