//! Breaking news: the line on top of every public page. It goes out when it is saved and goes by itself at its end;
//! it is no part of the board, because nobody waits for a board with it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::link::{self, Link};
use super::when::{When, when};
use super::{Acting, Frame, Routes, picked};
use crate::accounts::User;
use crate::news::audit;
use crate::news::front::banner::{self, BannerId, Fields, MAX_TEXT};
use crate::paths;
use crate::text::date;
use crate::web::{App, Editor, Error, Errors, Flash, Form, Notice, Page, Path, Result};

/// As the audit log names it.
const NOUN: &str = "banner";
/// Older ones are in the database.
const LISTED: i64 = 30;
/// How long a new one stands, unless somebody says otherwise.
const USUAL: TimeDelta = TimeDelta::hours(2);

pub fn routes() -> Routes {
    vec![
        (paths::board::BANNERS, get(index).post(create)),
        ("/desk/front/banners/{id}", get(edit).post(update)),
        ("/desk/front/banners/{id}/end", post(end)),
    ]
}

#[derive(Template)]
#[template(path = "desk/banners.html")]
struct Banners {
    frame: Frame,
    /// `None`: a new one.
    id: Option<BannerId>,
    action: String,
    typed: Typed,
    errors: Errors,
    zone: String,
    rows: Vec<Row>,
}

struct Row {
    id: BannerId,
    text: String,
    starts_at: When,
    ends_at: When,
    /// As the badge's class and its word.
    state: (&'static str, &'static str),
    is_over: bool,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Typed {
    text: String,
    /// An article or an address.
    to: String,
    starts_at: String,
    ends_at: String,
    /// That the form was opened with; nothing is the present one.
    version: String,
}

/// GET: the banners, and the form of a new one.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let ends_at = date::field(Utc::now() + USUAL, app.site.timezone);
    let mut view = view(&app, &user, None, Typed { ends_at, ..Typed::default() }).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

/// GET: the form of a banner.
pub async fn edit(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Path(id): Path<BannerId>,
) -> Result<Page> {
    let banner = banner::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let to = match (banner.article_id, &banner.headline) {
        (Some(article), Some(headline)) => picked::line(article, headline).trim().to_owned(),
        _ => banner.address,
    };
    let field = |at| date::field(at, app.site.timezone);
    let typed = Typed {
        text: banner.text,
        to,
        starts_at: field(banner.starts_at),
        ends_at: field(banner.ends_at),
        version: banner.version.to_string(),
    };
    let mut view = view(&app, &user, Some(id), typed).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

async fn view(app: &App, user: &User, id: Option<BannerId>, typed: Typed) -> Result<Banners> {
    let rows = banner::all(&app.db, LISTED).await?.into_iter().map(|banner| Row {
        id: banner.id,
        state: match (banner.is_ahead, banner.is_over) {
            (true, _) => ("scheduled", "Scheduled"),
            (_, true) => ("expired", "Over"),
            _ => ("published", "Shown now"),
        },
        is_over: banner.is_over,
        starts_at: when(banner.starts_at, &app.site),
        ends_at: when(banner.ends_at, &app.site),
        text: banner.text,
    });
    Ok(Banners {
        frame: Frame::new(app, user, "Breaking news").at(paths::desk::FRONT),
        id,
        action: id.map_or_else(|| paths::board::BANNERS.to_owned(), paths::board::banner),
        typed,
        errors: Errors::default(),
        zone: app.site.timezone.to_string(),
        rows: rows.collect(),
    })
}

/// POST: a new banner, from now or from a time until a time.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let fields = match read(&app, &typed).await? {
        Ok(fields) => fields,
        Err(errors) => return refused(&app, &by, None, typed, errors).await,
    };
    let mut tx = app.db.begin().await?;
    let id = banner::create(&mut tx, &fields).await?;
    audit::record(&mut tx, &by.actor, "create", NOUN, Some(id.0), detail(&fields)).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The breaking news is saved.").to(paths::board::BANNERS))
}

/// POST: changes a banner. 409 when somebody else has changed or ended it since the form was opened.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<BannerId>,
    Form(mut typed): Form<Typed>,
) -> Result<Response> {
    let there = banner::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let fields = match read(&app, &typed).await? {
        Ok(fields) => fields,
        Err(errors) => return refused(&app, &by, Some(id), typed, errors).await,
    };
    let version = match typed.version.as_str() {
        "" => there.version,
        version => version.parse().map_err(|_| Error::NotFound)?,
    };
    let mut tx = app.db.begin().await?;
    if !banner::update(&mut tx, id, version, &fields).await? {
        let now = banner::by_id(&mut *tx, id).await?.ok_or(Error::NotFound)?;
        let why = format!(
            "Somebody has changed this since you opened it: “{}”, until {}. Save again to have yours all the same.",
            now.text,
            when(now.ends_at, &app.site).text
        );
        typed.version = now.version.to_string();
        let mut view = view(&app, &by.user, Some(id), typed).await?;
        view.errors.add("text", why);
        return Ok(Page::new(&view).status(StatusCode::CONFLICT).into_response());
    }
    audit::record(&mut tx, &by.actor, "update", NOUN, Some(id.0), detail(&fields)).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The breaking news is saved.").to(paths::board::BANNERS))
}

async fn refused(
    app: &App,
    by: &Acting<Editor>,
    id: Option<BannerId>,
    typed: Typed,
    errors: Errors,
) -> Result<Response> {
    let mut view = view(app, &by.user, id, typed).await?;
    view.errors = errors;
    Ok(Page::new(&view).unprocessable().into_response())
}

fn detail(fields: &Fields) -> serde_json::Value {
    json!({ "text": fields.text, "starts_at": fields.starts_at, "ends_at": fields.ends_at })
}

async fn read(app: &App, typed: &Typed) -> Result<Result<Fields, Errors>> {
    let mut errors = Errors::default();
    let text = typed.text.trim();
    match text.chars().count() {
        0 => errors.add("text", "Write what has happened."),
        1..=MAX_TEXT => {}
        _ => errors.add("text", format!("A banner has at most {MAX_TEXT} letters.")),
    }
    let link = link::read(app, &typed.to).await?.unwrap_or_else(|why| {
        errors.add("to", why);
        Link::Nowhere
    });
    let mut time = |name: &'static str, text: &str| {
        let time = date::parse_field(text, app.site.timezone);
        time.map_err(|why| errors.add(name, format!("Please {why}."))).ok()
    };
    let starts_at = if typed.starts_at.trim().is_empty() {
        Some(Utc::now())
    } else {
        time("starts_at", &typed.starts_at)
    };
    let ends_at = time("ends_at", &typed.ends_at);
    if matches!((starts_at, ends_at), (Some(start), Some(end)) if end <= start) {
        errors.add("ends_at", "The end lies before the start.");
    }
    let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at) else { return Ok(Err(errors)) };
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let (article_id, address) = link.parts();
    Ok(Ok(Fields { text: text.to_owned(), article_id, address, starts_at, ends_at }))
}

/// POST: takes a banner down now; one that has not begun goes whole.
pub async fn end(State(app): State<App>, by: Acting<Editor>, Path(id): Path<BannerId>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !banner::end(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    audit::record(&mut tx, &by.actor, "end", NOUN, Some(id.0), json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The breaking news is down.").to(paths::board::BANNERS))
}
