//! `/author/{slug}`: who wrote it, and what else. Only authors of something that can be read have a page.

use askama::Template;
use axum::extract::State;

use super::listing::{Before, Pager, Stories};
use crate::news::article::card::{self, Card, PAGE};
use crate::news::author::{self, About, Author};
use crate::news::media::{self, Media, Picture};
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
    let author = author::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let (href, cursor) = (author.href(), before.cursor()?);
    let stories = Stories::new(&href, &before, card::by_author(&app.db, author.id, cursor, PAGE).await?);
    if stories.cards.is_empty() {
        return Err(Error::NotFound);
    }
    let feed = paths::feed_of(&href);
    let about = author::about(&app.db, author.id).await?;
    let portrait = portrait(&app, &about).await?;
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

/// Only when its files are made: an author's page does not wait for them.
async fn portrait(app: &App, about: &About) -> Result<Option<Picture>> {
    let Some(id) = about.picture_id else { return Ok(None) };
    let medium = media::by_id(&app.db, id).await?.filter(Media::may_be_shown);
    let picture = medium.and_then(|medium| medium.picture());
    Ok(picture.filter(Picture::is_ready).map(|picture| Picture { alt: about.picture_alt.clone(), ..picture }))
}
