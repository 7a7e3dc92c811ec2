//! `/map`: stories by where they happen, as a list that needs no drawing; `/map.geojson`: the same for programs.

use askama::Template;
use axum::extract::State;
use serde_json::json;

use super::listing::{Pager, cursor};
use crate::news::article::card::{self, Card, PAGE};
use crate::news::place::{self, Place};
use crate::paths;
use crate::web::page_cache::Key;
use crate::web::{App, Document, Layout, Page, Query, Result};

/// Stories for a program that draws: as many as a map can show.
const DRAWN: usize = 500;
const GEOJSON: &str = "application/geo+json";

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    place: String,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "site/map.html")]
struct Show {
    layout: Layout,
    places: Vec<Place>,
    /// The place that is asked for, or none.
    place: String,
    cards: Vec<Card>,
    pager: Pager,
}

pub(super) async fn show(State(app): State<App>, Query(filter): Query<Filter>) -> Result<Page> {
    let cursor = cursor(filter.before.as_deref())?;
    let place = filter.place.trim();
    let listing = match place {
        "" => card::placed(&app.db, &[], cursor, PAGE).await?,
        place => card::at_place(&app.db, place, cursor, PAGE).await?,
    };
    let path = paths::query(paths::MAP, &[("place", place)]);
    let is_first = filter.before.as_deref().unwrap_or_default().is_empty();
    let pager = Pager::new(&path, is_first, listing.next.as_ref());
    let title = if place.is_empty() { "Map".to_owned() } else { format!("Map: {place}") };
    let layout = Layout::load(&app, title)
        .await?
        .description("The latest stories by the places where they happen.")
        .canonical(&path)
        .current(paths::MAP)
        .class("map");
    let places = place::of_stories(&app.db).await?;
    let view = Show { layout, places, place: place.to_owned(), cards: listing.cards, pager };
    Ok(Page::public(&view).keys([Key::SearchIndex]))
}

pub(super) async fn geojson(State(app): State<App>) -> Result<Document> {
    let cards = card::placed(&app.db, &[], crate::text::Cursor::START, DRAWN).await?.cards;
    let newest = cards.first().map(|card| card.publish_at);
    let features: Vec<_> = cards.iter().filter_map(|card| feature(&app, card)).collect();
    let collection = json!({ "type": "FeatureCollection", "features": features });
    let document = Document::new(GEOJSON, collection.to_string()).last_modified(newest);
    Ok(document.keys([Key::SearchIndex]))
}

/// RFC 7946: longitude first.
fn feature(app: &App, card: &Card) -> Option<serde_json::Value> {
    Some(json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": [card.longitude?, card.latitude?] },
        "properties": {
            "id": card.id,
            "headline": card.headline,
            "place": card.place.as_deref()?,
            "section": card.section_name,
            "language": card.language.as_str(),
            "published": card.publish_at.to_rfc3339(),
            "url": app.site.absolute(&card.href()),
        },
    }))
}
