//! The articles placed on the board by hand: put there, given times, moved by a step or by drag, taken off.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::view::View;
use super::{change, read_times, refused, stale};
use crate::desk::{Acting, picked};
use crate::news::front::board::{BlockId, Kind, PlacingId, Step};
use crate::news::front::store;
use crate::paths;
use crate::web::{App, Editor, Error, Errors, Flash, Form, Path, Result};

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewPlacing {
    /// Left out, the editor's choice.
    pub block: String,
    pub article: String,
    pub starts_at: String,
    pub ends_at: String,
    pub version: String,
}

/// POST: puts an article behind those that stand in a block. One that stands there already gets the new times.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(form): Form<NewPlacing>,
) -> Result<Response> {
    let draft = store::draft(&app.db).await?;
    let block = match form.block.as_str() {
        "" => draft.board.of_kind(Kind::Choice),
        id => id.parse().ok().and_then(|id| draft.board.block(id)),
    };
    let block = block.filter(|block| block.kind.takes_placings()).map(|block| block.id);
    let mut errors = Errors::default();
    let times = read_times(&form.starts_at, &form.ends_at, &app.site, &mut errors);
    let article = picked::one(&app, &form.article).await?;
    if article.is_none() {
        errors.add("article", "No article has this number, address or headline.");
    }
    let (Some(block), Some(article)) = (block, article.filter(|_| errors.is_empty())) else {
        let block = block.ok_or(Error::NotFound)?;
        return Ok(refused(&View::load(&app, &by.user).await?.with_new(block, form, errors)));
    };
    let full = draft.board.block(block).is_some_and(|there| !there.has_room_for(article));
    if full {
        errors.add("article", "This block is full: take something off it first.");
        return Ok(refused(&View::load(&app, &by.user).await?.with_new(block, form, errors)));
    }
    let done = change(&app, &by, &form.version, "place", |board| {
        board.place(block, article, times)?;
        Some(json!({ "block": board.block(block)?.name(), "article": article,
                     "starts_at": times.0, "ends_at": times.1 }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?.with_new(block, form, errors)));
    }
    Ok(Flash::new(&app, "The article stands on the board.").to(&paths::board::at_block(block)))
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    pub starts_at: String,
    pub ends_at: String,
    /// Where it moves to, if anywhere.
    pub block: String,
    pub version: String,
}

/// POST: when an article's time on the board starts and ends, and in which block it stands.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<PlacingId>,
    Form(form): Form<Change>,
) -> Result<Response> {
    let draft = store::draft(&app.db).await?;
    let (home, placing) = draft.board.placing(id).ok_or(Error::NotFound)?;
    let into: BlockId = if form.block.is_empty() {
        home.id
    } else {
        form.block.parse().map_err(|_| Error::BadRequest("The field block is a number.".to_owned()))?
    };
    let can_move =
        into != home.id && draft.board.block(into).is_some_and(|block| block.takes(placing.article));
    let (moves, landed) = (into != home.id, if can_move { into } else { home.id });
    let mut errors = Errors::default();
    let times = read_times(&form.starts_at, &form.ends_at, &app.site, &mut errors);
    if !errors.is_empty() {
        return Ok(refused(&View::load(&app, &by.user).await?.with_change(id, form, errors)));
    }
    let done = change(&app, &by, &form.version, "time", |board| {
        board.time(id, times)?;
        if can_move {
            board.shift(id, Some(into), Step::Before(None))?;
        }
        let (block, placing) = board.placing(id)?;
        Some(json!({ "block": block.name(), "article": placing.article,
                     "starts_at": times.0, "ends_at": times.1 }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?.with_change(id, form, errors)));
    }
    let said = if moves && !can_move {
        "The times are saved. The other block has this article already."
    } else {
        "The times are saved."
    };
    Ok(Flash::new(&app, said).to(&paths::board::at_block(landed)))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Order {
    id: String,
    /// `up` or `down`; or the place where it was let go:
    to: String,
    block: String,
    /// Empty: behind all.
    before: String,
    version: String,
}

/// POST: a placing one place up or down, or to where it was dragged.
pub async fn reorder(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(form): Form<Order>,
) -> Result<Response> {
    let id: PlacingId = form.id.parse().map_err(|_| Error::NotFound)?;
    let step = step(&form.to, &form.before)?;
    let into = match form.block.as_str() {
        "" => None,
        block => Some(block.parse::<BlockId>().map_err(|_| Error::NotFound)?),
    };
    let draft = store::draft(&app.db).await?;
    let (home, placing) = draft.board.placing(id).ok_or(Error::NotFound)?;
    let landed = into.unwrap_or(home.id);
    let target = draft.board.block(landed).ok_or(Error::NotFound)?;
    if landed != home.id && !target.takes(placing.article) {
        let said = "It cannot go there: that block has this article already, or takes none.";
        return Ok(Flash::new(&app, said).to(&paths::board::at_block(home.id)));
    }
    let done = change(&app, &by, &form.version, "move", |board| {
        board.shift(id, into, step)?;
        let (block, placing) = board.placing(id)?;
        Some(json!({ "block": block.name(), "article": placing.article }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?));
    }
    Ok(Flash::new(&app, "The order is saved.").to(&paths::board::at_block(landed)))
}

/// What the buttons and the script send.
pub(super) fn step<T: std::str::FromStr>(to: &str, before: &str) -> Result<Step<T>> {
    Ok(match to {
        "up" => Step::Up,
        "down" => Step::Down,
        "" if before.is_empty() => Step::Before(None),
        "" => Step::Before(Some(before.parse().map_err(|_| Error::NotFound)?)),
        _ => return Err(Error::NotFound),
    })
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Versioned {
    pub version: String,
}

/// POST: takes an article off the board; the article itself stays as it is.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<PlacingId>,
    Form(form): Form<Versioned>,
) -> Result<Response> {
    let mut left = None;
    let done = change(&app, &by, &form.version, "remove", |board| {
        left = board.placing(id).map(|(block, _)| block.id);
        Some(json!({ "article": board.remove(id)?.article }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?));
    }
    let to = left.map_or_else(|| paths::desk::FRONT.to_owned(), paths::board::at_block);
    Ok(Flash::new(&app, "The article is off the board.").to(&to))
}
