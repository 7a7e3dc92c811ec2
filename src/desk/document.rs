//! An article begun from a file: its text, its headline and its pictures fill the article form. Nothing is saved but
//! the pictures, which are in the library before their article is, like any that an editor puts into a text.
//!
//! How a file is read is `documents`; the form that it fills is `article_form`.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::article_form;
use super::article_typed::Typed;
use super::picture_field::Refusal;
use super::{Acting, Frame, Routes, multipart, picture_field};
use crate::accounts::User;
use crate::documents::{self, Draft, LeftOut, Refused};
use crate::news::audit::Actor;
use crate::news::media;
use crate::paths;
use crate::text::Language;
use crate::web::upload::UploadedFile;
use crate::web::{App, Author, Error, Errors, Page, Result, Site, UploadLimits, cleaning};

const FIELD: &str = "document";
const MIB: usize = 1024 * 1024;
const LIMITS: UploadLimits = UploadLimits { fields: 4 * 1024, file: 20 * MIB, files: 1, body: 24 * MIB };

/// A hostile document may take a second and some memory: one at a time.
static GATE: Semaphore = Semaphore::const_new(1);

pub fn routes() -> Routes {
    vec![(paths::documents::DOCUMENT, get(new).post(create))]
}

#[derive(Template)]
#[template(path = "desk/document.html")]
struct Form {
    frame: Frame,
    errors: Errors,
}

fn form(app: &App, user: &User, errors: Errors) -> Form {
    Form { frame: Frame::new(app, user, "Start from a file").at(paths::desk::ARTICLES), errors }
}

/// GET: asks for the file.
async fn new(State(app): State<App>, Author(user): Author) -> Page {
    Page::new(&form(&app, &user, Errors::default()))
}

/// POST: the article form, filled and not saved; 422 or 413 with what is wrong with the file.
async fn create(State(app): State<App>, by: Acting<Author>, request: Request) -> Result<Response> {
    let (upload, mut errors) = multipart::read(&app, request, LIMITS, &[FIELD]).await?;
    if !errors.is_empty() {
        return Ok(refused(&app, &by.user, errors, StatusCode::PAYLOAD_TOO_LARGE));
    }
    let wrong = match upload.file(FIELD) {
        None => "Choose a file first.".to_owned(),
        Some(file) => match article(&app, &by.actor, file).await? {
            Ok((typed, notice)) => {
                return Ok(article_form::filled(&app, &by.user, typed, notice).await?.into_response());
            }
            Err(wrong) => wrong,
        },
    };
    errors.add(FIELD, wrong);
    Ok(refused(&app, &by.user, errors, StatusCode::UNPROCESSABLE_ENTITY))
}

fn refused(app: &App, user: &User, errors: Errors, status: StatusCode) -> Response {
    Page::new(&form(app, user, errors)).status(status).into_response()
}

/// What the form shall hold, and a sentence on what became of the file; or what is wrong with it.
async fn article(app: &App, by: &Actor, file: &UploadedFile) -> Result<Result<(Typed, String), String>> {
    let mut draft = match read(file).await? {
        Ok(draft) => draft,
        Err(refused) => return Ok(Err(refused.to_string())),
    };
    let kept = keep(app, by, &mut draft).await?;
    let source = draft.body(|number, caption| match kept.get(number) {
        Some(Some(shown)) => figure(shown, caption),
        _ => String::new(),
    });
    let body = match cleaning::clean(source).await? {
        Ok(body) => body,
        Err(unclean) => return Ok(Err(format!("This document is not taken: {unclean}."))),
    };
    let notice = notice(&file.name, kept.iter().flatten().count(), &draft.left_out);
    Ok(Ok((typed(draft, body.as_str(), &app.site), notice)))
}

/// Off the async threads. A reader that trips over a file costs that file and nothing else.
async fn read(file: &UploadedFile) -> Result<Result<Draft, Refused>> {
    let place = GATE.acquire().await.map_err(Error::internal)?;
    let (name, bytes) = (file.name.clone(), file.bytes.clone());
    let reading = spawn_blocking(move || {
        let read = documents::read(&name, &bytes);
        drop(place);
        read
    });
    Ok(reading.await.unwrap_or(Err(Refused::Damaged("it cannot be read"))))
}

/// A picture as it stands in the text.
struct Shown {
    url: String,
    width: i32,
    height: i32,
    alt: String,
}

/// Puts the pictures into the library, each as if it had been uploaded. One that is refused is left out.
async fn keep(app: &App, by: &Actor, draft: &mut Draft) -> Result<Vec<Option<Shown>>> {
    let mut kept = Vec::with_capacity(draft.pictures.len());
    for picture in std::mem::take(&mut draft.pictures) {
        let file = UploadedFile { field: FIELD.to_owned(), name: picture.name, bytes: picture.bytes };
        let shown = match picture_field::keep(app, by, &file).await? {
            Ok(known) => media::by_id(&app.db, known.id).await?,
            Err(Refusal::File(_)) => None,
            Err(Refusal::Quota(_)) => {
                draft.left_out.add("picture over the limit of uploads", "pictures over the limit of uploads");
                kept.push(None);
                continue;
            }
        };
        let shown = shown.and_then(|medium| medium.picture()?.usual()).map(|(width, height, url)| Shown {
            url,
            width,
            height,
            alt: picture.alt,
        });
        if shown.is_none() {
            draft.left_out.add("picture that cannot be read", "pictures that cannot be read");
        }
        kept.push(shown);
    }
    Ok(kept)
}

fn figure(shown: &Shown, caption: &str) -> String {
    let Shown { url, width, height, alt } = shown;
    let alt = documents::escape(alt);
    let caption = match caption {
        "" => String::new(),
        text => format!("<figcaption><span class=\"caption\">{text}</span></figcaption>"),
    };
    format!(
        "<figure><img src=\"{url}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\">{caption}</figure>"
    )
}

fn typed(draft: Draft, body: &str, site: &Site) -> Typed {
    let blank = Typed::blank(site);
    // `en-GB` in a paper written in `en` is said by a computer, not by a writer.
    let language = draft.language.filter(|language| !is_same(language, &site.language));
    Typed {
        kicker: draft.kicker,
        headline: draft.headline,
        standfirst: draft.standfirst,
        byline: draft.byline,
        dateline: draft.dateline,
        tags: draft.tags.join(", "),
        language: language.map_or(blank.language, |language| language.to_string()),
        body: body.trim().to_owned(),
        ..blank
    }
}

fn is_same(one: &Language, other: &Language) -> bool {
    let primary = |language: &Language| language.as_str().split('-').next().map(str::to_ascii_lowercase);
    primary(one) == primary(other)
}

fn notice(name: &str, pictures: usize, left_out: &LeftOut) -> String {
    let pictures = match pictures {
        0 => String::new(),
        1 => " Its picture is in the library.".to_owned(),
        many => format!(" Its {many} pictures are in the library."),
    };
    let left_out = if left_out.is_empty() { String::new() } else { format!(" Left out: {left_out}.") };
    format!("“{name}” is read, and not saved yet.{pictures}{left_out}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_what_became_of_the_file() {
        let mut left_out = LeftOut::default();
        assert_eq!(notice("a.docx", 0, &left_out), "“a.docx” is read, and not saved yet.");
        left_out.add("text box", "text boxes");
        assert_eq!(
            notice("a.docx", 2, &left_out),
            "“a.docx” is read, and not saved yet. Its 2 pictures are in the library. Left out: 1 text box."
        );
    }
}
