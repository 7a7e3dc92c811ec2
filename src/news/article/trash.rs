//! The trash: drafts that nobody wants, for a month in which somebody may want them again.

use serde_json::json;
use sqlx::{PgConnection, PgExecutor};

use super::{ArticleId, scheduled};
use crate::news::audit::{self, Actor};

/// Days in the trash, the same as with everybody else's.
pub const DAYS: i32 = 30;

/// Throws away what no reader saw, with its time if it had one; `false` when it is not, or not any more, such an article.
pub async fn put(db: &mut PgConnection, id: ArticleId, actor: &Actor) -> sqlx::Result<bool> {
    let headline = sqlx::query_scalar!(
        "update articles set state = 'draft', trashed_at = now(), updated_at = now(), released_at = null
         where id = $1 and trashed_at is null
           and (state in ('draft', 'review') or (state = 'published' and released_at > now()))
         returning headline",
        id as ArticleId
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(headline) = headline else { return Ok(false) };
    scheduled::hold(&mut *db, id, actor).await?;
    audit::record(db, actor, "trash", "article", Some(id.0), json!({ "headline": headline })).await?;
    Ok(true)
}

/// Takes it out again, as a draft.
pub async fn restore(db: &mut PgConnection, id: ArticleId, actor: &Actor) -> sqlx::Result<bool> {
    let headline = sqlx::query_scalar!(
        "update articles set trashed_at = null, updated_at = now()
         where id = $1 and trashed_at is not null
         returning headline",
        id as ArticleId
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(headline) = headline else { return Ok(false) };
    audit::record(db, actor, "restore", "article", Some(id.0), json!({ "headline": headline })).await?;
    Ok(true)
}

/// Deletes for good what has lain there long enough, with everything that hangs on it.
pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let swept =
        sqlx::query!("delete from articles where trashed_at < now() - make_interval(days => $1)", DAYS)
            .execute(db)
            .await?;
    Ok(swept.rows_affected())
}
