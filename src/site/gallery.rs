//! `/gallery`: albums of pictures and films; `/gallery/{photo,film}`: one kind; `/gallery/{id}/{slug}`: one of them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::listing::{Before, Pager};
use crate::news::gallery::{self, Gallery, GalleryId, Item, Kind};
use crate::news::media::{Film, Picture};
use crate::paths;
use crate::text::Cursor;
use crate::web::page_cache::Key;
use crate::web::{self, App, Error, Layout, Page, Path, Query, Result, facts};

/// Of each kind on the page of both.
const OF_KIND: usize = 8;
/// Three and four to a row fill whole rows.
const PAGE: usize = 24;

#[derive(Template)]
#[template(path = "site/galleries.html")]
struct Index {
    layout: Layout,
    heading: &'static str,
    albums: Vec<Album>,
    pager: Pager,
}

/// The galleries of one kind.
struct Album {
    name: &'static str,
    href: String,
    galleries: Vec<Gallery>,
}

impl Album {
    fn new(kind: Kind, galleries: Vec<Gallery>) -> Self {
        Self { name: kind.name(), href: paths::gallery_kind(kind.as_str()), galleries }
    }
}

pub(super) async fn index(State(app): State<App>) -> Result<Page> {
    let mut albums = Vec::new();
    for kind in Kind::ALL {
        let (galleries, _) = gallery::latest(&app.db, Some(kind), Cursor::START, OF_KIND).await?;
        albums.push(Album::new(kind, galleries));
    }
    albums.retain(|album| !album.galleries.is_empty());
    let layout = layout(&app, "Gallery").await?.canonical(paths::GALLERY);
    let view = Index { layout, heading: "Gallery", albums, pager: Pager::default() };
    Ok(Page::public(&view).keys([Key::Gallery]))
}

pub(super) async fn index_of_kind(
    State(app): State<App>,
    Path(kind): Path<String>,
    Query(before): Query<Before>,
) -> Result<Page> {
    let kind = Kind::parse(&kind).ok_or(Error::NotFound)?;
    let path = paths::gallery_kind(kind.as_str());
    let (galleries, next) = gallery::latest(&app.db, Some(kind), before.cursor()?, PAGE).await?;
    let pager = Pager::new(&path, before.is_first(), next.as_ref());
    let layout = layout(&app, kind.name()).await?.canonical(&before.path(&path));
    let albums = vec![Album::new(kind, galleries)];
    Ok(Page::public(&Index { layout, heading: kind.name(), albums, pager }).keys([Key::Gallery]))
}

async fn layout(app: &App, title: &str) -> Result<Layout> {
    Ok(Layout::load(app, title)
        .await?
        .description("Albums of photographs, and films.")
        .current(paths::GALLERY)
        .class("gallery"))
}

#[derive(Template)]
#[template(path = "site/gallery.html")]
struct Show {
    layout: Layout,
    gallery: Gallery,
    cover: Option<Picture>,
    items: Vec<Item>,
    /// The uploaded film.
    film: Option<Film>,
    /// Others of its kind.
    others: Vec<Gallery>,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((id, slug)): Path<(GalleryId, String)>,
) -> Result<Response> {
    let gallery = gallery::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    if gallery.was_public {
        return Err(Error::Gone("This gallery has been withdrawn.".to_owned()));
    }
    if !gallery.visible {
        return Err(Error::NotFound);
    }
    if gallery.slug.as_str() != slug {
        return Ok(web::moved(&gallery.href()));
    }
    let (mut others, _) = gallery::latest(&app.db, Some(gallery.kind), Cursor::START, 5).await?;
    others.retain(|other| other.id != gallery.id);
    others.truncate(4);
    let cover = gallery.cover();
    let layout = layout(&app, &gallery.title)
        .await?
        .description(&gallery.description)
        .canonical(&gallery.href())
        .preview(cover.as_ref());
    let mut items = gallery::items(&app.db, gallery.id).await?;
    items.retain(Item::is_for_readers);
    let film = gallery.film_file();
    let layout = layout.facts(facts::gallery(&app.site, &gallery, &items, film.as_ref(), cover.as_ref()));
    let view = Show { layout, gallery, cover, items, film, others };
    Ok(Page::public(&view).keys([Key::Gallery]).into_response())
}
