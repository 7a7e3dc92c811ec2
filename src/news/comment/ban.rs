//! Commenters whose comments are not taken for a while: known by the hash of their address, and for no longer than the
//! ban lasts.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::CommentId;
use crate::accounts::UserId;

pub const MAX_REASON: usize = 500;

#[derive(Debug)]
pub struct Ban {
    pub id: i64,
    /// The name under the comment that it was for.
    pub name: String,
    pub comment: Option<CommentId>,
    pub until: DateTime<Utc>,
    pub reason: String,
    pub created_at: DateTime<Utc>,
    pub by: Option<String>,
}

/// Those that hold, the newest first.
pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Ban>> {
    sqlx::query_as!(
        Ban,
        r#"select b.id, b.name, b.comment_id as "comment: CommentId", b.until, b.reason, b.created_at, u.name as "by?"
           from comment_bans b left join users u on u.id = b.created_by
           where b.until > now()
           order by b.created_at desc, b.id desc"#
    )
    .fetch_all(db)
    .await
}

/// Until when the commenter of this comment is banned.
pub async fn of(db: impl PgExecutor<'_>, id: CommentId) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select b.until from comment_bans b join comments c using (commenter) where c.id = $1 and b.until > now()",
        id as CommentId
    )
    .fetch_optional(db)
    .await
}

/// Bans the commenter of a comment; a second ban replaces the first. `None`: the comment came without an address.
pub async fn create(
    db: &mut PgConnection,
    id: CommentId,
    until: DateTime<Utc>,
    reason: &str,
    by: UserId,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "insert into comment_bans (commenter, name, comment_id, until, reason, created_by)
         select commenter, name, id, $2, $3, $4 from comments where id = $1 and commenter is not null
         on conflict (commenter) do update
             set name = excluded.name, comment_id = excluded.comment_id, until = excluded.until,
                 reason = excluded.reason, created_by = excluded.created_by, created_at = now()
         returning id",
        id as CommentId,
        until,
        reason,
        by as UserId
    )
    .fetch_optional(db)
    .await
}

/// Whether there was such a ban.
pub async fn lift(db: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    let gone = sqlx::query!("delete from comment_bans where id = $1", id).execute(db).await?;
    Ok(gone.rows_affected() > 0)
}

pub(super) async fn holds(db: &mut PgConnection, commenter: &[u8]) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists(select from comment_bans where commenter = $1 and until > now()) as "holds!""#,
        commenter
    )
    .fetch_one(db)
    .await
}

pub(super) async fn sweep(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from comment_bans where until <= now()").execute(db).await?;
    Ok(())
}
