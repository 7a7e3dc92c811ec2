//! An article as a feed carries it: the card with the whole text, and the picture's true size in bytes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::ArticleId;
use super::card::{self, Card, cards};
use crate::news::author::{Author, AuthorId};
use crate::news::media::Rendition;
use crate::news::search;
use crate::news::section::SectionId;
use crate::news::tag::TagId;
use crate::news::topic::TopicId;
use crate::text::html::figures::Figure;
use crate::text::{CleanHtml, Cursor, Language, Slug};

/// Articles in a feed: what aggregators ask for at least.
pub const IN_FEED: usize = 30;

/// Of these, at most so many that stand there for having come out lately with an older date.
const LATE: i64 = 5;

#[derive(Clone, Debug)]
pub struct Entry {
    pub card: Card,
    pub body: CleanHtml,
    pub tags: Vec<String>,
    pub authors: Vec<Author>,
    /// When it came out, or was corrected; what is saved without telling readers moves nothing.
    pub changed_at: DateTime<Utc>,
    /// When anything of it was last written, worth telling or not.
    pub saved_at: DateTime<Utc>,
    pub picture: Option<Enclosure>,
}

/// The widest JPEG of the lead picture.
#[derive(Clone, Debug)]
pub struct Enclosure {
    pub sha256: String,
    pub width: i32,
    pub height: i32,
    pub bytes: i64,
}

/// The entries of these cards, in their order.
pub async fn of_cards(db: &mut PgConnection, cards: Vec<Card>) -> sqlx::Result<Vec<Entry>> {
    let ids: Vec<i64> = cards.iter().map(|card| card.id.0).collect();
    let rows = sqlx::query!(
        r#"select a.id as "id!: ArticleId", coalesce(due.body_html, a.body_html) as "body!: CleanHtml",
                  coalesce(due.dateline, a.dateline) as "dateline!",
                  greatest(a.publish_at, a.released_at,
                           (select max(c.at) from corrections c
                            where c.article_id = a.id and c.at <= now())) as "changed_at!",
                  array(select t.name from article_tags l join tags t on t.id = l.tag_id
                        where l.article_id = a.id order by l.position) as "tags!",
                  greatest(a.updated_at, due.effective_at) as "saved_at!",
                  (select coalesce(json_agg(json_build_object('id', w.id, 'slug', w.slug, 'name', w.name)
                                            order by l.position), '[]')
                   from article_authors l join authors w on w.id = l.author_id
                   where l.article_id = a.id) as "authors!: Json<Vec<Author>>",
                  array(select encode(f.sha256, 'hex')
                        from article_media b
                        join media m on m.id = b.media_id and m.licence_ends_at <= now()
                        cross join lateral (select sha256 from renditions where media_id = m.id
                                            union all
                                            select sha256 from media_files where media_id = m.id) f
                        where b.article_id = a.id) as "ended!",
                  encode(r.sha256, 'hex') as "sha256?", r.width as "width?", r.height as "height?", r.bytes as "bytes?"
           from articles a
           left join scheduled_edits due on due.article_id = a.id and not due.held and due.effective_at <= now()
           left join lateral (select sha256, width, height, bytes
                              from renditions
                              where media_id = case when due.id is null then a.picture_id else due.picture_id end
                                and extension = 'jpg'
                                and exists (select from shown_media m where m.id = media_id)
                              order by width desc
                              limit 1) r on true
           where a.id = any($1)"#,
        &ids
    )
    .fetch_all(db)
    .await?;
    let mut bodies: HashMap<ArticleId, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(cards
        .into_iter()
        .filter_map(|card| {
            let row = bodies.remove(&card.id)?;
            let picture = match (row.sha256, row.width, row.height, row.bytes) {
                (Some(sha256), Some(width), Some(height), Some(bytes)) => {
                    Some(Enclosure { sha256, width, height, bytes })
                }
                _ => None,
            };
            Some(Entry {
                body: without(&row.body, &row.ended).with_dateline(&row.dateline),
                tags: row.tags,
                authors: row.authors.0,
                changed_at: row.changed_at,
                saved_at: row.saved_at,
                picture,
                card,
            })
        })
        .collect())
}

/// The body without the pictures whose licence is over.
fn without(body: &CleanHtml, ended: &[String]) -> CleanHtml {
    if ended.is_empty() {
        return body.clone();
    }
    body.with_pictures(|sha256| ended.iter().any(|one| one == sha256).then_some(Figure::Gone))
}

/// Whose articles a feed carries.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    Site,
    Section(SectionId),
    Tag(TagId),
    Topic(TopicId),
    Author(AuthorId),
    AuthorAndTag(AuthorId, TagId),
}

/// A page of a feed.
#[derive(Debug)]
pub struct Entries {
    pub entries: Vec<Entry>,
    pub next: Option<Cursor>,
}

/// The entries of a feed before a place in it. Where it begins: the newest by date, and among them a few that came out
/// in the last two days with an older date, which a reader who asks every day would otherwise never see.
pub async fn feed(db: &mut PgConnection, scope: Scope, before: Cursor) -> sqlx::Result<Entries> {
    let size = IN_FEED;
    let listing = match scope {
        Scope::Site => card::latest(&mut *db, before, size).await?,
        Scope::Section(id) => card::in_section(&mut *db, id, before, size).await?,
        Scope::Tag(id) => card::with_tag(&mut *db, id, before, size).await?,
        Scope::Topic(id) => card::in_topic(&mut *db, id, &[], before, size).await?,
        Scope::Author(id) => card::by_author(&mut *db, id, before, size).await?,
        Scope::AuthorAndTag(author, tag) => {
            card::by_author_with_tag(&mut *db, author, tag, before, size).await?
        }
    };
    let (mut cards, mut next) = (listing.cards, listing.next);
    if before == Cursor::START {
        let there: Vec<i64> = cards.iter().map(|card| card.id.0).collect();
        let late = late(&mut *db, scope, &there).await?;
        if cards.len() + late.len() > size {
            cards.truncate(size - late.len());
            next = cards.last().map(Card::cursor);
        }
        cards.extend(late);
    }
    Ok(Entries { entries: of_cards(db, cards).await?, next })
}

/// The entries of what a search finds.
pub async fn found(
    db: &mut PgConnection,
    query: &search::Query,
    language: &Language,
    before: Cursor,
) -> sqlx::Result<Entries> {
    let listing = search::listing(&mut *db, query, language, before, IN_FEED).await?;
    Ok(Entries { entries: of_cards(db, listing.cards).await?, next: listing.next })
}

/// When something that readers had seen last went away.
pub async fn gone_at(db: impl PgExecutor<'_>) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select greatest((select max(updated_at) from articles where state = 'withdrawn'),
                         (select max(expire_at) from articles where expire_at <= now()))"
    )
    .fetch_one(db)
    .await
}

/// Articles that came out lately with an older date and are not in the feed by their date.
async fn late(db: impl PgExecutor<'_>, scope: Scope, there: &[i64]) -> sqlx::Result<Vec<Card>> {
    let (mut section, mut tag, mut topic, mut author) = (None, None, None, None);
    match scope {
        Scope::Site => (),
        Scope::Section(id) => section = Some(id),
        Scope::Tag(id) => tag = Some(id),
        Scope::Topic(id) => topic = Some(id),
        Scope::Author(id) => author = Some(id),
        Scope::AuthorAndTag(by, about) => (author, tag) = (Some(by), Some(about)),
    }
    cards!(
        "and a.released_at - a.publish_at > interval '1 day' and a.released_at > now() - interval '2 days'
         and a.id <> all($1)
         and ($2::bigint is null or a.section_id = $2)
         and ($3::bigint is null
              or exists (select from article_tags l where l.article_id = a.id and l.tag_id = $3))
         and ($4::bigint is null
              or exists (select from topic_articles h
                         where h.topic_id = $4 and h.article_id = a.id and h.place <> 'out')
              or exists (select from topics o
                         where o.id = $4
                           and (o.section_id is null or o.section_id = a.section_id)
                           and (o.section_id is not null or exists (select from topic_tags y where y.topic_id = o.id))
                           and (not exists (select from topic_tags y where y.topic_id = o.id)
                                or exists (select from topic_tags y join article_tags x on x.tag_id = y.tag_id
                                           where y.topic_id = o.id and x.article_id = a.id))
                           and (not o.match_all
                                or not exists (select from topic_tags y
                                               where y.topic_id = o.id
                                                 and not exists (select from article_tags x
                                                                 where x.article_id = a.id and x.tag_id = y.tag_id)))
                           and not exists (select from topic_articles h
                                           where h.topic_id = o.id and h.article_id = a.id and h.place = 'out')))
         and ($5::bigint is null
              or exists (select from article_authors l where l.article_id = a.id and l.author_id = $5))
         order by a.released_at desc, a.id desc
         limit $6",
        there,
        section as Option<SectionId>,
        tag as Option<TagId>,
        topic as Option<TopicId>,
        author as Option<AuthorId>,
        LATE
    )
    .fetch_all(db)
    .await
}
