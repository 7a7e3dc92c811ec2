//! A run of an import: asked for at the desk or by the command, worked at by one at a time, cancelled or over.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{PgConnection, PgExecutor};

use super::ImportId;
use crate::accounts::UserId;
use crate::news::audit::Actor;

/// Seconds without a word after which whoever worked at a run is taken to be dead.
const SILENCE: f64 = 30.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum State {
    Waiting,
    Running,
    Done,
    Cancelled,
    Failed,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Cancelled | Self::Failed)
    }
}

#[derive(Clone, Debug)]
pub struct Run {
    pub id: ImportId,
    pub kind: String,
    pub name: String,
    pub file: String,
    pub options: Value,
    pub dry: bool,
    pub state: State,
    pub failed: String,
    pub done: i64,
    pub read_bytes: i64,
    pub bytes: i64,
    /// Somebody is at it.
    pub is_worked_at: bool,
    pub user_id: Option<UserId>,
    pub actor: String,
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub imported: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub skipped: i64,
    pub refused: i64,
    /// Articles whose pictures and links are still to be looked after.
    pub open: i64,
}

impl Run {
    /// Hundredths of the file that are read.
    pub fn percent(&self) -> i64 {
        if self.bytes > 0 { (self.read_bytes * 100 / self.bytes).clamp(0, 100) } else { 0 }
    }

    pub fn actor(&self) -> Actor {
        Actor { user: self.user_id, name: self.actor.clone(), request_id: String::new() }
    }
}

macro_rules! runs {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Run,
            r#"select i.id as "id: ImportId", i.kind, i.name, i.file, i.options, i.dry, i.state as "state: State",
                      i.failed, i.done, i.read_bytes, i.bytes,
                      coalesce(i.worker_at > now() - make_interval(secs => 30), false) as "is_worked_at!",
                      i.user_id as "user_id: UserId", i.actor, i.created_at, i.ended_at,
                      n.imported as "imported!", n.updated as "updated!", n.unchanged as "unchanged!",
                      n.skipped as "skipped!", n.refused as "refused!", n.open as "open!"
               from imports i
               cross join lateral (
                   select count(*) filter (where l.outcome = 'imported') as imported,
                          count(*) filter (where l.outcome = 'updated') as updated,
                          count(*) filter (where l.outcome = 'unchanged') as unchanged,
                          count(*) filter (where l.outcome = 'skipped') as skipped,
                          count(*) filter (where l.outcome = 'refused') as refused,
                          count(*) filter (where l.open) as open
                   from import_lines l
                   where l.import_id = i.id
               ) n "# + $rest
            $(, $arg)*
        )
    };
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub kind: &'a str,
    pub name: &'a str,
    pub file: &'a str,
    pub options: &'a Value,
    pub dry: bool,
}

pub async fn create(db: &mut PgConnection, new: &New<'_>, actor: &Actor) -> sqlx::Result<ImportId> {
    let name: String = new.name.chars().take(2000).collect();
    sqlx::query_scalar!(
        r#"insert into imports (kind, name, file, options, dry, user_id, actor)
           values ($1, $2, $3, $4, $5, $6, $7)
           returning id as "id: ImportId""#,
        new.kind,
        name,
        new.file,
        new.options,
        new.dry,
        actor.user as Option<UserId>,
        actor.name
    )
    .fetch_one(db)
    .await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: ImportId) -> sqlx::Result<Option<Run>> {
    runs!("where i.id = $1", id as ImportId).fetch_optional(db).await
}

/// The newest first.
pub async fn latest(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Run>> {
    runs!("order by i.created_at desc, i.id desc limit $1", limit).fetch_all(db).await
}

/// The last run of these that did not come to its end: it goes on where it stopped.
pub async fn unfinished(
    db: impl PgExecutor<'_>,
    kind: &str,
    name: &str,
    options: &Value,
    dry: bool,
) -> sqlx::Result<Option<ImportId>> {
    sqlx::query_scalar!(
        r#"select id as "id: ImportId"
           from imports
           where kind = $1 and name = $2 and options = $3 and dry = $4 and file = '' and user_id is null
             and state in ('running', 'cancelled')
             and id = (select max(id) from imports where kind = $1 and name = $2 and dry = $4)"#,
        kind,
        name,
        options,
        dry
    )
    .fetch_optional(db)
    .await
}

/// Begins to work at a run, or goes on with it. `false`: it is over, or somebody else is at it.
pub async fn take(db: impl PgExecutor<'_>, id: ImportId) -> sqlx::Result<bool> {
    let mine = sqlx::query!(
        "update imports
         set state = 'running', worker_at = now(), failed = ''
         where id = $1 and state in ('waiting', 'running')
           and (worker_at is null or worker_at < now() - make_interval(secs => $2))",
        id as ImportId,
        SILENCE
    )
    .execute(db)
    .await?;
    Ok(mine.rows_affected() > 0)
}

/// Says how far it is, as part of what was done. `false`: it was cancelled.
pub async fn advance(
    db: &mut PgConnection,
    id: ImportId,
    done: i64,
    read_bytes: i64,
    bytes: i64,
) -> sqlx::Result<bool> {
    let running = sqlx::query!(
        "update imports set done = $2, read_bytes = $3, bytes = $4, worker_at = now()
         where id = $1 and state = 'running'",
        id as ImportId,
        done,
        read_bytes,
        bytes
    )
    .execute(db)
    .await?;
    Ok(running.rows_affected() > 0)
}

/// Still at it. `false`: it was cancelled.
pub async fn breathe(db: impl PgExecutor<'_>, id: ImportId) -> sqlx::Result<bool> {
    let running = sqlx::query!(
        "update imports set worker_at = now() where id = $1 and state = 'running'",
        id as ImportId
    )
    .execute(db)
    .await?;
    Ok(running.rows_affected() > 0)
}

/// `false`: it was over before.
pub async fn cancel(db: &mut PgConnection, id: ImportId) -> sqlx::Result<bool> {
    let cancelled = sqlx::query!(
        "update imports set state = 'cancelled', ended_at = now(), worker_at = null
         where id = $1 and state in ('waiting', 'running')",
        id as ImportId
    )
    .execute(db)
    .await?;
    Ok(cancelled.rows_affected() > 0)
}

/// A run that was cancelled or failed is to go on. `false`: there is nothing to go on with.
pub async fn resume(db: &mut PgConnection, id: ImportId) -> sqlx::Result<bool> {
    let resumed = sqlx::query!(
        "update imports set state = 'waiting', ended_at = null, failed = '', worker_at = null
         where id = $1 and (state in ('cancelled', 'failed')
                            or (state = 'running'
                                and coalesce(worker_at, created_at) < now() - make_interval(secs => $2)))",
        id as ImportId,
        SILENCE
    )
    .execute(db)
    .await?;
    Ok(resumed.rows_affected() > 0)
}

/// Lets go of a run that is to be gone on with: whoever comes next need not wait.
pub async fn release(db: impl PgExecutor<'_>, id: ImportId) -> sqlx::Result<()> {
    sqlx::query!("update imports set worker_at = null where id = $1", id as ImportId).execute(db).await?;
    Ok(())
}

/// Over, for good or for a reason.
pub async fn end(db: &mut PgConnection, id: ImportId, failed: Option<&str>) -> sqlx::Result<()> {
    sqlx::query!(
        "update imports
         set state = case when $2::text is null then 'done' else 'failed' end, failed = coalesce($2, ''),
             ended_at = now(), worker_at = null, read_bytes = case when $2::text is null then bytes else read_bytes end
         where id = $1 and state = 'running'",
        id as ImportId,
        failed
    )
    .execute(db)
    .await?;
    Ok(())
}
