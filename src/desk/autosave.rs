//! What the article form sends while somebody writes, as JSON for `static/js/autosave.js`. Nothing here touches an
//! article; when text that waits is shown again is `waiting`'s.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

use super::article_form::{self, May};
use super::article_typed::{self, NAMES, Typed};
use super::checklist::{self, Item};
use super::picture_key::PictureKey;
use super::{Acting, Routes, multipart};
use crate::news::article::autosave::{self, Fields, Kept, Key, New, Subject};
use crate::news::article::save::Action;
use crate::news::article::{ArticleId, scheduled};
use crate::paths;
use crate::text::date;
use crate::web::error_page::AsIs;
use crate::web::{App, Author, Error, Flash, Form, Path, Result, Upload, UploadLimits};

/// Text only: a file waits in the form until somebody saves.
const LIMITS: UploadLimits =
    UploadLimits { fields: 2 * 1024 * 1024, file: 0, files: 0, body: 3 * 1024 * 1024 };
/// What is sent besides the fields of the form: which page this is, and the newest autosave it knows of.
const ABOUT: [&str; 2] = ["sequence", "page"];
/// What is no part of the text, or must be typed each time.
const NOT_KEPT: [&str; 8] =
    ["version", "action", "draft", "picture", "remove_picture", "override_reason", "sequence", "page"];

pub fn routes() -> Routes {
    vec![
        (paths::writing::DRAFT_AUTOSAVE, post(create)),
        (paths::writing::DRAFT_DISCARD, post(discard_draft)),
        ("/desk/articles/{id}/autosave", post(update)),
        ("/desk/articles/{id}/autosave/discard", post(discard)),
        ("/desk/articles/{id}/edit/autosave", post(update_edit)),
        ("/desk/articles/{id}/edit/autosave/discard", post(discard_edit)),
    ]
}

/// 200 with `state` `saved`, or 409 with the reason why nothing was written.
#[derive(Default, Serialize)]
struct Answer {
    state: &'static str,
    /// The time on the clock of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i32>,
    #[serde(flatten)]
    judged: Option<Judged>,
}

/// What the server makes of the text.
#[derive(Serialize)]
struct Judged {
    words: usize,
    minutes: usize,
    checks: Vec<Item>,
}

/// POST: text of an article that was never saved.
pub async fn create(State(app): State<App>, by: Acting<Author>, request: Request) -> Result<Response> {
    let upload = read(&app, request).await?;
    let key = Key::parse(upload.text("draft"))
        .ok_or_else(|| Error::BadRequest("The field draft is the key of a draft.".to_owned()))?;
    keep(&app, &by, &Subject::Draft(key), &upload).await
}

/// POST: text of an article that exists.
pub async fn update(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response> {
    let existing = article_form::existing(&app, &by.user, &id).await?;
    if !May::of(&by.user, Some(&existing.article)).save {
        return Err(Error::Forbidden);
    }
    let upload = read(&app, request).await?;
    keep(&app, &by, &Subject::Article(existing.article.id), &upload).await
}

/// POST: text of an edit that waits for its time.
pub async fn update_edit(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response> {
    let existing = article_form::existing(&app, &by.user, &id).await?;
    if !existing.article.may(&by.user, Action::Schedule) {
        return Err(Error::Forbidden);
    }
    let upload = read(&app, request).await?;
    keep(&app, &by, &Subject::Edit(existing.article.id), &upload).await
}

async fn read(app: &App, request: Request) -> Result<Upload> {
    let known: Vec<&'static str> = NAMES.iter().chain(&ABOUT).copied().collect();
    let (upload, errors) = multipart::read(app, request, LIMITS, &known).await?;
    if errors.is_empty() { Ok(upload) } else { Err(Error::TooLarge) }
}

async fn keep(app: &App, by: &Acting<Author>, subject: &Subject, upload: &Upload) -> Result<Response> {
    let fields = fields(upload);
    let new = New {
        base_version: upload.text("version").parse().unwrap_or_default(),
        sequence: upload.text("sequence").parse().unwrap_or_default(),
        page: upload.text("page"),
        fields: &fields,
    };
    if new.page.len() > 64 {
        return Err(Error::BadRequest("The field page has at most 64 letters.".to_owned()));
    }
    let mut tx = app.db.begin().await?;
    let kept = autosave::keep(&mut tx, by.user.id, subject, &new).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    let clock = |at| Some(date::time(at, app.site.timezone));
    let refused = match kept {
        Kept::Saved { sequence, at } => {
            let judged = Some(judge(app, upload).await?);
            let answer = Answer { state: "saved", at: clock(at), sequence: Some(sequence), judged };
            return Ok(Json(answer).into_response());
        }
        Kept::Moved { .. } => Answer { state: "moved", ..Answer::default() },
        Kept::Elsewhere { sequence, at } => {
            Answer { state: "elsewhere", at: clock(at), sequence: Some(sequence), judged: None }
        }
        Kept::Became(_) => Answer { state: "became", ..Answer::default() },
        Kept::Gone => Answer { state: "gone", ..Answer::default() },
    };
    Ok((StatusCode::CONFLICT, Extension(AsIs), Json(refused)).into_response())
}

/// The first value of each name, without the letters that no database takes.
fn fields(upload: &Upload) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in &upload.fields {
        if !NOT_KEPT.contains(&name.as_str()) {
            fields.entry(name.clone()).or_insert_with(|| article_typed::text(value));
        }
    }
    fields
}

async fn judge(app: &App, upload: &Upload) -> Result<Judged> {
    let typed = Typed::sent(upload);
    let picture = match upload.text("picture_id").parse::<PictureKey>() {
        Ok(key) => key.open(app).await?.map(|picture| picture.id),
        Err(_) => None,
    };
    let list = checklist::of(app, &typed, picture).await?;
    Ok(Judged { words: list.words, minutes: list.minutes, checks: list.items })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thrown {
    #[serde(default)]
    draft: String,
}

/// POST: throws the text of a draft away.
pub async fn discard_draft(
    State(app): State<App>,
    by: Acting<Author>,
    Form(form): Form<Thrown>,
) -> Result<Response> {
    let key = Key::parse(&form.draft).ok_or(Error::NotFound)?;
    throw(&app, &by, &Subject::Draft(key), paths::desk::ARTICLE_NEW).await
}

/// POST: throws the text away, and shows what is stored.
pub async fn discard(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<ArticleId>,
) -> Result<Response> {
    let existing = article_form::existing(&app, &by.user, &id.to_string()).await?;
    throw(&app, &by, &Subject::Article(existing.article.id), &paths::desk::article(id)).await
}

/// POST: throws the text away, and shows the edit as it waits.
pub async fn discard_edit(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<ArticleId>,
) -> Result<Response> {
    let existing = article_form::existing(&app, &by.user, &id.to_string()).await?;
    let id = existing.article.id;
    let to = match scheduled::of_article(&app.db, id).await? {
        Some(_) => paths::workflow::edit(id),
        None => paths::desk::article(id),
    };
    throw(&app, &by, &Subject::Edit(id), &to).await
}

async fn throw(app: &App, by: &Acting<Author>, subject: &Subject, to: &str) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    autosave::discard(&mut tx, by.user.id, subject).await?;
    tx.commit().await?;
    Ok(Flash::new(app, "Your unsaved text is discarded.").to(to))
}
