//! Articles as crawlers list them: addresses by month with the dates of their last true change, and the news of two days.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::ArticleId;
use crate::news::media::{Picture, Rendition};
use crate::paths;
use crate::text::{Cursor, Language, Slug};

/// Addresses read at once.
pub const AT_ONCE: i64 = 1_000;
/// What Google reads of the newest news.
const NEWS: i64 = 1_000;

/// An address in a sitemap.
#[derive(Clone, Debug)]
pub struct Address {
    pub id: ArticleId,
    pub slug: Slug,
    pub headline: String,
    pub language: Language,
    pub publish_at: DateTime<Utc>,
    /// When it came out, or was corrected.
    pub changed_at: DateTime<Utc>,
    pub picture_name: Option<String>,
    pub renditions: Json<Vec<Rendition>>,
}

impl Address {
    pub fn href(&self) -> String {
        paths::article(self.id, &self.slug)
    }

    pub fn picture(&self) -> Option<String> {
        let name = self.picture_name.as_deref()?;
        let picture = Picture::new(name, (1, 1), self.renditions.0.clone(), ("", "", ""))?;
        picture.largest().map(|(.., path)| path)
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.publish_at, id: self.id.0 }
    }
}

/// The one projection of addresses: visible articles.
macro_rules! addresses {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Address,
            r#"select a.id as "id!: ArticleId", a.slug as "slug!: Slug", coalesce(due.headline, a.headline) as "headline!",
                      coalesce(due.language, a.language) as "language!: Language", a.publish_at as "publish_at!",
                      greatest(a.publish_at, a.released_at,
                               (select max(c.at) from corrections c
                                where c.article_id = a.id and c.at <= now())) as "changed_at!",
                      m.name as "picture_name?",
                      (select coalesce(json_agg(json_build_object('w', r.width, 'h', r.height, 'e', r.extension,
                                                                  's', encode(r.sha256, 'hex')) order by r.width), '[]')
                       from renditions r where r.media_id = m.id) as "renditions!: Json<Vec<Rendition>>"
               from articles a
               left join scheduled_edits due on due.article_id = a.id and not due.held and due.effective_at <= now()
               left join shown_media m on m.id = case when due.id is null then a.picture_id else due.picture_id end
               where a.state = 'published' and a.publish_at <= now() and (a.expire_at is null or a.expire_at > now()) "#
                + $rest
            $(, $arg)*
        )
    };
}

/// The next of a stretch of time, newest first, `AT_ONCE` at a time.
pub async fn between(
    db: impl PgExecutor<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    before: Cursor,
) -> sqlx::Result<Vec<Address>> {
    addresses!(
        "and a.publish_at >= $1 and a.publish_at < $2 and (a.publish_at, a.id) < ($3, $4)
         order by a.publish_at desc, a.id desc limit $5",
        from,
        to,
        before.at,
        before.id,
        AT_ONCE
    )
    .fetch_all(db)
    .await
}

/// What came out in the last two days, newest first.
pub async fn news(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Address>> {
    addresses!(
        "and a.publish_at > now() - interval '2 days' order by a.publish_at desc, a.id desc limit $1",
        NEWS
    )
    .fetch_all(db)
    .await
}

/// A month that has articles.
#[derive(Clone, Copy, Debug)]
pub struct Month {
    /// Its first moment in the zone that was asked for.
    pub at: DateTime<Utc>,
    /// When an article of it last came out, or was corrected.
    pub changed_at: DateTime<Utc>,
}

/// The months of the archive, newest first. Each is found by its newest article; what came out with an older date,
/// and what was corrected, is asked for once.
pub async fn months(db: &mut PgConnection, zone: &str) -> sqlx::Result<Vec<Month>> {
    sqlx::query_as!(
        Month,
        r#"with ends as (
               select (select publish_at from articles where state = 'published' and publish_at <= now()
                       order by publish_at limit 1) as oldest,
                      (select publish_at from articles where state = 'published' and publish_at <= now()
                       order by publish_at desc limit 1) as newest
           ), later as (
               select date_trunc('month', publish_at at time zone $1) as month, max(at) as at
               from (select a.publish_at, c.at
                     from corrections c join articles a on a.id = c.article_id
                     where a.state = 'published' and c.at <= now()
                     union all
                     select publish_at, released_at
                     from articles
                     where state = 'published' and released_at - publish_at > interval '1 day'
                       and released_at <= now()) changes
               group by 1
           )
           select (month at time zone $1) as "at!", greatest(found.at, later.at) as "changed_at!"
           from ends
           cross join generate_series(date_trunc('month', oldest at time zone $1), newest at time zone $1,
                                      interval '1 month') as month
           cross join lateral (select greatest(publish_at, released_at) as at
                               from articles
                               where state = 'published' and publish_at <= now()
                                 and publish_at >= month at time zone $1
                                 and publish_at < (month + interval '1 month') at time zone $1
                               order by publish_at desc
                               limit 1) found
           left join later using (month)
           order by 1 desc"#,
        zone
    )
    .fetch_all(db)
    .await
}
