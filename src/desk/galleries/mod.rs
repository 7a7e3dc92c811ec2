//! Albums and films: the list; their form is `form`, the pictures of an album are `pictures`.

mod form;
mod pictures;

use askama::Template;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use super::when::{When, when};
use super::{Acting, Frame, Routes};
use crate::news::audit;
use crate::news::gallery::{self, Gallery, GalleryId, Kind};
use crate::paths;
use crate::web::{App, Editor, Error, Flash, Notice, Page, Path, Result};

/// The last touched come first, and nobody edits the two hundred and first.
const LISTED: i64 = 200;
/// The words of some hundreds of pictures, percent-encoded.
const WORDS_BODY: usize = 1024 * 1024;

pub fn routes() -> Routes {
    vec![
        (paths::desk::GALLERIES, get(index).post(form::create)),
        (paths::desk::GALLERY_NEW, get(form::new)),
        ("/desk/galleries/{id}", get(form::edit).post(form::update)),
        ("/desk/galleries/{id}/upload", post(pictures::create)),
        ("/desk/galleries/{id}/pictures", post(pictures::update).layer(DefaultBodyLimit::max(WORDS_BODY))),
        ("/desk/galleries/{id}/delete", post(delete)),
    ]
}

#[derive(Template)]
#[template(path = "desk/galleries.html")]
struct Galleries {
    frame: Frame,
    rows: Vec<Row>,
    kinds: [Kind; 2],
}

struct Row {
    gallery: Gallery,
    at: Option<When>,
    /// As the badge's class and its word.
    state: (&'static str, &'static str),
}

/// GET: all galleries, the last touched first.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let galleries = gallery::all(&app.db, LISTED).await?;
    let rows = galleries.into_iter().map(|gallery| Row {
        at: gallery.publish_at.map(|at| when(at, &app.site)),
        state: state(&gallery),
        gallery,
    });
    let frame = Frame::new(&app, &user, "Galleries").at(paths::desk::GALLERIES).notice(notice);
    Ok(Page::new(&Galleries { frame, rows: rows.collect(), kinds: Kind::ALL }))
}

fn state(gallery: &Gallery) -> (&'static str, &'static str) {
    match (gallery.visible, gallery.publish_at) {
        _ if gallery.withdrawn => ("withdrawn", "Withdrawn"),
        (true, _) => ("published", "Published"),
        (false, Some(_)) => ("scheduled", "Scheduled"),
        (false, None) => ("draft", "Draft"),
    }
}

/// POST: deletes a gallery; its pictures stay among the media.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<GalleryId>,
) -> Result<Response> {
    let gallery = gallery::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    gallery::delete(&mut tx, id).await?;
    let detail = json!({ "title": gallery.title, "kind": gallery.kind.as_str() });
    audit::record(&mut tx, &by.actor, "delete", "gallery", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The gallery {} is deleted.", gallery.title)).to(paths::desk::GALLERIES))
}
