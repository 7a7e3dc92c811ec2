//! What the page of an album or a film tells about it.

use serde_json::{Value, json};

use super::image;
use crate::news::gallery::{Gallery, Item, Kind};
use crate::news::media::{Film, Picture};
use crate::paths;
use crate::text::date;
use crate::web::Site;

/// The gallery itself, then the way to it.
pub fn gallery(
    site: &Site,
    gallery: &Gallery,
    items: &[Item],
    film: Option<&Film>,
    cover: Option<&Picture>,
) -> [Value; 2] {
    let itself = match gallery.kind {
        Kind::Photo => album(site, gallery, items),
        Kind::Film => video(site, gallery, film, cover),
    };
    let kind = paths::gallery_kind(gallery.kind.as_str());
    let href = gallery.href();
    let trail = [("Gallery", paths::GALLERY), (gallery.kind.name(), &kind), (&gallery.title, &href)];
    [itself, super::trail(site, &trail)]
}

fn album(site: &Site, gallery: &Gallery, items: &[Item]) -> Value {
    let pictures: Vec<Value> =
        items.iter().filter_map(Item::picture).filter_map(|picture| image(site, &picture)).collect();
    let mut album = named(site, gallery, "ImageGallery");
    album["datePublished"] = json!(gallery.publish_at.map(|at| date::machine(at, site.timezone)));
    album["image"] = json!(pictures);
    album
}

fn video(site: &Site, gallery: &Gallery, film: Option<&Film>, cover: Option<&Picture>) -> Value {
    let mut video = named(site, gallery, "VideoObject");
    video["uploadDate"] = json!(gallery.publish_at.map(|at| date::machine(at, site.timezone)));
    if let Some(film) = film {
        video["contentUrl"] = json!(site.absolute(&film.src));
        video["encodingFormat"] = json!(film.content_type);
        (video["width"], video["height"]) = (json!(film.width), json!(film.height));
    } else if !gallery.film_url.is_empty() {
        video["embedUrl"] = json!(gallery.film_url);
    }
    if let Some((_, _, path)) = cover.and_then(Picture::largest) {
        video["thumbnailUrl"] = json!([site.absolute(&path)]);
    }
    video
}

fn named(site: &Site, gallery: &Gallery, kind: &str) -> Value {
    let url = site.absolute(&gallery.href());
    json!({
        "@type": kind,
        "@id": format!("{url}#gallery"),
        "url": url,
        "name": gallery.title,
        "description": if gallery.description.is_empty() { &gallery.title } else { &gallery.description },
        "publisher": super::publisher(site),
    })
}
