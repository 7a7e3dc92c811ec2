//! The pictures of an album: added several at once, then described, ordered and removed in one form.

use std::collections::HashMap;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::form;
use crate::desk::media::uploaded;
use crate::desk::{Acting, multipart, picture_field};
use crate::news::audit;
use crate::news::gallery::{self, GalleryId, Item, Kind};
use crate::paths;
use crate::web::{App, Editor, Error, Errors, Flash, Form, Page, Path, Result, UploadLimits};

/// As the schema has them.
const MAX_ALT: usize = 500;
const MAX_CAPTION: usize = 500;
const MAX_CREDIT: usize = 200;

/// A picture with what its fields hold.
pub struct Row {
    pub item: Item,
    pub position: String,
    pub remove: bool,
    pub errors: Errors,
    /// It was never described.
    bare: bool,
    pub first: bool,
    pub last: bool,
}

pub fn rows(items: Vec<Item>) -> Vec<Row> {
    let count = items.len();
    let rows = items.into_iter().zip(1..);
    rows.map(|(item, place): (Item, usize)| Row {
        bare: item.alt.is_empty(),
        first: place == 1,
        last: place == count,
        item,
        position: place.to_string(),
        remove: false,
        errors: Errors::default(),
    })
    .collect()
}

/// POST: adds pictures at the end. Those that are good are kept, whatever becomes of the others.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<GalleryId>,
    request: Request,
) -> Result<Response> {
    album(&app, id).await?;
    let (upload, mut errors) = multipart::read(&app, request, UploadLimits::ALBUM, &["pictures"]).await?;
    let mut kept = Vec::new();
    let mut refusals = Vec::new();
    for file in &upload.files {
        match picture_field::keep(&app, &by.actor, file).await? {
            Ok(medium) => kept.push(medium.id),
            Err(refused) => refusals.push(format!("{}: {refused}", file.name)),
        }
    }
    if !kept.is_empty() {
        let mut tx = app.db.begin().await?;
        for medium in &kept {
            gallery::add_picture(&mut tx, id, *medium, ("", "", "")).await?;
        }
        gallery::touch(&mut tx, id).await?;
        let detail = json!({ "pictures": kept.len() });
        audit::record(&mut tx, &by.actor, "add pictures", "gallery", Some(id.0), detail).await?;
        tx.commit().await?;
    }
    if upload.files.is_empty() {
        errors.add("pictures", "Choose a picture first.");
    } else if !refusals.is_empty() {
        errors.add("pictures", refusals.join(" "));
    }
    if errors.is_empty() {
        return Ok(Flash::new(&app, &uploaded(kept.len())).to(&paths::desk::gallery(id)));
    }
    let mut view = form::view(&app, &by.user, id).await?;
    view.upload_errors = errors;
    Ok(Page::new(&view).unprocessable().into_response())
}

/// POST: the words and places of all pictures, and which are removed. A button that moves one saves the words too.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<GalleryId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    album(&app, id).await?;
    let mut rows = rows(gallery::items(&app.db, id).await?);
    let (steps, pairs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "move");
    let step = steps.first().map(|(_, step)| step.as_str());
    fill(&mut rows, pairs)?;
    let mut places = places(&mut rows);
    let moved = step.map(|step| swap(&rows, &mut places, step)).transpose()?;
    // Pictures can be put into order before they are described.
    for row in &mut rows {
        check(row, moved.is_some());
    }
    if rows.iter().any(|row| !row.errors.is_empty()) {
        let mut view = form::view(&app, &by.user, id).await?;
        view.rows = rows;
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    let mut tx = app.db.begin().await?;
    let mut removed = 0;
    for (row, place) in rows.iter().zip(places) {
        if row.remove {
            gallery::remove_picture(&mut tx, id, row.item.id).await?;
            removed += 1;
        } else {
            let words = (row.item.alt.trim(), row.item.caption.trim(), row.item.credit.trim());
            gallery::update_picture(&mut tx, id, row.item.id, place, words).await?;
        }
    }
    gallery::touch(&mut tx, id).await?;
    let detail = json!({ "pictures": rows.len() - removed, "removed": removed });
    audit::record(&mut tx, &by.actor, "arrange pictures", "gallery", Some(id.0), detail).await?;
    tx.commit().await?;
    let page = paths::desk::gallery(id);
    Ok(match moved {
        Some(item) => Flash::new(&app, "The order is saved.").to(&format!("{page}#picture-{item}")),
        None => Flash::new(&app, "The pictures are saved.").to(&page),
    })
}

/// `17:up`: that picture changes places with the one before it. Answers which.
fn swap(rows: &[Row], places: &mut [i32], step: &str) -> Result<i64> {
    let unknown = || Error::BadRequest("The field move is a picture and up or down.".to_owned());
    let (id, way) = step.split_once(':').ok_or_else(unknown)?;
    let id: i64 = id.parse().map_err(|_| unknown())?;
    let at = rows.iter().position(|row| row.item.id == id).ok_or(Error::NotFound)?;
    let place = places.get(at).copied().unwrap_or_default();
    let wanted = match way {
        "up" => place - 1,
        "down" => place + 1,
        _ => return Err(unknown()),
    };
    if let Some(other) = places.iter().position(|place| *place == wanted) {
        places.swap(at, other);
    }
    Ok(id)
}

/// Only albums hold pictures.
async fn album(app: &App, id: GalleryId) -> Result<()> {
    let gallery = gallery::by_id(&app.db, id).await?;
    gallery.filter(|gallery| gallery.kind == Kind::Photo).map(|_| ()).ok_or(Error::NotFound)
}

/// Puts what was typed (`alt-17`, `position-17`) into its row. A picture that is gone meanwhile is passed over.
fn fill(rows: &mut [Row], pairs: Vec<(String, String)>) -> Result<()> {
    let by_id: HashMap<i64, usize> = rows.iter().enumerate().map(|(at, row)| (row.item.id, at)).collect();
    for (name, value) in pairs {
        let unknown = || Error::BadRequest(format!("The form has no field {name}."));
        let (field, id) = name.rsplit_once('-').ok_or_else(unknown)?;
        let id: i64 = id.parse().map_err(|_| unknown())?;
        let Some(row) = by_id.get(&id).and_then(|at| rows.get_mut(*at)) else { continue };
        match field {
            "alt" => row.item.alt = value,
            "caption" => row.item.caption = value,
            "credit" => row.item.credit = value,
            "position" => row.position = value,
            "remove" => row.remove = true,
            _ => return Err(unknown()),
        }
    }
    Ok(())
}

/// The place of each row after what was typed. Of two with the same number the one that was moved gets it.
fn places(rows: &mut [Row]) -> Vec<i32> {
    let mut order: Vec<(i64, i64, usize)> = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter_mut().enumerate() {
        let was = i64::try_from(at).unwrap_or(i64::MAX) + 1;
        let place = row.position.trim().parse::<i64>().unwrap_or_else(|_| {
            row.errors.add("position", "A place is a number.");
            was
        });
        order.push((place, (place - was).signum(), at));
    }
    order.sort_unstable();
    let mut places = vec![0; rows.len()];
    for ((_, _, at), place) in order.into_iter().zip(1..) {
        if let Some(slot) = places.get_mut(at) {
            *slot = place;
        }
    }
    places
}

fn check(row: &mut Row, moving: bool) {
    if row.remove {
        row.errors = Errors::default();
        return;
    }
    let length = |text: &str| text.trim().chars().count();
    match length(&row.item.alt) {
        0 if moving && row.bare => {}
        0 => row.errors.add("alt", "Say what the picture shows, for those who cannot see it."),
        1..=MAX_ALT => {}
        _ => row.errors.add("alt", format!("At most {MAX_ALT} letters.")),
    }
    if length(&row.item.caption) > MAX_CAPTION {
        row.errors.add("caption", format!("At most {MAX_CAPTION} letters."));
    }
    if length(&row.item.credit) > MAX_CREDIT {
        row.errors.add("credit", format!("At most {MAX_CREDIT} letters."));
    }
}

#[cfg(test)]
mod tests {
    use sqlx::types::Json;

    use super::*;

    fn typed(positions: &[&str]) -> Vec<i32> {
        let item = |id| Item {
            id,
            name: String::new(),
            width: 1,
            height: 1,
            alt: "A".to_owned(),
            caption: String::new(),
            credit: String::new(),
            ended: false,
            renditions: Json(Vec::new()),
        };
        let mut rows = rows((1..).take(positions.len()).map(item).collect());
        for (row, position) in rows.iter_mut().zip(positions) {
            row.position = (*position).to_owned();
        }
        places(&mut rows)
    }

    #[test]
    fn a_picture_that_was_given_a_number_gets_that_place() {
        assert_eq!(typed(&["1", "2", "1"]), [2, 3, 1]);
        assert_eq!(typed(&["3", "2", "3"]), [3, 1, 2]);
        assert_eq!(typed(&["9", "2", "-4"]), [3, 2, 1]);
    }

    #[test]
    fn untouched_numbers_change_nothing() {
        assert_eq!(typed(&["1", "2", "3"]), [1, 2, 3]);
    }
}
