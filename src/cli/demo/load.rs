//! Writes the words of the sample news, in one transaction: the whole world or nothing of it.

use std::collections::HashMap;

use anyhow::Context;
use chrono::{TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

use super::world::{self, AUTHORS, Article, EDITORS_CHOICE, OPENINGS, PLACES, SECTIONS, TAGS, TOPICS};
use super::{ORIGIN, comments, desk};
use crate::news::article::save::{self, Action, Fields};
use crate::news::article::{ArticleId, related};
use crate::news::audit::Actor;
use crate::news::comment::Keys;
use crate::news::front::board::Step;
use crate::news::front::{Kind, Rule, store};
use crate::news::place::PlaceId;
use crate::news::section::{self, SectionId};
use crate::news::topic::{KeyDate, Link, Target, TopicId};
use crate::news::views::{self, Span};
use crate::news::{author, origin, place, tag, topic};
use crate::text::{CleanHtml, Language, Slug};

/// Days back at which the reads of this week and of this month are booked.
const THIS_WEEK: i64 = 3;
const THIS_MONTH: i64 = 15;

/// Writes what is not there yet and answers how many articles that were.
pub(super) async fn words(pool: &PgPool) -> anyhow::Result<usize> {
    let keys = Keys::load(pool).await?;
    let mut db = pool.begin().await?;
    let sections = sections(&mut db).await?;
    let places = places(&mut db).await?;
    authors(&mut db).await?;
    let tags: Vec<String> = TAGS.iter().map(ToString::to_string).collect();
    tag::find_or_create(&mut db, &tags).await?;
    let (articles, added) = articles(&mut db, &sections, &places).await?;
    for article in &added {
        links(&mut db, article, &articles).await?;
    }
    topics(&mut db, &articles).await?;
    if !added.is_empty() {
        comments::threads(&mut db, &keys, &added, &articles).await?;
        board(&mut db, &articles).await?;
        reads(&mut db, &added, &articles).await?;
    }
    if added.len() == articles.len() {
        desk::lay(&mut db, (&sections, &places), &articles).await?;
    }
    db.commit().await?;
    Ok(added.len())
}

async fn sections(db: &mut PgConnection) -> anyhow::Result<HashMap<&'static str, SectionId>> {
    let mut ids = HashMap::new();
    for one in SECTIONS {
        let slug = Slug::of(one.slug).context("a section without a slug")?;
        section::create(db, &slug, one.name, one.description).await?;
        let there = section::by_slug(&mut *db, one.slug).await?.context("a section that is not there")?;
        ids.insert(one.slug, there.id);
    }
    Ok(ids)
}

async fn places(db: &mut PgConnection) -> anyhow::Result<HashMap<&'static str, PlaceId>> {
    let mut ids = HashMap::new();
    for one in PLACES {
        let id = place::find_or_create(db, one.name, Some((one.latitude, one.longitude))).await??;
        ids.insert(one.name, id);
    }
    Ok(ids)
}

async fn authors(db: &mut PgConnection) -> anyhow::Result<()> {
    for one in AUTHORS {
        for id in author::find_or_create(db, &[one.name.to_owned()]).await? {
            author::describe(db, id, one.bio).await?;
        }
    }
    Ok(())
}

/// All articles of the world by key, and those that were not there before. Oldest first, so that ids and dates
/// agree as they do at a real paper.
async fn articles(
    db: &mut PgConnection,
    sections: &HashMap<&str, SectionId>,
    places: &HashMap<&str, PlaceId>,
) -> anyhow::Result<(HashMap<&'static str, ArticleId>, Vec<&'static Article>)> {
    let mut oldest_first: Vec<&Article> = world::articles().collect();
    oldest_first.sort_by_key(|article| std::cmp::Reverse(article.hours_ago));
    let (mut ids, mut added) = (HashMap::new(), Vec::new());
    for article in oldest_first {
        if let Some(id) = origin::find(&mut *db, ORIGIN, "article", article.key).await? {
            ids.insert(article.key, ArticleId(id));
            continue;
        }
        let fields = fields(article, sections, places)?;
        let id = save::create(db, &fields, Action::Publish, &Actor::command_line()).await?;
        save::released_as_dated(db, id).await?;
        origin::record(db, ORIGIN, "article", article.key, id.0).await?;
        comments::remarks(db, id, article).await?;
        ids.insert(article.key, id);
        added.push(article);
    }
    Ok((ids, added))
}

pub(super) fn fields(
    article: &Article,
    sections: &HashMap<&str, SectionId>,
    places: &HashMap<&str, PlaceId>,
) -> anyhow::Result<Fields> {
    Ok(Fields {
        section_id: *sections.get(article.section).context("an article without a section")?,
        kicker: article.kicker.to_owned(),
        headline: article.headline.to_owned(),
        slug: Slug::of(article.headline).context("a headline without a slug")?,
        standfirst: article.standfirst.to_owned(),
        body_source: article.body.to_owned(),
        body: CleanHtml::clean(article.body)?,
        byline: article.byline.join(", "),
        dateline: article.dateline.to_owned(),
        language: Language::parse(article.language)?,
        tags: article.tags.iter().map(ToString::to_string).collect(),
        related: Vec::new(),
        picture_id: None,
        picture_alt: article.picture.alt.to_owned(),
        picture_caption: article.picture.caption.to_owned(),
        picture_credit: world::PICTURE_CREDIT.to_owned(),
        place_id: article.place.and_then(|name| places.get(name).copied()),
        comments_open: article.comments_open,
        publish_at: Some(Utc::now() - TimeDelta::hours(article.hours_ago.into())),
        expire_at: None,
        withdrawn_note: String::new(),
    })
}

async fn links(
    db: &mut PgConnection,
    article: &Article,
    articles: &HashMap<&str, ArticleId>,
) -> anyhow::Result<()> {
    let id = *articles.get(article.key).context("an article that is not there")?;
    let targets: Vec<ArticleId> =
        article.related.iter().filter_map(|key| articles.get(key).copied()).collect();
    related::choose(db, id, &targets).await?;
    Ok(())
}

async fn topics(db: &mut PgConnection, articles: &HashMap<&str, ArticleId>) -> anyhow::Result<()> {
    for one in TOPICS {
        if origin::find(&mut *db, ORIGIN, "topic", one.key).await?.is_some() {
            continue;
        }
        let fields = topic::Fields {
            title: one.title.to_owned(),
            description: one.description.to_owned(),
            picture_id: None,
            picture_alt: one.picture.alt.to_owned(),
            pinned: one.pinned,
            tags: one.tags.iter().map(ToString::to_string).collect(),
            articles: one.articles.iter().filter_map(|key| articles.get(key).copied()).collect(),
            ..opening(one.key, articles)?
        };
        let slug = Slug::of(one.title).context("a topic without a slug")?;
        if let Some(id) = topic::create(db, &slug, &fields).await? {
            origin::record(db, ORIGIN, "topic", one.key, id.0).await?;
        }
    }
    Ok(())
}

/// What opens the page of a topic, if anything does.
fn opening(topic: &str, articles: &HashMap<&str, ArticleId>) -> anyhow::Result<topic::Fields> {
    let Some(opening) = OPENINGS.iter().find(|opening| opening.topic == topic) else {
        return Ok(topic::Fields::default());
    };
    let target = |key: &str| Target { article: articles.get(key).copied(), ..Target::default() };
    let link = |&(label, key): &(&str, &str)| Link { label: label.to_owned(), target: target(key) };
    let date = |date: &world::KeyDate| {
        let target = date.article.map(target).unwrap_or_default();
        anyhow::Ok(KeyDate { day: date.day.parse()?, text: date.text.to_owned(), target })
    };
    Ok(topic::Fields {
        links: opening.links.iter().map(link).collect(),
        dates: opening.dates.iter().map(date).collect::<Result<_, _>>()?,
        top: opening.top.iter().filter_map(|key| articles.get(key).copied()).collect(),
        ..topic::Fields::default()
    })
}

/// Puts the editor's choice on the board, once: the first for a week, the last from tomorrow on; and a block of
/// the river's own.
async fn board(db: &mut PgConnection, articles: &HashMap<&str, ArticleId>) -> anyhow::Result<()> {
    if origin::find(&mut *db, ORIGIN, "board", "choice").await?.is_some() {
        return Ok(());
    }
    let river = origin::find(&mut *db, ORIGIN, "topic", "topic-elling").await?;
    store::amend(db, "the sample news", |board| {
        let Some(choice) = board.of_kind(Kind::Choice).map(|block| block.id) else { return };
        let chosen: Vec<ArticleId> =
            EDITORS_CHOICE.iter().filter_map(|key| articles.get(key).copied()).collect();
        let now = Utc::now();
        for (n, id) in chosen.iter().enumerate() {
            let times = match n {
                0 => (None, Some(now + TimeDelta::days(7))),
                n if n + 1 == chosen.len() => (Some(now + TimeDelta::days(1)), None),
                _ => (None, None),
            };
            board.place(choice, *id, times);
        }
        if let Some(river) = river {
            let own = board.add(Kind::Stories, "Along the Elling", 4, Rule::Topic(TopicId(river)));
            let map = board.of_kind(Kind::Map).map(|block| block.id);
            own.and_then(|own| board.shift_block(own, Step::Before(map)));
        }
    })
    .await?;
    origin::record(db, ORIGIN, "board", "choice", 1).await?;
    Ok(())
}

/// The world's counts include one another; the sums of the site do not.
async fn reads(
    db: &mut PgConnection,
    added: &[&Article],
    articles: &HashMap<&str, ArticleId>,
) -> anyhow::Result<()> {
    let of = |count: fn(&Article) -> u32| -> HashMap<ArticleId, i64> {
        let counted =
            added.iter().filter_map(|article| Some((*articles.get(article.key)?, i64::from(count(article)))));
        counted.filter(|(_, views)| *views > 0).collect()
    };
    let now = Utc::now();
    views::flush(&mut *db, &of(|article| article.views.day), now - TimeDelta::hours(2)).await?;
    let week = of(|article| article.views.week.saturating_sub(article.views.day));
    views::book(db, &week, (now - TimeDelta::days(THIS_WEEK)).date_naive()).await?;
    let month = of(|article| article.views.month.saturating_sub(article.views.week));
    views::book(db, &month, (now - TimeDelta::days(THIS_MONTH)).date_naive()).await?;
    views::roll_up(db).await?;
    for span in Span::ALL {
        views::rank(db, span).await?;
    }
    Ok(())
}
