//! What stands in the blocks of a board at a moment: what was placed by hand, then what the block's rule finds. A
//! story that stands in a block is left out by the rules of those below it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{PgExecutor, PgPool, types::Json};

use super::board::{Block, BlockId, Board, Kind, Rule};
use crate::news::{
    article::{
        ArticleId,
        card::{self, Card, cards},
    },
    media::Rendition,
    section::SectionId,
    tag::TagId,
    topic::TopicId,
    views::Span,
};
use crate::text::{Language, Slug};

/// The stories of a block.
#[derive(Debug)]
pub struct Filled {
    pub block: BlockId,
    /// Those placed by hand come first.
    pub cards: Vec<Card>,
    pub by_hand: usize,
}

/// All blocks of stories that are on, in the order of the board.
pub async fn fill(db: &PgPool, board: &Board, at: DateTime<Utc>) -> sqlx::Result<Vec<Filled>> {
    let blocks = || board.blocks.iter().filter(|block| block.on && block.kind.takes_placings());
    let in_force = |block: &Block| -> Vec<i64> {
        let placings = block.placings.iter().filter(|placing| placing.is_in_force(at));
        placings.map(|placing| placing.article.0).collect()
    };
    let ids: Vec<i64> = blocks().flat_map(in_force).collect();
    let placed = if ids.is_empty() { Vec::new() } else { card::of_ids_at(db, at, &ids).await? };
    let placed: HashMap<i64, Card> = placed.into_iter().map(|card| (card.id.0, card)).collect();
    let (mut filled, mut shown) = (Vec::new(), Vec::new());
    for block in blocks() {
        let mut cards: Vec<Card> =
            in_force(block).iter().filter_map(|id| placed.get(id).cloned()).take(room(block)).collect();
        keep_drawn(block, &mut cards);
        let by_hand = cards.len();
        shown.extend(cards.iter().map(|card| card.id.0));
        cards.extend(by_rule(db, block, at, &shown, room(block) - by_hand).await?);
        keep_drawn(block, &mut cards);
        shown.extend(cards.iter().skip(by_hand).map(|card| card.id.0));
        filled.push(Filled { block: block.id, cards, by_hand });
    }
    Ok(filled)
}

/// How many stories can be placed in it by hand; in each section's there is room for every placing.
fn room(block: &Block) -> usize {
    if block.kind == Kind::Sections { super::board::MOST_PLACINGS } else { block.size }
}

/// Of each section as many as are drawn: what has no place there may stand in a block below.
fn keep_drawn(block: &Block, cards: &mut Vec<Card>) {
    if block.kind == Kind::Sections {
        let mut drawn: HashMap<Slug, usize> = HashMap::new();
        cards.retain(|card| {
            let there = drawn.entry(card.section_slug.clone()).or_default();
            *there += 1;
            *there <= block.size
        });
    }
}

/// What fills a block, without those in `except`.
async fn by_rule(
    db: &PgPool,
    block: &Block,
    at: DateTime<Utc>,
    except: &[i64],
    room: usize,
) -> sqlx::Result<Vec<Card>> {
    let limit = i64::try_from(room).unwrap_or_default();
    match (block.kind, block.rule) {
        (Kind::Sections, _) => {
            latest_of_sections(db, at, except, i64::try_from(block.size).unwrap_or_default()).await
        }
        (_, Rule::Hand) => Ok(Vec::new()),
        _ if limit == 0 => Ok(Vec::new()),
        (Kind::Map, _) => placed(db, at, except, limit).await,
        (_, Rule::Latest) => latest(db, at, except, limit).await,
        (_, Rule::Section(id)) => in_section(db, at, except, limit, id).await,
        (_, Rule::Tag(id)) => with_tag(db, at, except, limit, id).await,
        (_, Rule::Topic(id)) => in_topic(db, at, except, limit, id).await,
        (_, Rule::MostViewed(span)) => most_viewed(db, at, except, limit, span).await,
    }
}

async fn latest(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    except: &[i64],
    limit: i64,
) -> sqlx::Result<Vec<Card>> {
    cards!(
        at "$1",
        from "",
        "and a.id <> all($2) order by a.publish_at desc, a.id desc limit $3",
        at,
        except,
        limit
    )
    .fetch_all(db)
    .await
}

async fn placed(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    except: &[i64],
    limit: i64,
) -> sqlx::Result<Vec<Card>> {
    cards!(
        at "$1",
        from "",
        "and a.place_id is not null and a.id <> all($2) order by a.publish_at desc, a.id desc limit $3",
        at,
        except,
        limit
    )
    .fetch_all(db)
    .await
}

async fn in_section(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    except: &[i64],
    limit: i64,
    section: SectionId,
) -> sqlx::Result<Vec<Card>> {
    cards!(
        at "$1",
        from "",
        "and a.section_id = $4 and a.id <> all($2) order by a.publish_at desc, a.id desc limit $3",
        at,
        except,
        limit,
        section as SectionId
    )
    .fetch_all(db)
    .await
}

async fn with_tag(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    except: &[i64],
    limit: i64,
    tag: TagId,
) -> sqlx::Result<Vec<Card>> {
    cards!(
        at "$1",
        from "join article_tags l on l.article_id = a.id",
        "and l.tag_id = $4 and a.id <> all($2) order by l.publish_at desc, l.article_id desc limit $3",
        at,
        except,
        limit,
        tag as TagId
    )
    .fetch_all(db)
    .await
}

/// As `card::in_topic`, for a moment. What is on top of the topic's page comes first here too.
async fn in_topic(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    except: &[i64],
    limit: i64,
    topic: TopicId,
) -> sqlx::Result<Vec<Card>> {
    cards!(
        at "$1",
        from "left join topic_articles k on k.article_id = a.id and k.topic_id = $4 and k.place = 'top'",
        "and a.id <> all($2) and a.id in (
             select found.article_id
             from topics o
             join topic_tags t on t.topic_id = o.id
             cross join lateral (
                 select l.article_id
                 from article_tags l
                 join articles v on v.id = l.article_id
                 where l.tag_id = t.tag_id
                   and v.state = 'published' and v.publish_at <= $1 and (v.expire_at is null or v.expire_at > $1)
                   and v.id <> all($2)
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
                 where v.section_id = o.section_id
                   and v.state = 'published' and v.publish_at <= $1 and (v.expire_at is null or v.expire_at > $1)
                   and v.id <> all($2)
                   and not exists (select from topic_articles h
                                   where h.topic_id = o.id and h.article_id = v.id and h.place = 'out')
                 order by v.publish_at desc, v.id desc
                 limit $3
             ) found
             where o.id = $4 and not exists (select from topic_tags y where y.topic_id = o.id)
             union
             select h.article_id from topic_articles h where h.topic_id = $4 and h.place <> 'out'
         )
         order by k.position nulls last, a.publish_at desc, a.id desc limit $3",
        at,
        except,
        limit,
        topic as TopicId
    )
    .fetch_all(db)
    .await
}

async fn most_viewed(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    except: &[i64],
    limit: i64,
    span: Span,
) -> sqlx::Result<Vec<Card>> {
    cards!(
        at "$1",
        from "join most_viewed w on w.article_id = a.id",
        "and w.span = $4 and a.id <> all($2) order by w.rank limit $3",
        at,
        except,
        limit,
        span.as_str()
    )
    .fetch_all(db)
    .await
}

/// The latest of every section in menu order, `each` of them.
async fn latest_of_sections(
    db: impl PgExecutor<'_>,
    at: DateTime<Utc>,
    except: &[i64],
    each: i64,
) -> sqlx::Result<Vec<Card>> {
    cards!(
        at "$1",
        from "",
        "and a.id in (
             select found.id
             from sections d
             cross join lateral (
                 select b.id
                 from articles b
                 where b.section_id = d.id and b.state = 'published' and b.publish_at <= $1
                   and (b.expire_at is null or b.expire_at > $1) and b.id <> all($2)
                 order by b.publish_at desc, b.id desc
                 limit $3
             ) found
         )
         order by s.position, s.id, a.publish_at desc, a.id desc",
        at,
        except,
        each
    )
    .fetch_all(db)
    .await
}
