//! The form of an album or a film. A film's file goes to the disk as it arrives, never into memory.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::pictures::{self, Row};
use super::state;
use crate::accounts::User;
use crate::desk::{Acting, Frame, multipart, picture_field};
use crate::media::probe::FILM_BYTES;
use crate::news::audit;
use crate::news::gallery::{self, Fields, Gallery, GalleryId, Item, Kind};
use crate::news::media::{self, Media, MediaId};
use crate::paths;
use crate::text::date;
use crate::web::{App, Editor, Error, Errors, Flash, Notice, Page, Path, Query, Result, Stream, Upload};

/// As the schema has them.
const MAX_TITLE: usize = 200;
const MAX_DESCRIPTION: usize = 1000;
const MAX_ALT: usize = 500;
const MAX_URL: usize = 500;

const FIELDS: [&str; 13] = [
    "kind",
    "title",
    "description",
    "publish_at",
    "action",
    "film",
    "film_id",
    "film_remove",
    "film_url",
    "poster",
    "poster_id",
    "poster_remove",
    "poster_alt",
];

#[derive(Template)]
#[template(path = "desk/gallery.html")]
pub(super) struct GalleryForm {
    frame: Frame,
    kind: Kind,
    /// `None`: a new one.
    gallery: Option<Gallery>,
    state: (&'static str, &'static str),
    action: String,
    typed: Typed,
    errors: Errors,
    zone: String,
    /// The pictures of an album.
    pub rows: Vec<Row>,
    /// What is wrong with the files that were to be added to it.
    pub upload_errors: Errors,
}

/// What the fields hold, as typed.
#[derive(Default)]
pub(super) struct Typed {
    title: String,
    description: String,
    publish_at: String,
    film: Option<Media>,
    film_url: String,
    poster: Option<Media>,
    poster_alt: String,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
}

/// GET: an empty form.
pub async fn new(State(app): State<App>, Editor(user): Editor, Query(asked): Query<Asked>) -> Result<Page> {
    let kind = match asked.kind.as_str() {
        "" => Kind::Photo,
        other => Kind::parse(other).ok_or(Error::NotFound)?,
    };
    Ok(Page::new(&empty(&app, &user, kind, Typed::default(), Errors::default())))
}

/// GET: the form of a gallery.
pub async fn edit(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Path(id): Path<GalleryId>,
) -> Result<Page> {
    let mut view = view(&app, &user, id).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

fn empty(app: &App, user: &User, kind: Kind, typed: Typed, errors: Errors) -> GalleryForm {
    let title = match kind {
        Kind::Photo => "New album",
        Kind::Film => "New film",
    };
    GalleryForm {
        frame: Frame::new(app, user, title).at(paths::desk::GALLERIES),
        kind,
        gallery: None,
        state: ("draft", "Draft"),
        action: paths::desk::GALLERIES.to_owned(),
        typed,
        errors,
        zone: app.site.timezone.to_string(),
        rows: Vec::new(),
        upload_errors: Errors::default(),
    }
}

/// The form of a gallery as it is stored.
pub(super) async fn view(app: &App, user: &User, id: GalleryId) -> Result<GalleryForm> {
    let gallery = gallery::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let typed = Typed {
        title: gallery.title.clone(),
        description: gallery.description.clone(),
        publish_at: gallery.publish_at.map(|at| date::field(at, app.site.timezone)).unwrap_or_default(),
        film: medium(app, gallery.film_id).await?,
        film_url: gallery.film_url.clone(),
        poster: medium(app, gallery.poster_id).await?,
        poster_alt: gallery.poster_alt.clone(),
    };
    let items = gallery::items(&app.db, id).await?;
    let mut form = empty(app, user, gallery.kind, typed, Errors::default());
    form.frame.title = format!("{}: {}", gallery.kind.name(), gallery.title);
    form.action = paths::desk::gallery(id);
    form.state = state(&gallery);
    form.rows = pictures::rows(items);
    form.gallery = Some(gallery);
    Ok(form)
}

async fn medium(app: &App, id: Option<MediaId>) -> Result<Option<Media>> {
    match id {
        Some(id) => Ok(media::by_id(&app.db, id).await?),
        None => Ok(None),
    }
}

/// POST: a new gallery. An album begins as a draft, because its pictures come afterwards.
pub async fn create(State(app): State<App>, by: Acting<Editor>, request: Request) -> Result<Response> {
    let (upload, typed, mut errors) = read(&app, &by, request).await?;
    let kind = Kind::parse(upload.text("kind"))
        .ok_or_else(|| Error::BadRequest("The field kind is photo or film.".to_owned()))?;
    let fields = check(&app, kind, &upload, &typed, None, &[], &mut errors);
    if !errors.is_empty() {
        let view = empty(&app, &by.user, kind, typed, errors);
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    let mut tx = app.db.begin().await?;
    let id = gallery::create(&mut tx, &fields).await?;
    audit::record(&mut tx, &by.actor, "create", "gallery", Some(id.0), detail(&fields)).await?;
    tx.commit().await?;
    let done = match kind {
        Kind::Photo => "The album is made. Add its pictures below.",
        Kind::Film => "The film is saved.",
    };
    Ok(Flash::new(&app, done).to(&paths::desk::gallery(id)))
}

/// POST: changes a gallery; its kind stays.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<GalleryId>,
    request: Request,
) -> Result<Response> {
    let mut view = view(&app, &by.user, id).await?;
    let items = gallery::items(&app.db, id).await?;
    let (upload, typed, mut errors) = read(&app, &by, request).await?;
    let published = view.gallery.as_ref().and_then(|gallery| gallery.publish_at);
    let fields = check(&app, view.kind, &upload, &typed, published, &items, &mut errors);
    if !errors.is_empty() {
        view.typed = typed;
        view.errors = errors;
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    let mut tx = app.db.begin().await?;
    gallery::update(&mut tx, id, &fields).await?;
    audit::record(&mut tx, &by.actor, "update", "gallery", Some(id.0), detail(&fields)).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The gallery is saved.").to(&paths::desk::gallery(id)))
}

fn detail(fields: &Fields) -> serde_json::Value {
    json!({ "title": fields.title, "kind": fields.kind.as_str(), "publish_at": fields.publish_at,
            "withdrawn": fields.withdrawn })
}

async fn read(app: &App, by: &Acting<Editor>, request: Request) -> Result<(Upload, Typed, Errors)> {
    let stream = Stream { field: picture_field::FILM.file, limit: FILM_BYTES };
    let (upload, film, mut errors) = multipart::read_with_stream(app, request, stream, &FIELDS).await?;
    let film = picture_field::read_film(app, &by.actor, &upload, film, &mut errors).await?;
    let poster = picture_field::read(app, &by.actor, &upload, picture_field::POSTER, &mut errors).await?;
    let text = |name: &str| upload.text(name).replace("\r\n", "\n");
    let typed = Typed {
        title: text("title"),
        description: text("description"),
        publish_at: text("publish_at"),
        film,
        film_url: text("film_url"),
        poster,
        poster_alt: text("poster_alt"),
    };
    Ok((upload, typed, errors))
}

/// The fields as they would be stored, and on each that is wrong an error.
fn check(
    app: &App,
    kind: Kind,
    upload: &Upload,
    typed: &Typed,
    published: Option<DateTime<Utc>>,
    items: &[Item],
    errors: &mut Errors,
) -> Fields {
    check_words(typed, errors);
    let publish_at = match upload.text("action") {
        "publish" => publish_at(app, typed, published, errors),
        // What was public keeps its date; what never was has nothing to withdraw.
        "withdraw" => published,
        _ => None,
    };
    // Whatever is wrong with it, it can be taken from readers.
    let goes_out = upload.text("action") == "publish";
    match kind {
        Kind::Photo if goes_out => check_album(items, errors),
        Kind::Photo => {}
        Kind::Film => check_film(typed, goes_out, errors),
    }
    Fields {
        kind,
        title: typed.title.trim().to_owned(),
        description: typed.description.trim().to_owned(),
        publish_at,
        withdrawn: upload.text("action") == "withdraw" && published.is_some(),
        film_id: typed.film.as_ref().map(|film| film.id),
        film_url: typed.film_url.trim().to_owned(),
        poster_id: typed.poster.as_ref().map(|poster| poster.id),
        poster_alt: typed.poster_alt.trim().to_owned(),
    }
}

fn check_words(typed: &Typed, errors: &mut Errors) {
    let length = |text: &str| text.trim().chars().count();
    match length(&typed.title) {
        0 => errors.add("title", "Give it a title."),
        1..=MAX_TITLE => {}
        _ => errors.add("title", format!("A title has at most {MAX_TITLE} letters.")),
    }
    if length(&typed.description) > MAX_DESCRIPTION {
        errors.add("description", format!("A description has at most {MAX_DESCRIPTION} letters."));
    }
    match length(&typed.poster_alt) {
        0 if typed.poster.is_some() => {
            errors.add("poster_alt", "Describe the poster for those who cannot see it.");
        }
        0..=MAX_ALT => {}
        _ => errors.add("poster_alt", format!("A description of a picture has at most {MAX_ALT} letters.")),
    }
}

/// The time in the field, or the one it was published at, or now.
fn publish_at(
    app: &App,
    typed: &Typed,
    published: Option<DateTime<Utc>>,
    errors: &mut Errors,
) -> Option<DateTime<Utc>> {
    if typed.publish_at.trim().is_empty() {
        return Some(published.unwrap_or_else(Utc::now));
    }
    // The field has no seconds: unchanged, it must not move the gallery.
    match published.filter(|at| date::field(*at, app.site.timezone) == typed.publish_at.trim()) {
        Some(published) => Some(published),
        None => date::parse_field(&typed.publish_at, app.site.timezone)
            .map_err(|why| errors.add("publish_at", format!("Please {why}.")))
            .ok(),
    }
}

fn check_album(items: &[Item], errors: &mut Errors) {
    if items.is_empty() {
        errors.add("publish_at", "An album needs a picture before it is published.");
    } else if items.iter().any(|item| item.alt.is_empty()) {
        errors.add("publish_at", "Say what each picture shows before the album is published.");
    }
}

fn check_film(typed: &Typed, published: bool, errors: &mut Errors) {
    let link = typed.film_url.trim();
    match (&typed.film, link) {
        (None, "") if published => errors.add("film", "Choose a film, or give a link to one."),
        (Some(_), link) if !link.is_empty() => errors.add("film_url", "Either a film or a link, not both."),
        (_, "") => {}
        _ if !is_link(link) => {
            errors.add("film_url", "A link starts with https:// and has at most 500 letters.");
        }
        _ => {}
    }
}

fn is_link(link: &str) -> bool {
    let url = url::Url::parse(link);
    link.chars().count() <= MAX_URL
        && url.is_ok_and(|url| url.scheme() == "https" && url.host().is_some() && url.username().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_film_is_https() {
        assert!(is_link("https://films.example/watch?v=1"));
        for link in
            ["http://films.example/", "javascript:alert(1)", "https://user@films.example/", "films.example"]
        {
            assert!(!is_link(link), "{link}");
        }
    }
}
