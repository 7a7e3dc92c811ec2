//! `/focus`: the glossary, "In Focus"; `/focus/{slug}`: one of its topics: where to begin, the days on which it
//! turned, and everything written about it.

use askama::Template;
use axum::extract::State;
use chrono::Utc;

use super::listing::{Before, Group, Pager, Stories, by_month};
use crate::news::article::card::{self, Card, PAGE};
use crate::news::topic::{self, KeyDate, Topic};
use crate::paths;
use crate::text::date;
use crate::web::page_cache::Key;
use crate::web::{App, Error, Layout, Page, Path, Query, Result, facts};

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
        .class("topics")
        .facts([facts::terms(&app.site, &topics)]);
    Ok(Page::public(&Index { layout, topics }).keys([Key::SearchIndex]))
}

/// The large one and a row below it.
const LARGE: usize = 3;

#[derive(Template)]
#[template(path = "site/topic.html")]
struct Show {
    layout: Layout,
    topic: Topic,
    feed: String,
    /// Where the list begins: what stands on top, or the newest, the first of it large.
    lead: Vec<Card>,
    /// The others by month.
    groups: Vec<Group>,
    pager: Pager,
    links: Vec<Start>,
    days: Vec<Day>,
}

/// A link to start from.
struct Start {
    label: String,
    href: String,
}

/// A key date as the page writes it.
struct Day {
    machine: String,
    long: String,
    text: String,
    href: Option<String>,
    is_ahead: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Query(before): Query<Before>,
) -> Result<Page> {
    let topic = topic::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let (href, cursor) = (topic.href(), before.cursor()?);
    let listing = card::in_topic(&app.db, topic.id, &topic.top, cursor, PAGE).await?;
    let mut stories = Stories::new(&href, &before, listing);
    let (mut lead, mut links, mut days) = (Vec::new(), Vec::new(), Vec::new());
    if before.is_first() {
        let on_top = stories.cards.iter().take_while(|card| topic.top.contains(&card.id.0)).count();
        lead = stories.cards.drain(..on_top.max(LARGE).min(stories.cards.len())).collect();
        (links, days) = opened(&app, &topic);
    }
    let feed = paths::feed_of(&href);
    let layout = Layout::load(&app, &topic.title)
        .await?
        .description(&topic.description)
        .canonical(&before.path(&href))
        .current(paths::TOPICS)
        .feed(format!("{} – {}", topic.title, app.site.name), &feed)
        .class("topic")
        .preview(topic.picture().as_ref())
        .facts([
            facts::term(&app.site, &topic),
            facts::list(&app.site, &topic.title, lead.iter().chain(&stories.cards)),
            facts::trail(&app.site, &[("In Focus", paths::TOPICS), (&topic.title, &href)]),
        ]);
    let groups = by_month(stories.cards, &layout);
    let id = topic.id;
    let view = Show { layout, topic, feed, lead, groups, pager: stories.pager, links, days };
    Ok(Page::public(&view).keys([id]))
}

/// A link whose article readers must not see is left out; a date stays, and leads nowhere.
fn opened(app: &App, topic: &Topic) -> (Vec<Start>, Vec<Day>) {
    let today = Utc::now().with_timezone(&app.site.timezone).date_naive();
    let links = topic.links.iter();
    let links = links.filter_map(|link| Some(Start { href: link.target.href()?, label: link.label.clone() }));
    let day = |key: &KeyDate| Day {
        machine: key.day.to_string(),
        long: date::of_day(key.day, &app.site.language),
        href: key.target.href(),
        is_ahead: key.day > today,
        text: key.text.clone(),
    };
    (links.collect(), topic.dates.iter().map(day).collect())
}
