//! Lists of articles narrowed by several filters at once, for programs. Pages have lists of one filter each: `card`.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::ArticleId;
use super::card::{Listing, cards, one_more};
use super::work::Work;
use crate::news::author::AuthorId;
use crate::news::media::Rendition;
use crate::news::section::SectionId;
use crate::news::tag::TagId;
use crate::text::{Cursor, Language, Slug};
use sqlx::types::Json;

/// What is empty narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    pub section: Option<SectionId>,
    pub tag: Option<TagId>,
    pub author: Option<AuthorId>,
    pub work: Option<Work>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// The articles that pass every filter. A tag is walked on its own index, and so is an author.
pub async fn narrowed(
    db: impl PgExecutor<'_>,
    by: &Narrowed,
    before: Cursor,
    size: usize,
) -> sqlx::Result<Listing> {
    macro_rules! narrowed {
        ($join:tt, $on:tt) => {
            cards!(
                from $join,
                $on,
                before.at,
                before.id,
                one_more(size),
                by.section as Option<SectionId>,
                by.tag as Option<TagId>,
                by.author as Option<AuthorId>,
                by.work as Option<Work>,
                by.from,
                by.to
            )
            .fetch_all(db)
            .await?
        };
    }
    let cards = if by.tag.is_some() {
        narrowed!(
            "join article_tags l on l.article_id = a.id",
            "and l.tag_id = $5 and (l.publish_at, l.article_id) < ($1, $2)
             and ($4::bigint is null or a.section_id = $4) and ($7::text is null or a.work = $7)
             and ($8::timestamptz is null or a.publish_at >= $8) and ($9::timestamptz is null or a.publish_at < $9)
             and ($6::bigint is null
                  or exists (select from article_authors x where x.article_id = a.id and x.author_id = $6))
             order by l.publish_at desc, l.article_id desc limit $3"
        )
    } else if by.author.is_some() {
        narrowed!(
            "join article_authors l on l.article_id = a.id",
            "and l.author_id = $6 and (l.publish_at, l.article_id) < ($1, $2)
             and ($4::bigint is null or a.section_id = $4) and ($7::text is null or a.work = $7)
             and ($8::timestamptz is null or a.publish_at >= $8) and ($9::timestamptz is null or a.publish_at < $9)
             and ($5::bigint is null
                  or exists (select from article_tags x where x.article_id = a.id and x.tag_id = $5))
             order by l.publish_at desc, l.article_id desc limit $3"
        )
    } else {
        narrowed!(
            "",
            "and (a.publish_at, a.id) < ($1, $2)
             and ($4::bigint is null or a.section_id = $4) and ($7::text is null or a.work = $7)
             and ($8::timestamptz is null or a.publish_at >= $8) and ($9::timestamptz is null or a.publish_at < $9)
             and ($5::bigint is null
                  or exists (select from article_tags x where x.article_id = a.id and x.tag_id = $5))
             and ($6::bigint is null
                  or exists (select from article_authors x where x.article_id = a.id and x.author_id = $6))
             order by a.publish_at desc, a.id desc limit $3"
        )
    };
    Ok(Listing::of(cards, size))
}
