//! The card: the one projection of an article that every list uses. Lists never load bodies.

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, types::Json};

use super::ArticleId;
use crate::{
    news::{
        author::AuthorId,
        media::{Picture, Rendition},
        place,
        section::SectionId,
        tag::TagId,
        topic::TopicId,
    },
    paths,
    text::{Cursor, Language, Slug, cursor},
};

/// Articles on a page of a list.
pub const PAGE: usize = 20;

#[derive(Clone, Debug)]
pub struct Card {
    pub id: ArticleId,
    pub slug: Slug,
    pub kicker: String,
    pub headline: String,
    pub standfirst: String,
    pub byline: String,
    pub language: Language,
    pub publish_at: DateTime<Utc>,
    pub section_slug: Slug,
    pub section_name: String,
    pub picture_name: Option<String>,
    pub picture_width: Option<i32>,
    pub picture_height: Option<i32>,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
    pub renditions: Json<Vec<Rendition>>,
    pub place: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

impl Card {
    pub fn href(&self) -> String {
        paths::article(self.id, &self.slug)
    }

    pub fn section_href(&self) -> String {
        paths::section(&self.section_slug)
    }

    /// The line above the headline: the kicker, or the section's name.
    pub fn label(&self) -> &str {
        if self.kicker.is_empty() { &self.section_name } else { &self.kicker }
    }

    pub fn picture(&self) -> Option<Picture> {
        Picture::new(
            self.picture_name.as_deref()?,
            (self.picture_width?, self.picture_height?),
            self.renditions.0.clone(),
            (&self.picture_alt, &self.picture_caption, &self.picture_credit),
        )
    }

    /// "52.52° N, 13.40° E"
    pub fn coordinates(&self) -> Option<String> {
        Some(place::coordinates(self.latitude?, self.longitude?))
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.publish_at, id: self.id.0 }
    }
}

/// `cards!("and … order by … limit $1", args…)`: visible articles as cards. The text goes on after
/// `and`-ready conditions; `from` is `articles a join sections s left join scheduled_edits due left join shown_media m left
/// join places p`. They are those visible now, or `at "$1"`: at a moment that is given. Their words are those in force
/// then: of the edit whose time has come, else of the article.
macro_rules! cards {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        $crate::news::article::card::cards!(at "now()", from "", $rest $(, $arg)*)
    };
    (from $join:tt, $rest:tt $(, $arg:expr)* $(,)?) => {
        $crate::news::article::card::cards!(at "now()", from $join, $rest $(, $arg)*)
    };
    (at $at:tt, from $join:tt, $rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::news::article::card::Card,
            r#"select a.id as "id: ArticleId", a.slug as "slug: Slug", coalesce(due.kicker, a.kicker) as "kicker!",
                      coalesce(due.headline, a.headline) as "headline!",
                      coalesce(due.standfirst, a.standfirst) as "standfirst!", coalesce(due.byline, a.byline) as "byline!",
                      coalesce(due.language, a.language) as "language!: Language", a.publish_at as "publish_at!",
                      s.slug as "section_slug: Slug", s.name as section_name,
                      m.name as "picture_name?", m.width as "picture_width?", m.height as "picture_height?",
                      coalesce(due.picture_alt, a.picture_alt) as "picture_alt!",
                      coalesce(due.picture_caption, a.picture_caption) as "picture_caption!",
                      coalesce(due.picture_credit, a.picture_credit) as "picture_credit!",
                      (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                                  's', encode(r.sha256, 'hex'), 'c', r.shape)
                                                order by r.width), '[]')
                       from shown_files r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>",
                      p.name as "place?", p.latitude as "latitude?", p.longitude as "longitude?"
               from articles a
               join sections s on s.id = a.section_id
               left join scheduled_edits due on due.article_id = a.id and not due.held and due.effective_at <= "#
                + $at
                + r#"
               left join shown_media m on m.id = case when due.id is null then a.picture_id else due.picture_id end
               left join places p on p.id = case when due.id is null then a.place_id else due.place_id end "#
                + $join
                + r#" where a.state = 'published' and a.publish_at <= "#
                + $at
                + r#" and (a.expire_at is null or a.expire_at > "#
                + $at
                + r#") "#
                + $rest
            $(, $arg)*
        )
    };
}
pub(crate) use cards;

/// A page of cards and where the next one begins.
#[derive(Debug, Default)]
pub struct Listing {
    pub cards: Vec<Card>,
    pub next: Option<Cursor>,
}

impl Listing {
    pub(super) fn of(cards: Vec<Card>, size: usize) -> Self {
        let (cards, next) = cursor::page(cards, size, Card::cursor);
        Self { cards, next }
    }
}

pub(super) fn one_more(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX - 1) + 1
}

pub async fn latest(db: impl PgExecutor<'_>, before: Cursor, size: usize) -> sqlx::Result<Listing> {
    let cards = cards!(
        "and (a.publish_at, a.id) < ($1, $2) order by a.publish_at desc, a.id desc limit $3",
        before.at,
        before.id,
        one_more(size)
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

pub async fn in_section(
    db: impl PgExecutor<'_>,
    section: SectionId,
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        "and a.section_id = $4 and (a.publish_at, a.id) < ($1, $2)
         order by a.publish_at desc, a.id desc limit $3",
        before.at,
        before.id,
        one_more(size),
        section as SectionId
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

pub async fn with_tag(
    db: impl PgExecutor<'_>,
    tag: TagId,
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        from "join article_tags l on l.article_id = a.id",
        "and l.tag_id = $4 and (l.publish_at, l.article_id) < ($1, $2)
         order by l.publish_at desc, l.article_id desc limit $3",
        before.at,
        before.id,
        one_more(size),
        tag as TagId
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

pub async fn by_author(
    db: impl PgExecutor<'_>,
    author: AuthorId,
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        from "join article_authors l on l.article_id = a.id",
        "and l.author_id = $4 and (l.publish_at, l.article_id) < ($1, $2)
         order by l.publish_at desc, l.article_id desc limit $3",
        before.at,
        before.id,
        one_more(size),
        author as AuthorId
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

/// What one author wrote with one tag.
pub async fn by_author_with_tag(
    db: impl PgExecutor<'_>,
    author: AuthorId,
    tag: TagId,
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        from "join article_authors l on l.article_id = a.id",
        "and l.author_id = $4 and (l.publish_at, l.article_id) < ($1, $2)
         and exists (select from article_tags t where t.article_id = a.id and t.tag_id = $5)
         order by l.publish_at desc, l.article_id desc limit $3",
        before.at,
        before.id,
        one_more(size),
        author as AuthorId,
        tag as TagId
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

/// Articles that a topic's rule finds (one of its tags, or all of them; of one section, if it names one) or that were
/// picked for it, without those left out by hand and those in `except`. Each tag is walked on its own index and
/// gives at most a page, so the cost does not grow with the archive. Those on `top` come first where the list begins, in
/// that order and beside the page, and nowhere else.
pub async fn in_topic(
    db: impl PgExecutor<'_>,
    topic: TopicId,
    top: &[i64],
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        "and a.id in (
             select found.article_id
             from topics o
             join topic_tags t on t.topic_id = o.id
             cross join lateral (
                 select l.article_id
                 from article_tags l
                 join articles v on v.id = l.article_id
                 where l.tag_id = t.tag_id and (l.publish_at, l.article_id) < ($1, $2)
                   and v.state = 'published' and v.publish_at <= now() and (v.expire_at is null or v.expire_at > now())
                   and v.id <> all($5)
                   and (o.section_id is null or v.section_id = o.section_id)
                   and (not o.match_all
                        or not exists (select from topic_tags y
                                       where y.topic_id = o.id
                                         and not exists (select from article_tags x
                                                         where x.article_id = v.id and x.tag_id = y.tag_id)))
                   and not exists (select from topic_articles h
                                   where h.topic_id = o.id and h.article_id = v.id and h.place = 'out')
                 order by l.publish_at desc, l.article_id desc
                 limit $3
             ) found
             where o.id = $4
             union
             select found.id
             from topics o
             cross join lateral (
                 select v.id
                 from articles v
                 where v.section_id = o.section_id and (v.publish_at, v.id) < ($1, $2)
                   and v.state = 'published' and v.publish_at <= now() and (v.expire_at is null or v.expire_at > now())
                   and v.id <> all($5)
                   and not exists (select from topic_articles h
                                   where h.topic_id = o.id and h.article_id = v.id and h.place = 'out')
                 order by v.publish_at desc, v.id desc
                 limit $3
             ) found
             where o.id = $4 and not exists (select from topic_tags y where y.topic_id = o.id)
             union
             select h.article_id
             from topic_articles h
             where h.topic_id = $4 and h.place <> 'out' and h.article_id <> all($5)
             union
             select unnest($5) where $6
         )
         and ($6 and a.id = any($5) or (a.publish_at, a.id) < ($1, $2))
         order by array_position($5, a.id) nulls last, a.publish_at desc, a.id desc limit $3 + cardinality($5)",
        before.at,
        before.id,
        one_more(size),
        topic as TopicId,
        top,
        before == Cursor::START
    )
    .fetch_all(db)
    .await?;
    let mut cards = cards;
    let others = cards.split_off(cards.iter().take_while(|card| top.contains(&card.id.0)).count());
    let listing = Listing::of(others, size);
    Ok(Listing { cards: cards.into_iter().chain(listing.cards).collect(), next: listing.next })
}

/// Articles that have a place, for the map; those in `except` stand elsewhere already.
pub async fn placed(
    db: impl PgExecutor<'_>,
    except: &[i64],
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        "and a.place_id is not null and a.id <> all($4) and (a.publish_at, a.id) < ($1, $2)
         order by a.publish_at desc, a.id desc limit $3",
        before.at,
        before.id,
        one_more(size),
        except
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

/// Articles from one place, by its name in any case.
pub async fn at_place(
    db: impl PgExecutor<'_>,
    place: &str,
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        "and a.place_id = (select id from places where lower(name) = lower($4)) and (a.publish_at, a.id) < ($1, $2)
         order by a.publish_at desc, a.id desc limit $3",
        before.at,
        before.id,
        one_more(size),
        place
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

/// Articles of a stretch of time: `from` included, `to` not.
pub async fn between(
    db: impl PgExecutor<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    let cards = cards!(
        "and a.publish_at >= $4 and a.publish_at < $5 and (a.publish_at, a.id) < ($1, $2)
         order by a.publish_at desc, a.id desc limit $3",
        before.at,
        before.id,
        one_more(size),
        from,
        to
    )
    .fetch_all(db)
    .await?;
    Ok(Listing::of(cards, size))
}

/// The cards of these ids in this order; what is not visible is left out.
pub async fn of_ids(db: impl PgExecutor<'_>, ids: &[i64]) -> sqlx::Result<Vec<Card>> {
    cards!("and a.id = any($1) order by array_position($1::bigint[], a.id)", ids).fetch_all(db).await
}

/// The cards of these ids that are visible at a moment, in no order.
pub async fn of_ids_at(db: impl PgExecutor<'_>, at: DateTime<Utc>, ids: &[i64]) -> sqlx::Result<Vec<Card>> {
    cards!(at "$1", from "", "and a.id = any($2)", at, ids).fetch_all(db).await
}

/// The months that have articles, newest first, as the first moments of each month in `zone`.
pub async fn months(db: impl PgExecutor<'_>, zone: &str) -> sqlx::Result<Vec<DateTime<Utc>>> {
    sqlx::query_scalar!(
        r#"with ends as (
               select (select publish_at from articles where state = 'published' and publish_at <= now()
                       order by publish_at limit 1) as oldest,
                      (select publish_at from articles where state = 'published' and publish_at <= now()
                       order by publish_at desc limit 1) as newest
           )
           select (month at time zone $1) as "month!"
           from ends,
                generate_series(date_trunc('month', oldest at time zone $1), newest at time zone $1,
                                interval '1 month') as month
           where exists (select from articles
                         where state = 'published' and publish_at <= now()
                           and publish_at >= month at time zone $1
                           and publish_at < (month + interval '1 month') at time zone $1)
           order by 1 desc"#,
        zone
    )
    .fetch_all(db)
    .await
}
