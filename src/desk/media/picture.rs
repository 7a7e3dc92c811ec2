//! The page of one picture: what is known of it, what its crops keep in view, where it is used, and its end.

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::item::{self, Item};
use super::seen;
use super::{size, used_by};
use crate::accounts::{Role, User};
use crate::desk::when::{When, when};
use crate::desk::{Acting, Frame, multipart, picture_field};
use crate::editing::about::{Typed, check};
use crate::media::renditions::{Area, Shape, area};
use crate::media::store;
use crate::news::audit;
use crate::news::media::{self, Kind, Media, MediaId, Picture, about, files, uses};
use crate::paths::{self, pictures as address};
use crate::queue::{self, Payload};
use crate::web::{App, Author, Editor, Error, Errors, Flash, Form, Notice, Page, Path, Result, UploadLimits};

/// Places named on the page.
const USES: i64 = 100;
/// After this a person may ask again for sizes that have not come.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);

#[derive(Template)]
#[template(path = "desk/picture.html")]
struct Show {
    frame: Frame,
    medium: Media,
    picture: Option<Picture>,
    typed: Typed,
    errors: Errors,
    /// Where the focal point is drawn, in hundredths of the sides.
    cross: (f64, f64),
    crops: Vec<Crop>,
    uses: Vec<(String, String, bool)>,
    at: When,
    size: String,
    may: May,
    stuck: bool,
    ended: bool,
}

#[derive(Clone, Copy)]
struct May {
    edit: bool,
    delete: bool,
}

/// A part of the shown file, as an SVG's view of it.
struct Crop {
    name: &'static str,
    shape: &'static str,
    area: Area,
}

/// GET: the page; to a script the picture as an item, with the state of its sizes.
pub async fn show(
    State(app): State<App>,
    Author(user): Author,
    notice: Notice,
    headers: HeaderMap,
    Path(id): Path<MediaId>,
) -> Result<Response> {
    let medium = seen(&app, &user, id).await?;
    if item::wanted(&headers) {
        return Ok(Json(Item::of(&medium)).into_response());
    }
    let typed = Typed::of(&medium, app.site.timezone);
    let mut view = view(&app, &user, medium, typed, Errors::default()).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view).into_response())
}

impl May {
    fn of(user: &User, medium: &Media) -> Self {
        let is_editor = user.role >= Role::Editor;
        Self { edit: is_editor || medium.created_by == Some(user.id), delete: is_editor }
    }
}

async fn view(app: &App, user: &User, medium: Media, typed: Typed, errors: Errors) -> Result<Show> {
    let places = uses::of(&app.db, &[medium.id], USES).await?;
    let picture = medium.picture().filter(Picture::is_ready);
    let focus = typed.focus().unwrap_or_else(|| medium.focus());
    let sides = picture.as_ref().and_then(Picture::usual).map(|(width, height, _)| (width, height));
    let crops = sides.map_or_else(Vec::new, |(width, height)| {
        let side = |side: i32| u32::try_from(side).unwrap_or(1);
        let crop = |(shape, name): (Shape, &'static str)| Crop {
            name,
            shape: shape.as_str(),
            area: area(shape, (side(width), side(height)), focus),
        };
        Shape::ALL.into_iter().zip(["16 : 9", "4 : 3", "1 : 1"]).map(crop).collect()
    });
    let waiting = medium.ready_at.is_none() || !medium.cropped;
    Ok(Show {
        frame: Frame::new(app, user, &medium.name).at(paths::desk::MEDIA),
        stuck: medium.kind == Kind::Picture
            && (medium.failed.is_some() || (waiting && Utc::now() - medium.created_at > PATIENCE)),
        ended: !medium.may_be_shown(),
        uses: places
            .iter()
            .map(|one| {
                let (title, href) = used_by(one);
                (title, href, one.visible)
            })
            .collect(),
        at: when(medium.created_at, &app.site),
        size: size(medium.bytes),
        may: May::of(user, &medium),
        picture,
        cross: (f64::from(focus.x) / 10.0, f64::from(focus.y) / 10.0),
        crops,
        typed,
        errors,
        medium,
    })
}

/// POST: changes what is known of it. A new focal point makes new crops.
pub async fn update(
    State(app): State<App>,
    by: Acting<Author>,
    Path(id): Path<MediaId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let medium = seen(&app, &by.user, id).await?;
    if !May::of(&by.user, &medium).edit {
        return Err(Error::Forbidden);
    }
    let mut errors = Errors::default();
    let Some(changed) = check(&typed, medium.kind, app.site.timezone, &mut errors) else {
        return Ok(Page::new(&view(&app, &by.user, medium, typed, errors).await?)
            .unprocessable()
            .into_response());
    };
    let mut tx = app.db.begin().await?;
    about::update(&mut tx, id, &changed).await?;
    if medium.kind == Kind::Picture && changed.focus != medium.focus() {
        queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: id.0 }).await?;
    }
    let detail = json!({ "name": medium.name, "credit": changed.credit, "licence": changed.licence });
    audit::record(&mut tx, &by.actor, "update", noun(&medium), Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Saved.").to(&address::picture(id)))
}

fn noun(medium: &Media) -> &'static str {
    match medium.kind {
        Kind::Picture => "picture",
        Kind::Film => "film",
    }
}

/// POST: has its sizes made once more.
pub async fn retry(State(app): State<App>, by: Acting<Author>, Path(id): Path<MediaId>) -> Result<Response> {
    let medium = seen(&app, &by.user, id).await?;
    if !May::of(&by.user, &medium).edit {
        return Err(Error::Forbidden);
    }
    let mut tx = app.db.begin().await?;
    about::retry(&mut tx, id).await?;
    queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: id.0 }).await?;
    audit::record(&mut tx, &by.actor, "retry", noun(&medium), Some(id.0), json!({ "name": medium.name }))
        .await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "Its sizes are being made once more.").to(&address::picture(id)))
}

/// POST: another file in its place, wherever it is used.
pub async fn replace(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<MediaId>,
    request: Request,
) -> Result<Response> {
    let medium = media::by_id(&app.db, id)
        .await?
        .filter(|found| found.kind == Kind::Picture)
        .ok_or(Error::NotFound)?;
    let (upload, mut errors) = multipart::read(&app, request, UploadLimits::PICTURES, &["file"]).await?;
    match upload.file("file") {
        Some(file) => match picture_field::replace(&app, &by.actor, id, file).await? {
            Ok(Ok(_)) => {
                let done = "Replaced, wherever it is used; its sizes are made in a moment.";
                return Ok(Flash::new(&app, done).to(&address::picture(id)));
            }
            Ok(Err(other)) => {
                errors.add("file", format!("That file is in the library already, as number {other}."));
            }
            Err(refused) => errors.add("file", refused.to_string()),
        },
        None => errors.add("file", "Choose a picture first."),
    }
    let typed = Typed::of(&medium, app.site.timezone);
    Ok(Page::new(&view(&app, &by.user, medium, typed, errors).await?).unprocessable().into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// POST: takes it out of the library, unless something uses it; its files go too when nothing else needs them.
pub async fn delete(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<MediaId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response> {
    let medium = media::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    if !about::delete(&mut tx, id).await? {
        let used = "It is used, and stays. Take it out of what uses it first.";
        return Ok(Flash::new(&app, used).to(&address::picture(id)));
    }
    audit::record(&mut tx, &by.actor, "delete", noun(&medium), Some(id.0), json!({ "name": medium.name }))
        .await?;
    tx.commit().await?;
    remove_files(&app, &medium).await?;
    Ok(Flash::new(&app, &format!("{} is deleted.", medium.name)).to(paths::desk::MEDIA))
}

async fn remove_files(app: &App, medium: &Media) -> Result<()> {
    let files: Vec<_> = medium.files().collect();
    let original = medium.digest().zip(medium.stored_as());
    let digests: Vec<_> = files.iter().chain(&original).map(|(digest, _)| *digest).collect();
    // Somebody may be uploading the same bytes again.
    let mut tx = app.db.begin().await?;
    files::hold(&mut tx, &digests).await?;
    let needed = files::known(&mut *tx, &digests).await?;
    for (digest, extension) in files.iter().filter(|(digest, _)| !needed.contains(digest)) {
        app.media.remove(store::Area::Public, digest, *extension).await?;
    }
    let needed = files::originals(&mut *tx, &digests).await?;
    for (digest, extension) in original.iter().filter(|(digest, _)| !needed.contains(digest)) {
        app.media.remove(store::Area::Originals, digest, *extension).await?;
    }
    tx.commit().await?;
    Ok(())
}

impl Show {
    /// The last day on which it may be shown.
    fn licence_words(&self) -> String {
        self.medium.licence_ends_at.map_or_else(String::new, |end| {
            let last = (end - TimeDelta::seconds(1)).with_timezone(&self.frame.site.timezone);
            format!("{} {} {}", last.day(), last.format("%B"), last.year())
        })
    }
}
