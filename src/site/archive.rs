//! `/archive`: every month there is; `/archive/{yyyy}/{mm}` and `/archive/{yyyy}/{mm}/{dd}`: what was published then.

use askama::Template;
use axum::extract::State;
use chrono::{DateTime, Datelike, Utc};

use super::listing::{Before, Group, Pager, Stories, by_day};
use crate::news::article::card::{self, PAGE};
use crate::paths;
use crate::text::date;
use crate::web::page_cache::Key;
use crate::web::{App, Error, Layout, Page, Path, Query, Result};

#[derive(Template)]
#[template(path = "site/archive.html")]
struct Index {
    layout: Layout,
    years: Vec<Year>,
}

struct Year {
    year: i32,
    months: Vec<Month>,
}

struct Month {
    name: String,
    href: String,
}

pub(super) async fn index(State(app): State<App>) -> Result<Page> {
    let (zone, language) = (app.site.timezone, &app.site.language);
    let mut years: Vec<Year> = Vec::new();
    for at in card::months(&app.db, zone.name()).await? {
        let day = at.with_timezone(&zone);
        let month = Month {
            name: date::month(at, zone, language),
            href: paths::archive_month(day.year(), day.month()),
        };
        match years.last_mut().filter(|year| year.year == day.year()) {
            Some(year) => year.months.push(month),
            None => years.push(Year { year: day.year(), months: vec![month] }),
        }
    }
    let layout = Layout::load(&app, "Archive")
        .await?
        .description("Everything that was published here, by date.")
        .canonical(paths::ARCHIVE)
        .class("archive");
    Ok(Page::public(&Index { layout, years }).keys([Key::SearchIndex]))
}

#[derive(Template)]
#[template(path = "site/archive_stretch.html")]
struct Stretch {
    layout: Layout,
    heading: String,
    /// The month of a day: its name and address.
    month: Option<Month>,
    groups: Vec<Group>,
    pager: Pager,
}

pub(super) async fn month(
    State(app): State<App>,
    Path((year, month)): Path<(String, String)>,
    Query(before): Query<Before>,
) -> Result<Page> {
    let (year, month) = (number(&year, 4)?, number(&month, 2)?);
    let path = paths::archive_month(signed(year), month);
    let stretch = date::month_of(signed(year), month, app.site.timezone).ok_or(Error::NotFound)?;
    let heading = date::month(stretch.0, app.site.timezone, &app.site.language);
    show(&app, &path, stretch, &before, heading, None).await
}

pub(super) async fn day(
    State(app): State<App>,
    Path((year, month, day)): Path<(String, String, String)>,
    Query(before): Query<Before>,
) -> Result<Page> {
    let (zone, language) = (app.site.timezone, &app.site.language);
    let (year, month, day) = (number(&year, 4)?, number(&month, 2)?, number(&day, 2)?);
    let path = paths::archive_day(signed(year), month, day);
    let stretch = date::day(signed(year), month, day, zone).ok_or(Error::NotFound)?;
    let heading = date::long(stretch.0, zone, language);
    let month = Month {
        name: date::month(stretch.0, zone, language),
        href: paths::archive_month(signed(year), month),
    };
    show(&app, &path, stretch, &before, heading, Some(month)).await
}

async fn show(
    app: &App,
    path: &str,
    stretch: (DateTime<Utc>, DateTime<Utc>),
    before: &Before,
    heading: String,
    month: Option<Month>,
) -> Result<Page> {
    let stories = Stories::new(path, before, card::between(&app.db, stretch, before.cursor()?, PAGE).await?);
    // There are more days than anybody wrote on, and crawlers try them all.
    if stories.cards.is_empty() {
        return Err(Error::NotFound);
    }
    let layout = Layout::load(app, &heading)
        .await?
        .description(format!("What was published here: {heading}."))
        .canonical(&before.path(path))
        .class("archive");
    let groups = by_day(stories.cards, &layout);
    let view = Stretch { layout, heading, month, groups, pager: stories.pager };
    Ok(Page::public(&view).keys([Key::SearchIndex]))
}

/// A number written with exactly so many digits: one day has one address.
fn number(text: &str, digits: usize) -> Result<u32> {
    let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().map_err(|_| Error::NotFound) } else { Err(Error::NotFound) }
}

fn signed(year: u32) -> i32 {
    i32::try_from(year).unwrap_or_default()
}
