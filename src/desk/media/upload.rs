//! New pictures: several at once by the form, one after the other by a script.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::item::{self, Item};
use super::{Asked, view};
use crate::desk::picture_field::Refusal;
use crate::desk::{Acting, multipart, picture_field};
use crate::news::media::{self, quota::Exceeded};
use crate::paths;
use crate::web::error::retry_after_value;
use crate::web::{App, Author, Error, Flash, Page, Result, UploadLimits};

/// POST: 303 to the library, or 422 with what is wrong. To a script 201 with the one picture it sent, 422 or 413.
pub async fn create(State(app): State<App>, by: Acting<Author>, request: Request) -> Result<Response> {
    if item::wanted(request.headers()) {
        one(&app, &by, request).await
    } else {
        several(&app, &by, request).await
    }
}

/// Those that are good are kept, whatever becomes of the others.
async fn several(app: &App, by: &Acting<Author>, request: Request) -> Result<Response> {
    let (upload, mut errors) = multipart::read(app, request, UploadLimits::ALBUM, &["file"]).await?;
    let (mut kept, mut known) = (0, 0);
    let mut refusals = Vec::new();
    for file in &upload.files {
        match picture_field::keep(app, &by.actor, file).await? {
            Ok(medium) if medium.duplicate => known += 1,
            Ok(_) => kept += 1,
            Err(refused) => refusals.push(format!("{}: {refused}", file.name)),
        }
    }
    if !refusals.is_empty() {
        errors.add("file", refusals.join(" "));
    } else if upload.files.is_empty() {
        errors.add("file", "Choose a picture first.");
    }
    if errors.is_empty() {
        return Ok(Flash::new(app, &outcome(kept, known)).to(paths::desk::MEDIA));
    }
    let mut screen = view(app, &by.user, &Asked::default()).await?;
    if kept + known > 0 {
        screen.frame.notice = Some(outcome(kept, known));
    }
    screen.errors = errors;
    Ok(Page::new(&screen).unprocessable().into_response())
}

async fn one(app: &App, by: &Acting<Author>, request: Request) -> Result<Response> {
    let (upload, errors) = match multipart::read(app, request, UploadLimits::PICTURES, &["file"]).await {
        Ok(read) => read,
        Err(Error::TooLarge) => {
            return Ok(item::refused(StatusCode::PAYLOAD_TOO_LARGE, "This is larger than 20 MiB."));
        }
        Err(other) => return Err(other),
    };
    if let Some(message) = errors.on("file") {
        return Ok(item::refused(StatusCode::PAYLOAD_TOO_LARGE, message));
    }
    let Some(file) = upload.file("file") else {
        return Ok(item::refused(StatusCode::UNPROCESSABLE_ENTITY, "Choose a picture first."));
    };
    let kept = match picture_field::keep(app, &by.actor, file).await? {
        Ok(kept) => kept,
        Err(refused) => {
            let answer = item::refused(status(&refused), &refused.to_string());
            let Refusal::Quota(Exceeded::Hour(wait)) = refused else { return Ok(answer) };
            return Ok(([(header::RETRY_AFTER, retry_after_value(wait))], answer).into_response());
        }
    };
    let medium = media::by_id(&app.db, kept.id).await?.ok_or(Error::NotFound)?;
    let item = Item::of(&medium).ok_or(Error::NotFound)?;
    let mut answer = serde_json::to_value(item).map_err(Error::internal)?;
    if let Value::Object(fields) = &mut answer {
        fields.insert("duplicate".to_owned(), json!(kept.duplicate));
    }
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

fn status(refused: &Refusal) -> StatusCode {
    match refused {
        Refusal::File(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Quota(Exceeded::Hour(_)) => StatusCode::TOO_MANY_REQUESTS,
        Refusal::Quota(_) => StatusCode::INSUFFICIENT_STORAGE,
    }
}

fn outcome(kept: usize, known: usize) -> String {
    match (kept, known) {
        (0, 1) => "This picture was in the library already.".to_owned(),
        (0, many) => format!("These {many} pictures were in the library already."),
        (_, 0) => uploaded(kept),
        (_, known) => format!("{} {known} more were in the library already.", uploaded(kept)),
    }
}

pub fn uploaded(count: usize) -> String {
    match count {
        1 => "The picture is uploaded; its sizes are made in a moment.".to_owned(),
        many => format!("{many} pictures are uploaded; their sizes are made in a moment."),
    }
}
