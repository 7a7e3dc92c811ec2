//! The library: all pictures that were uploaded, found by their words and their state, wherever they are used.

mod item;
mod picture;
mod upload;

pub(super) use crate::editing::seen;
pub(super) use upload::uploaded;

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use self::item::Item;
use super::when::{When, when};
use super::{Frame, Routes, articles};
use crate::accounts::User;
use crate::news::media::library::{self, Filter};
use crate::news::media::{Kind, Media, MediaId, Picture, Use, uses};
use crate::paths::{self, pictures};
use crate::web::{App, Author, Error, Errors, Notice, Page, Query, Result};

const PAGE: usize = 30;
/// Places named below a picture; its own page names more.
const USES: i64 = 5;

pub fn routes() -> Routes {
    vec![
        (paths::desk::MEDIA, get(index).post(upload::create)),
        ("/desk/media/{id}", get(picture::show).post(picture::update)),
        ("/desk/media/{id}/retry", post(picture::retry)),
        ("/desk/media/{id}/replace", post(picture::replace)),
        ("/desk/media/{id}/delete", post(picture::delete)),
    ]
}

#[derive(Template)]
#[template(path = "desk/media.html")]
struct Library {
    frame: Frame,
    asked: Asked,
    rows: Vec<Row>,
    next: Option<String>,
    errors: Errors,
}

struct Row {
    medium: Media,
    picture: Option<Picture>,
    at: When,
    size: String,
    uses: Vec<(String, String)>,
    ended: bool,
}

impl Row {
    /// For the badge: what it is called in the filter, and in words.
    fn state(&self) -> (&'static str, &'static str) {
        match &self.medium {
            medium if medium.failed.is_some() => ("failed", "Failed"),
            _ if self.ended => ("expired", "Licence over"),
            medium if !medium.is_ready() => ("pending", "Sizes are being made"),
            _ => ("ready", "Ready"),
        }
    }
}

/// The filter of states, as the address and as the form have them.
const STATES: [(&str, &str); 7] = [
    ("", "All"),
    ("unused", "Not used"),
    ("undescribed", "Without description"),
    ("waiting", "Being made"),
    ("failed", "Failed"),
    ("ending", "Licence ends soon"),
    ("ended", "Licence over"),
];

/// As in the address. Unknown kinds and states filter nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    kind: String,
    state: String,
    before: String,
}

impl Asked {
    fn is_kind(&self, kind: &str) -> bool {
        self.kind == kind
    }

    fn is_state(&self, state: &str) -> bool {
        self.state == state
    }
}

/// GET: what was uploaded, newest first; to a script the pictures alone, with what it needs to place one.
async fn index(
    State(app): State<App>,
    Author(user): Author,
    notice: Notice,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if item::wanted(&headers) {
        let asked = Asked { kind: "picture".to_owned(), ..asked };
        let (media, next) = found(&app, &user, &asked).await?;
        let items: Vec<Item> = media.iter().filter_map(Item::of).collect();
        return Ok(Json(json!({ "items": items, "next": next.map(|id| id.to_string()) })).into_response());
    }
    let mut view = view(&app, &user, &asked).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view).into_response())
}

async fn found(app: &App, user: &User, asked: &Asked) -> Result<(Vec<Media>, Option<MediaId>)> {
    let before = match asked.before.as_str() {
        "" => None,
        other => Some(other.parse::<MediaId>().map_err(|_| Error::NotFound)?),
    };
    let filter = Filter {
        words: asked.q.chars().filter(|c| !c.is_control()).collect(),
        kind: match asked.kind.as_str() {
            "picture" => Some(Kind::Picture),
            "film" => Some(Kind::Film),
            _ => None,
        },
        state: asked.state.clone(),
        only_for: articles::only(user),
    };
    let one_more = i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1;
    let mut media = library::latest(&app.db, &filter, before, one_more).await?;
    let more = media.len() > PAGE;
    media.truncate(PAGE);
    let next = media.last().filter(|_| more).map(|last| last.id);
    Ok((media, next))
}

async fn view(app: &App, user: &User, asked: &Asked) -> Result<Library> {
    let (media, next) = found(app, user, asked).await?;
    let next = next.map(|last| pictures::library(&asked.q, &asked.kind, &asked.state, &last.to_string()));
    let ids: Vec<MediaId> = media.iter().map(|medium| medium.id).collect();
    let places = uses::of(&app.db, &ids, USES).await?;
    let rows = media.into_iter().map(|medium| Row {
        at: when(medium.created_at, &app.site),
        size: size(medium.bytes),
        uses: places.iter().filter(|one| one.media_id == medium.id).map(used_by).collect(),
        picture: medium.picture().filter(Picture::is_ready),
        ended: !medium.may_be_shown(),
        medium,
    });
    let frame = Frame::new(app, user, "Media").at(paths::desk::MEDIA);
    Ok(Library { frame, asked: asked.clone(), rows: rows.collect(), next, errors: Errors::default() })
}

/// Title and address at the desk.
fn used_by(one: &Use) -> (String, String) {
    let href = match one.noun.as_str() {
        "article" => paths::desk::article(one.noun_id),
        "topic" => paths::desk::topic(one.noun_id),
        "author" => paths::desk::user(one.noun_id),
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
