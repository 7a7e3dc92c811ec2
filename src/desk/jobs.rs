//! Work that is not done: what failed for good, what waits. For administrators, who try again or throw away.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use super::when::{When, when};
use super::{Acting, Frame, Routes};
use crate::news::audit;
use crate::paths;
use crate::queue::backlog;
use crate::text::secrets;
use crate::web::{Admin, App, Error, Flash, Notice, Page, Path, Result};

/// More than that is not read one by one.
const SHOWN: i64 = 200;
const CAUSE_CHARS: usize = 200;

pub fn routes() -> Routes {
    vec![
        (paths::people::JOBS, get(index)),
        ("/desk/jobs/{id}/retry", post(retry)),
        ("/desk/jobs/{id}/discard", post(discard)),
    ]
}

#[derive(Template)]
#[template(path = "desk/jobs.html")]
struct Jobs {
    frame: Frame,
    rows: Vec<Row>,
    is_cut: bool,
}

struct Row {
    id: i64,
    what: String,
    about: String,
    stage: Stage,
    attempts: i32,
    since: When,
    next: When,
    cause: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Failed,
    Running,
    Waiting,
}

/// GET: failed first.
pub async fn index(State(app): State<App>, Admin(viewer): Admin, notice: Notice) -> Result<Page> {
    let open = backlog::open(&app.db, SHOWN + 1).await?;
    let is_cut = i64::try_from(open.len()).is_ok_and(|found| found > SHOWN);
    let rows = open.into_iter().map(|job| Row {
        id: job.id,
        what: what(&job.kind),
        about: job.about(),
        stage: match job.dead_at {
            Some(_) => Stage::Failed,
            None if job.is_running => Stage::Running,
            None => Stage::Waiting,
        },
        attempts: job.attempts,
        since: when(job.dead_at.unwrap_or(job.created_at), &app.site),
        next: when(job.run_at, &app.site),
        cause: secrets::redacted(job.last_error.as_deref().unwrap_or_default(), CAUSE_CHARS),
    });
    let frame = Frame::new(&app, &viewer, "Jobs").at(paths::people::JOBS).notice(notice);
    Ok(Page::new(&Jobs { frame, rows: rows.take(200).collect(), is_cut }))
}

/// A stored name in words: `make_renditions` is "Make renditions".
fn what(kind: &str) -> String {
    let words = kind.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// POST: tried at once, with all its tries before it.
pub async fn retry(State(app): State<App>, by: Acting<Admin>, Path(id): Path<i64>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let kind = backlog::retry(&mut tx, id).await?.ok_or(Error::NotFound)?;
    audit::record(&mut tx, &by.actor, "try again", "job", Some(id), json!({ "kind": kind })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "It is tried again now.").to(paths::people::JOBS))
}

/// POST: given up for good.
pub async fn discard(State(app): State<App>, by: Acting<Admin>, Path(id): Path<i64>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let kind = backlog::discard(&mut tx, id).await?.ok_or(Error::NotFound)?;
    audit::record(&mut tx, &by.actor, "discard", "job", Some(id), json!({ "kind": kind })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The job is thrown away.").to(paths::people::JOBS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_as_words() {
        assert_eq!(what("make_renditions"), "Make renditions");
        assert_eq!(what(""), "");
    }
}
