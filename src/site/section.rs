//! `/section/{slug}`: a department of the paper.

use askama::Template;
use axum::extract::State;

use super::listing::{Before, Pager, Stories};
use crate::news::article::card::{self, Card, PAGE};
use crate::news::section::Section;
use crate::paths;
use crate::web::page_cache::PageCache;
use crate::web::{App, Error, Layout, Page, Path, Query, Result, facts};

#[derive(Template)]
#[template(path = "site/section.html")]
struct Show {
    layout: Layout,
    section: Section,
    feed: String,
    lead: Option<Card>,
    cards: Vec<Card>,
    pager: Pager,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(before): Query<Before>,
) -> Result<Page> {
    let common = PageCache::common(&app).await?;
    let section = common.top.sections.iter().find(|section| section.slug.as_str() == slug);
    let section = section.cloned().ok_or(Error::NotFound)?;
    let (href, cursor) = (section.href(), before.cursor()?);
    let listing = card::in_section(&app.db, section.id, cursor, PAGE).await?;
    let mut stories = Stories::new(&href, &before, listing);
    let lead = stories.take_lead(&before);
    let feed = paths::feed_of(&href);
    let layout = Layout::load(&app, &section.name)
        .await?
        .description(&section.description)
        .canonical(&before.path(&href))
        .current(&href)
        .feed(format!("{} – {}", section.name, app.site.name), &feed)
        .class("section")
        .preview(lead.as_ref().and_then(Card::picture).as_ref())
        .facts([
            facts::list(&app.site, &section.name, lead.iter().chain(&stories.cards)),
            facts::trail(&app.site, &[(&section.name, &href)]),
        ]);
    let id = section.id;
    let view = Show { layout, section, feed, lead, cards: stories.cards, pager: stories.pager };
    Ok(Page::public(&view).keys([id]))
}
