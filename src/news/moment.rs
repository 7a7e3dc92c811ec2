//! When the site changes by itself: the times that editors set for something to begin or to end.
//!
//! Not here: what changes at the hand of somebody, which the triggers of the pages tell.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

/// By the database's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moments {
    pub now: DateTime<Utc>,
    /// The first one ahead, of anything that readers see anywhere.
    pub next: Option<DateTime<Utc>>,
}

/// Whatever is added to the site with a time of its own belongs into this list.
pub async fn next(db: impl PgExecutor<'_>) -> sqlx::Result<Moments> {
    sqlx::query_as!(
        Moments,
        r#"select now() as "now!",
                  least((select min(publish_at) from articles where state = 'published' and publish_at > now()),
                        (select min(expire_at) from articles where expire_at > now() and state = 'published'),
                        (select min(effective_at) from scheduled_edits where effective_at > now() and not held),
                        (select min(at) from corrections where at > now()),
                        (select min(starts_at) from banners where ends_at > now() and starts_at > now()),
                        (select min(ends_at) from banners where ends_at > now()),
                        (select min(publish_at) from galleries where publish_at > now()),
                        (select min(licence_ends_at) from media where licence_ends_at > now()),
                        (select min(slot.at)
                         from (select content from boards order by id desc limit 1) b
                         cross join lateral (
                             select (jsonb_path_query(b.content, '$.blocks[*].placings[*].*') #>> '{}') as text
                         ) found
                         cross join lateral (
                             select case when found.text ~ '^\d{4}-\d\d-\d\dT' then found.text::timestamptz end as at
                         ) slot
                         where slot.at > now())) as next"#
    )
    .fetch_one(db)
    .await
}
