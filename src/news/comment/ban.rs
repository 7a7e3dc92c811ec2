//! Commenters whose comments are not taken for a while: known by the hash of their address, and for no longer than the
//! ban lasts. A comment without an address is known by its network alone, whose hash is of one day: such a ban follows
//! the network as long as it is heard from every day, and ends when nobody can say any more which it was.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::CommentId;
use crate::accounts::UserId;
use crate::accounts::network::NetworkHash;

pub const MAX_REASON: usize = 500;

#[derive(Debug)]
pub struct Ban {
    pub id: i64,
    /// The name under the comment that it was for.
    pub name: String,
    /// Of everybody who comments from the network, not of one address.
    pub by_network: bool,
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
        r#"select b.id, b.name, b.network is not null as "by_network!", b.comment_id as "comment: CommentId", b.until, b.reason, b.created_at, u.name as "by?"
           from comment_bans b left join users u on u.id = b.created_by
           where b.until > now()
           order by b.created_at desc, b.id desc"#
    )
    .fetch_all(db)
    .await
}

/// Until when the commenter of this comment is banned, or the network that it came from.
pub async fn of(db: impl PgExecutor<'_>, id: CommentId) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        r#"select max(b.until) as "until" from comment_bans b
           join comments c on c.commenter = b.commenter or (c.commenter is null and c.network = b.network)
           where c.id = $1 and b.until > now()"#,
        id as CommentId
    )
    .fetch_one(db)
    .await
}

/// By what a commenter can be banned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Address,
    Network,
}

/// By what the commenter of a comment can be banned; `None`: it came without an address, and its network is forgotten.
pub async fn means(db: impl PgExecutor<'_>, id: CommentId) -> sqlx::Result<Option<By>> {
    let known = sqlx::query!(
        r#"select commenter is not null as "address!", network is not null as "network!"
           from comments where id = $1"#,
        id as CommentId
    )
    .fetch_optional(db)
    .await?;
    Ok(known.and_then(|known| match (known.address, known.network) {
        (true, _) => Some(By::Address),
        (false, true) => Some(By::Network),
        (false, false) => None,
    }))
}

/// Bans the commenter of a comment, or its network when it came without an address; a second ban replaces the first.
/// `None`: nobody knows who that was.
pub async fn create(
    db: &mut PgConnection,
    id: CommentId,
    until: DateTime<Utc>,
    reason: &str,
    by: UserId,
) -> sqlx::Result<Option<i64>> {
    sqlx::query!(
        "delete from comment_bans b using comments c
         where c.id = $1 and (b.commenter = c.commenter or (c.commenter is null and b.network = c.network))",
        id as CommentId
    )
    .execute(&mut *db)
    .await?;
    sqlx::query_scalar!(
        "insert into comment_bans (commenter, network, network_day, name, comment_id, until, reason, created_by)
         select commenter, case when commenter is null then network end,
                case when commenter is null then (created_at at time zone 'utc')::date end, name, id, $2, $3, $4
         from comments where id = $1 and coalesce(commenter, network) is not null
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

/// Whether one of these networks, the names of one today and yesterday, is banned. The ban goes by today's name from
/// here on.
pub(super) async fn holds_network(db: &mut PgConnection, networks: &[NetworkHash]) -> sqlx::Result<bool> {
    let names: Vec<Vec<u8>> = networks.iter().map(|network| network.as_bytes().to_vec()).collect();
    let Some(today) = names.first() else { return Ok(false) };
    let is_banned = sqlx::query_scalar!(
        r#"select exists(select from comment_bans where network = any($1) and until > now()) as "is!""#,
        &names
    )
    .fetch_one(&mut *db)
    .await?;
    if is_banned {
        sqlx::query!(
            "update comment_bans b set network = $2, network_day = (now() at time zone 'utc')::date
             where network = any($1) and until > now()
               and not exists (select from comment_bans o where o.network = $2)",
            &names,
            today
        )
        .execute(db)
        .await?;
    }
    Ok(is_banned)
}

pub(super) async fn sweep(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from comment_bans
         where until <= now() or network_day < (now() at time zone 'utc')::date - 1"
    )
    .execute(db)
    .await?;
    Ok(())
}
