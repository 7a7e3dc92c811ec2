//! The board of the front page. What is changed here is a draft until it is published (`publish`): its blocks
//! (`blocks`), the articles placed in them (`placings`); links that show it to others are `previews`; `view` is what the screen shows. The line of breaking news
//! is `desk::banners`, because it goes out at once.

mod blocks;
mod placings;
mod previews;
mod publish;
mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use serde_json::Value;

use self::view::View;
use super::{Acting, Routes};
use crate::news::audit;
use crate::news::front::Board;
use crate::news::front::board::Times;
use crate::news::front::store;
use crate::paths;
use crate::text::date;
use crate::web::{App, Editor, Error, Errors, Notice, Page, Result, Site};

/// As the audit log names it.
const NOUN: &str = "front page";

pub fn routes() -> Routes {
    vec![
        (paths::desk::FRONT, get(index).post(placings::create)),
        (paths::board::ORDER, post(placings::reorder)),
        ("/desk/front/{id}", post(placings::update)),
        ("/desk/front/{id}/delete", post(placings::delete)),
        (paths::board::BLOCKS, post(blocks::create)),
        (paths::board::BLOCK_ORDER, post(blocks::reorder)),
        ("/desk/front/blocks/{id}", post(blocks::update)),
        ("/desk/front/blocks/{id}/delete", post(blocks::delete)),
        (paths::board::PUBLISH, post(publish::create)),
        (paths::board::DISCARD, post(publish::discard)),
        (paths::board::HISTORY, get(publish::index)),
        ("/desk/front/history/{id}", post(publish::restore)),
        (paths::board::AT, get(publish::show)),
        (paths::board::PREVIEWS, post(previews::create)),
    ]
}

/// GET: the whole board.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let mut view = View::load(&app, &user).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

/// Changes the draft in one transaction, with a row in the audit log. `false`: the form was made of an older
/// version, and nothing is changed. What `act` does not find there is 404.
async fn change(
    app: &App,
    by: &Acting<Editor>,
    version: &str,
    verb: &str,
    act: impl FnOnce(&mut Board) -> Option<Value>,
) -> Result<bool> {
    let mut tx = app.db.begin().await?;
    let mut draft = store::draft(&mut *tx).await?;
    if !is_version(version, draft.version)? {
        return Ok(false);
    }
    let detail = act(&mut draft.board).ok_or(Error::NotFound)?;
    if store::save_draft(&mut tx, draft.version, &draft.board, &by.user.name).await?.is_none() {
        return Ok(false);
    }
    audit::record(&mut tx, &by.actor, verb, NOUN, None, detail).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whether the form was made of the version that is there. One that names none means whatever is there.
fn is_version(typed: &str, there: i32) -> Result<bool> {
    match typed {
        "" => Ok(true),
        typed => typed
            .parse()
            .map(|version: i32| version == there)
            .map_err(|_| Error::BadRequest("The field version is a number.".to_owned())),
    }
}

/// 409: the board as it is now, with what was typed in its place.
fn stale(mut view: View) -> Response {
    view.stale = true;
    Page::new(&view).status(StatusCode::CONFLICT).into_response()
}

/// 422: the same for what is refused.
fn refused(view: &View) -> Response {
    Page::new(view).unprocessable().into_response()
}

/// Empty fields are no limits.
fn read_times(starts_at: &str, ends_at: &str, site: &Site, errors: &mut Errors) -> Times {
    let mut read = |name: &'static str, text: &str| -> Option<DateTime<Utc>> {
        if text.trim().is_empty() {
            return None;
        }
        let time = date::parse_field(text, site.timezone);
        time.map_err(|why| errors.add(name, format!("Please {why}."))).ok()
    };
    let times = (read("starts_at", starts_at), read("ends_at", ends_at));
    if matches!(times, (Some(start), Some(end)) if end <= start) {
        errors.add("ends_at", "The end lies before the start.");
    }
    times
}
