//! The queue as an administrator looks at it: what waits, what was laid aside, trying again, throwing away.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use super::CHANNEL;

/// A job that is not done.
#[derive(Clone, Debug)]
pub struct Open {
    pub id: i64,
    pub kind: String,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    /// When it is tried next.
    pub run_at: DateTime<Utc>,
    /// A worker has it.
    pub is_running: bool,
    /// Laid aside.
    pub dead_at: Option<DateTime<Utc>>,
    /// As it was: not for a screen.
    pub last_error: Option<String>,
    payload: Value,
}

impl Open {
    /// The numbers in its payload, as `media 12`. Texts are left out: they may be anybody's.
    pub fn about(&self) -> String {
        let Value::Object(map) = &self.payload else { return String::new() };
        let numbers = map.iter().filter(|(_, value)| value.is_number());
        let named = numbers
            .map(|(name, value)| format!("{} {value}", name.trim_end_matches("_id").replace('_', " ")));
        named.collect::<Vec<_>>().join(", ")
    }
}

/// Laid aside first, the newest first; then what waits, in the order in which it is tried.
pub async fn open(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"select id, kind, attempts, created_at, run_at, dead_at, last_error, payload,
                  (dead_at is null and coalesce(locked_until > now(), false)) as "is_running!"
             from jobs
            order by dead_at desc nulls last, run_at, id
            limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}

/// How many wait for their turn, are being done, and were given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub waiting: i64,
    pub running: i64,
    pub dead: i64,
}

pub async fn counts(db: impl PgExecutor<'_>) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select count(*) filter (where dead_at is null and coalesce(locked_until <= now(), true)) as "waiting!",
                  count(*) filter (where dead_at is null and locked_until > now()) as "running!",
                  count(*) filter (where dead_at is not null) as "dead!"
           from jobs"#
    )
    .fetch_one(db)
    .await
}

/// How many were laid aside.
pub async fn dead(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "dead!" from jobs where dead_at is not null"#)
        .fetch_one(db)
        .await
}

/// For how many seconds the job has been due that is due longest and that nobody has; `None`: there is none.
pub async fn overdue(db: impl PgExecutor<'_>) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "select extract(epoch from now() - min(run_at))::bigint
           from jobs
          where dead_at is null and run_at <= now() and (locked_until is null or locked_until < now())"
    )
    .fetch_one(db)
    .await
}

/// Tries it now, with all its tries before it. The kind; `None`: it is not there, or a worker has it.
pub async fn retry(tx: &mut PgConnection, id: i64) -> sqlx::Result<Option<String>> {
    let kind = sqlx::query_scalar!(
        "update jobs set dead_at = null, attempts = 0, run_at = now(), locked_until = null
          where id = $1 and (dead_at is not null or locked_until is null or locked_until < now())
         returning kind",
        id
    )
    .fetch_optional(&mut *tx)
    .await?;
    if kind.is_some() {
        sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(tx).await?;
    }
    Ok(kind)
}

/// It will never be done. The kind; `None`: it is not there, or a worker has it.
pub async fn discard(tx: &mut PgConnection, id: i64) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "delete from jobs
          where id = $1 and (dead_at is not null or locked_until is null or locked_until < now())
         returning kind",
        id
    )
    .fetch_optional(tx)
    .await
}
