//! The audit trail: who did what, written in the transaction that did it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use crate::{accounts::UserId, text::Cursor};

/// Who acts: a person at the desk, or the command line.
#[derive(Clone, Debug)]
pub struct Actor {
    pub user: Option<UserId>,
    pub name: String,
    /// Ties the row to the log line of its request.
    pub request_id: String,
}

impl Actor {
    pub fn command_line() -> Self {
        Self { user: None, name: "command line".to_owned(), request_id: String::new() }
    }
}

/// A row as the desk shows it.
#[derive(Debug)]
pub struct Entry {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub actor: String,
    pub action: String,
    pub noun: String,
    pub noun_id: Option<i64>,
    pub detail: Value,
}

impl Entry {
    /// The detail as `key: value` pairs in a stable order.
    pub fn facts(&self) -> Vec<(String, String)> {
        let Value::Object(map) = &self.detail else { return Vec::new() };
        map.iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| {
                (key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            })
            .collect()
    }
}

/// Records one act. `action` is a verb (`publish`), `noun` what it was done to (`article`).
pub async fn record(
    db: &mut PgConnection,
    actor: &Actor,
    action: &str,
    noun: &str,
    noun_id: Option<i64>,
    detail: Value,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit (user_id, actor, action, noun, noun_id, detail, request_id)
         values ($1, $2, $3, $4, $5, $6, $7)",
        actor.user as Option<UserId>,
        actor.name,
        action,
        noun,
        noun_id,
        detail,
        actor.request_id,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The newest acts first, `limit` of them, on things of one kind or, with an empty `noun`, of all.
pub async fn latest(
    db: impl PgExecutor<'_>,
    noun: &str,
    before: Cursor,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        "select id, at, actor, action, noun, noun_id, detail
         from audit
         where (at, id) < ($1, $2) and ($4 = '' or noun = $4)
         order by at desc, id desc
         limit $3",
        before.at,
        before.id,
        limit,
        noun,
    )
    .fetch_all(db)
    .await
}
