//! All pictures that were uploaded, wherever they are used, and a form to upload more.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::when::{When, when};
use super::{Acting, Frame, Routes, multipart, picture_field};
use crate::accounts::User;
use crate::news::media::{self, Kind, Media, MediaId, Use};
use crate::paths;
use crate::web::{App, Editor, Error, Errors, Flash, Notice, Page, Query, Result, UploadLimits};

const PAGE: usize = 30;

pub fn routes() -> Routes {
    vec![(paths::desk::MEDIA, get(index).post(create))]
}

#[derive(Template)]
#[template(path = "desk/media.html")]
struct Pictures {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<String>,
    errors: Errors,
}

struct Row {
    medium: Media,
    at: When,
    size: String,
    uses: Vec<(String, String)>,
}

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    before: String,
}

/// GET: the pictures, newest first.
pub async fn index(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Query(asked): Query<Asked>,
) -> Result<Page> {
    let before = match asked.before.as_str() {
        "" => None,
        other => Some(other.parse::<MediaId>().map_err(|_| Error::NotFound)?),
    };
    let view = view(&app, &user, before).await?;
    Ok(Page::new(&Pictures { frame: view.frame.notice(notice), ..view }))
}

async fn view(app: &App, user: &User, before: Option<MediaId>) -> Result<Pictures> {
    let one_more = i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1;
    let mut media = media::latest(&app.db, Some(Kind::Picture), before, one_more).await?;
    let more = media.len() > PAGE;
    media.truncate(PAGE);
    let next = media.last().filter(|_| more).map(|last| format!("{}?before={}", paths::desk::MEDIA, last.id));
    let ids: Vec<MediaId> = media.iter().map(|medium| medium.id).collect();
    let places = media::uses(&app.db, &ids).await?;
    let rows = media.into_iter().map(|medium| Row {
        at: when(medium.created_at, &app.site),
        size: size(medium.bytes),
        uses: places.iter().filter(|one| one.media_id == medium.id).map(used_by).collect(),
        medium,
    });
    let frame = Frame::new(app, user, "Media").at(paths::desk::MEDIA);
    Ok(Pictures { frame, rows: rows.collect(), next, errors: Errors::default() })
}

/// Title and address at the desk.
fn used_by(one: &Use) -> (String, String) {
    let href = match one.noun.as_str() {
        "article" => paths::desk::article(one.noun_id),
        "topic" => paths::desk::topic(one.noun_id),
        _ => paths::desk::gallery(one.noun_id),
    };
    (one.title.clone(), href)
}

/// `2.4 MB`, `310 kB`
fn size(bytes: i64) -> String {
    let kilobytes = (bytes + 999) / 1000;
    if kilobytes < 1000 {
        format!("{kilobytes} kB")
    } else {
        format!("{}.{} MB", kilobytes / 1000, kilobytes % 1000 / 100)
    }
}

/// POST: one or more pictures. Those that are good are kept, whatever becomes of the others.
pub async fn create(State(app): State<App>, by: Acting<Editor>, request: Request) -> Result<Response> {
    let (upload, mut errors) = multipart::read(&app, request, UploadLimits::ALBUM, &["picture"]).await?;
    let mut kept = 0;
    let mut refusals = Vec::new();
    for file in &upload.files {
        match picture_field::keep(&app, &by.actor, file).await? {
            Ok(_) => kept += 1,
            Err(refused) => refusals.push(format!("{}: {refused}", file.name)),
        }
    }
    if upload.files.is_empty() {
        errors.add("picture", "Choose a picture first.");
    } else if !refusals.is_empty() {
        errors.add("picture", refusals.join(" "));
    }
    if errors.is_empty() {
        return Ok(Flash::new(&app, &uploaded(kept)).to(paths::desk::MEDIA));
    }
    let mut view = view(&app, &by.user, None).await?;
    if kept > 0 {
        view.frame.notice = Some(uploaded(kept));
    }
    Ok(Page::new(&Pictures { errors, ..view }).unprocessable().into_response())
}

pub(super) fn uploaded(count: usize) -> String {
    match count {
        1 => "The picture is uploaded; its sizes are made in a moment.".to_owned(),
        many => format!("{many} pictures are uploaded; their sizes are made in a moment."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_readable() {
        assert_eq!(size(309_400), "310 kB");
        assert_eq!(size(2_450_000), "2.4 MB");
        assert_eq!(size(12), "1 kB");
    }
}
