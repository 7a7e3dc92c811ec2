//! The blocks of the board: on or off, how many items, what fills them, in which order; and blocks of the editors'
//! own.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::placings::{Versioned, step};
use super::view::View;
use super::{change, refused, stale};
use crate::desk::Acting;
use crate::news::front::board::{Block, BlockId, Kind, MAX_TITLE, Rule};
use crate::news::front::store;
use crate::news::tag;
use crate::paths;
use crate::web::{App, Editor, Error, Errors, Flash, Form, Path, Result};

/// Stories in a block of the editors' own, to begin with: one row.
const OWN_SIZE: usize = 4;

/// What the form of a block holds.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub title: String,
    pub on: String,
    pub size: String,
    /// As `Rule` is written, or `tag`, which `tag` names.
    pub rule: String,
    pub tag: String,
    pub version: String,
}

/// POST: changes a block.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<BlockId>,
    Form(form): Form<Settings>,
) -> Result<Response> {
    let draft = store::draft(&app.db).await?;
    let block = draft.board.block(id).ok_or(Error::NotFound)?;
    let mut errors = Errors::default();
    let (title, size) = (title(block.kind, &form.title, &mut errors), size(block, &form.size, &mut errors));
    let rule = rule(&app, block, &form, &mut errors).await?;
    if !errors.is_empty() {
        return Ok(refused(&View::load(&app, &by.user).await?.with_settings(id, form, errors)));
    }
    let done = change(&app, &by, &form.version, "change", |board| {
        let block = board.block_mut(id)?;
        (block.title, block.on, block.size, block.rule) = (title, !form.on.is_empty(), size, rule);
        Some(json!({ "block": block.name(), "on": block.on, "size": size, "rule": rule.to_string() }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?.with_settings(id, form, errors)));
    }
    Ok(Flash::new(&app, "The block is saved.").to(&paths::board::at_block(id)))
}

/// Only blocks of the editors' own have one.
fn title(kind: Kind, typed: &str, errors: &mut Errors) -> String {
    let title = typed.trim();
    if kind != Kind::Stories {
        return String::new();
    }
    match title.chars().count() {
        0 => errors.add("title", "Give the block a title."),
        1..=MAX_TITLE => {}
        _ => errors.add("title", format!("A title has at most {MAX_TITLE} letters.")),
    }
    title.to_owned()
}

fn size(block: &Block, typed: &str, errors: &mut Errors) -> usize {
    let most = block.kind.most();
    let size = typed.trim().parse().ok().filter(|size| (1..=most).contains(size));
    size.unwrap_or_else(|| {
        errors.add("size", format!("A number from 1 to {most}."));
        block.size
    })
}

async fn rule(app: &App, block: &Block, form: &Settings, errors: &mut Errors) -> Result<Rule> {
    if !block.kind.takes_rule() {
        return Ok(block.rule);
    }
    if form.rule != "tag" {
        return form.rule.parse().map_err(|_| Error::BadRequest("The field rule names no rule.".to_owned()));
    }
    let found = tag::by_name(&app.db, form.tag.trim()).await?;
    Ok(found.map_or_else(
        || {
            errors.add("tag", "There is no tag of this name.");
            block.rule
        },
        |tag| Rule::Tag(tag.id),
    ))
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewBlock {
    /// As `Kind` is stored.
    pub kind: String,
    pub title: String,
    pub version: String,
}

/// POST: a new block at the end: one of the editors' own, or one that the board had lost.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(form): Form<NewBlock>,
) -> Result<Response> {
    let kind: Kind = serde_json::from_value(json!(form.kind))
        .map_err(|_| Error::BadRequest("The field kind names no block.".to_owned()))?;
    let mut errors = Errors::default();
    let title = title(kind, &form.title, &mut errors);
    if !errors.is_empty() {
        return Ok(refused(&View::load(&app, &by.user).await?.with_new_block(form, errors)));
    }
    let rule = if kind == Kind::Stories { Rule::Hand } else { Rule::Latest };
    let mut added = None;
    let done = change(&app, &by, &form.version, "add block", |board| {
        added = match board.of_kind(kind).filter(|block| block.kind != Kind::Stories) {
            Some(there) => Some(there.id),
            None => board.add(kind, &title, OWN_SIZE, rule),
        };
        Some(json!({ "block": added.and_then(|id| board.block(id)).map(Block::name) }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?.with_new_block(form, errors)));
    }
    match added {
        Some(id) => Ok(Flash::new(&app, "The block stands at the end.").to(&paths::board::at_block(id))),
        None => Ok(Flash::new(&app, "The board is full.").to(paths::desk::FRONT)),
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Order {
    id: String,
    to: String,
    before: String,
    version: String,
}

/// POST: a block one place up or down, or to where it was dragged.
pub async fn reorder(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(form): Form<Order>,
) -> Result<Response> {
    let id: BlockId = form.id.parse().map_err(|_| Error::NotFound)?;
    let step = step(&form.to, &form.before)?;
    let done = change(&app, &by, &form.version, "move block", |board| {
        board.shift_block(id, step)?;
        Some(json!({ "block": board.block(id)?.name() }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?));
    }
    Ok(Flash::new(&app, "The order is saved.").to(&paths::board::at_block(id)))
}

/// POST: takes a block of the editors' own off the board; the others are switched off instead.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<BlockId>,
    Form(form): Form<Versioned>,
) -> Result<Response> {
    let done = change(&app, &by, &form.version, "remove block", |board| {
        board.block(id).filter(|block| block.kind == Kind::Stories)?;
        Some(json!({ "block": board.remove_block(id)?.name() }))
    });
    if !done.await? {
        return Ok(stale(View::load(&app, &by.user).await?));
    }
    Ok(Flash::new(&app, "The block is off the board.").to(paths::desk::FRONT))
}
