//! `/tag/{slug}`: all articles that carry a keyword, by month.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::listing::{Before, Group, Pager, Stories, by_month};
use crate::news::article::card::{self, PAGE};
use crate::news::tag::{self, Found, Tag};
use crate::paths;
use crate::text::{Cursor, Slug};
use crate::web::{self, App, Error, Layout, Page, Path, Query, Result, facts};

#[derive(Template)]
#[template(path = "site/tag.html")]
struct Show {
    layout: Layout,
    tag: Tag,
    feed: String,
    groups: Vec<Group>,
    pager: Pager,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(before): Query<Before>,
) -> Result<Response> {
    let tag = match tag::by_slug(&app.db, &slug).await? {
        Found::Tag(tag) => tag,
        Found::Moved(tag) => return Ok(web::moved(&tag.href())),
        Found::Nothing => return as_written(&app, &slug).await,
    };
    let (href, cursor) = (tag.href(), before.cursor()?);
    let stories = Stories::new(&href, &before, card::with_tag(&app.db, tag.id, cursor, PAGE).await?);
    // A tag that only drafts carry would tell of them.
    if stories.cards.is_empty() {
        return Err(Error::NotFound);
    }
    let feed = paths::feed_of(&href);
    let layout = Layout::load(&app, &tag.name)
        .await?
        .description(format!("All articles about {}, newest first.", tag.name))
        .canonical(&before.path(&href))
        .feed(format!("{} – {}", tag.name, app.site.name), &feed)
        .class("tag")
        .facts([
            facts::list(&app.site, &tag.name, &stories.cards),
            facts::trail(&app.site, &[(&tag.name, &href)]),
        ]);
    let groups = by_month(stories.cards, &layout);
    let id = tag.id;
    let view = Show { layout, tag, feed, groups, pager: stories.pager };
    Ok(Page::public(&view).keys([id]).into_response())
}

/// "/tag/City%20Budget", as people write addresses by hand, leads to the tag of this name.
async fn as_written(app: &App, name: &str) -> Result<Response> {
    let slug = Slug::of(name).filter(|slug| slug.as_str() != name).ok_or(Error::NotFound)?;
    match tag::by_slug(&app.db, slug.as_str()).await? {
        Found::Tag(tag) | Found::Moved(tag) => {
            let stories = card::with_tag(&app.db, tag.id, Cursor::START, 1).await?;
            if stories.cards.is_empty() { Err(Error::NotFound) } else { Ok(web::moved(&tag.href())) }
        }
        Found::Nothing => Err(Error::NotFound),
    }
}
