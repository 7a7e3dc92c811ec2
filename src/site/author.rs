//! `/author/{slug}`: who wrote it, and what else. Only authors of something that can be read have a page.

use askama::Template;
use axum::extract::State;

use super::listing::{Before, Pager, Stories};
use crate::news::article::card::{self, Card, PAGE};
use crate::news::author::{self, About, Author};
use crate::news::media::Picture;
use crate::paths;
use crate::text::excerpt;
use crate::web::{App, Error, Layout, Page, Path, Query, Result, facts};

/// Letters of a description, as search engines show them.
const DESCRIPTION: usize = 160;

#[derive(Template)]
#[template(path = "site/author.html")]
struct Show {
    layout: Layout,
    author: Author,
    about: About,
    portrait: Option<Picture>,
    feed: String,
    cards: Vec<Card>,
    pager: Pager,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(before): Query<Before>,
) -> Result<Page> {
    let (author, about, portrait) = author::page(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let (href, cursor) = (author.href(), before.cursor()?);
    let stories = Stories::new(&href, &before, card::by_author(&app.db, author.id, cursor, PAGE).await?);
    if stories.cards.is_empty() {
        return Err(Error::NotFound);
    }
    let feed = paths::feed_of(&href);
    let layout = Layout::load(&app, &author.name)
        .await?
        .description(excerpt::first(&author.bio, DESCRIPTION))
        .canonical(&before.path(&href))
        .feed(format!("{} – {}", author.name, app.site.name), &feed)
        .preview(portrait.as_ref())
        .class("author")
        .facts([
            facts::profile(&app.site, &author, &about, portrait.as_ref()),
            facts::list(&app.site, &author.name, &stories.cards),
        ]);
    let Stories { cards, pager } = stories;
    let id = author.id;
    Ok(Page::public(&Show { layout, author, about, portrait, feed, cards, pager }).keys([id]))
}
