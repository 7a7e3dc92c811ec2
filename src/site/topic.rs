//! `/focus`: the glossary, "In Focus"; `/focus/{slug}`: one of its topics, with everything written about it.

use askama::Template;
use axum::extract::State;

use super::listing::{Before, Pager, Stories};
use crate::news::article::card::{self, Card, PAGE};
use crate::news::topic::{self, Topic};
use crate::paths;
use crate::web::{App, Error, Layout, Page, Path, Query, Result};

#[derive(Template)]
#[template(path = "site/topics.html")]
struct Index {
    layout: Layout,
    topics: Vec<Topic>,
}

pub(super) async fn index(State(app): State<App>) -> Result<Page> {
    let topics = topic::all(&app.db).await?;
    let layout = Layout::load(&app, "In Focus")
        .await?
        .description("The subjects that come up again and again, each explained in a few sentences.")
        .canonical(paths::TOPICS)
        .current(paths::TOPICS)
        .class("topics");
    Ok(Page::public(&Index { layout, topics }))
}

#[derive(Template)]
#[template(path = "site/topic.html")]
struct Show {
    layout: Layout,
    topic: Topic,
    feed: String,
    cards: Vec<Card>,
    pager: Pager,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(before): Query<Before>,
) -> Result<Page> {
    let topic = topic::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let (href, cursor) = (topic.href(), before.cursor()?);
    let stories = Stories::new(&href, &before, card::in_topic(&app.db, topic.id, &[], cursor, PAGE).await?);
    let feed = paths::feed_of(&href);
    let layout = Layout::load(&app, &topic.title)
        .await?
        .description(&topic.description)
        .canonical(&before.path(&href))
        .current(paths::TOPICS)
        .feed(format!("{} – {}", topic.title, app.site.name), &feed)
        .class("topic")
        .preview(topic.picture().as_ref());
    Ok(Page::public(&Show { layout, topic, feed, cards: stories.cards, pager: stories.pager }))
}
