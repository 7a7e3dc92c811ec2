//! Work to be done later: payloads and their table. What does the work is `jobs`.
//!
//! A job is enqueued in the transaction that wants it, so it exists if and only if the change does. It runs at
//! least once: whoever writes one makes it idempotent.

pub mod backlog;
mod letter;

pub use letter::{Letter, Typed, enqueue_letter, forget_letters};

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::PgListener;
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};

/// The channel on which a worker hears that there is work; polling finds it without.
pub const CHANNEL: &str = "broadsheet_jobs";

/// Seconds a worker may hold a job before another takes it over.
const LEASE: f64 = 300.0;

/// Tries before a job is laid aside for a person to read.
const MAX_ATTEMPTS: i32 = 8;

/// Why a job was laid aside that never failed in order.
const DEADLY: &str = "Every worker that had it ended before it was done.";

/// What is to be done. The names are stored: old ones must stay readable.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Payload {
    /// Make the sizes of an uploaded picture.
    MakeRenditions { media_id: i64 },
    /// Hand a letter to the post.
    SendMail(Letter),
    /// Send a link for a new password, if there is an account of this address. What a stranger typed is looked up
    /// here and not while they wait.
    MailReset { email: Typed },
    /// Send an invitation its link.
    MailInvitation { invitation_id: i64 },
    /// Draw the picture of an article that has none.
    Draw { article_id: i64 },
    /// Tell a WebSub hub that the feeds of an article have changed.
    PingHub { hub: String, article_id: i64 },
    /// Tell search engines that the page of an article has changed, by IndexNow.
    TellEngines { article_id: i64 },
    /// Work at an import.
    Import { import_id: i64 },
    /// Tell whoever wrote an edit that it is held.
    TellHeld { edit_id: i64 },
}

impl Payload {
    fn kind(&self) -> &'static str {
        match self {
            Self::MakeRenditions { .. } => "make_renditions",
            Self::SendMail(_) => "send_mail",
            Self::MailReset { .. } => "mail_reset",
            Self::MailInvitation { .. } => "mail_invitation",
            Self::Draw { .. } => "draw",
            Self::PingHub { .. } => "ping_hub",
            Self::TellEngines { .. } => "tell_engines",
            Self::Import { .. } => "import",
            Self::TellHeld { .. } => "tell_held",
        }
    }
}

/// A job in the hands of a worker.
#[derive(Debug)]
pub struct Job {
    pub id: i64,
    pub payload: Payload,
    /// This try included.
    pub attempts: i32,
}

/// Enqueues work and wakes the workers, once the caller's transaction commits.
pub async fn enqueue(db: &mut PgConnection, payload: &Payload) -> sqlx::Result<()> {
    sqlx::query!("insert into jobs (kind, payload) values ($1, $2)", payload.kind(), Json(payload) as _)
        .execute(&mut *db)
        .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(db).await?;
    Ok(())
}

/// The same for work whose time comes later; without one, or with one that is past, now.
pub async fn enqueue_at(
    db: &mut PgConnection,
    payload: &Payload,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into jobs (kind, payload, run_at) values ($1, $2, greatest(now(), $3))",
        payload.kind(),
        Json(payload) as _,
        at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(db).await?;
    Ok(())
}

/// Takes the next due job, leased to the caller. Jobs that nobody can read are laid aside at once, and so are
/// those that outlived all their tries without one being settled: they take their worker with them.
pub async fn claim(db: &mut PgConnection) -> sqlx::Result<Option<Job>> {
    loop {
        let row = sqlx::query!(
            "update jobs
             set attempts = attempts + 1, locked_until = now() + make_interval(secs => $1)
             where id = (select id
                         from jobs
                         where dead_at is null and run_at <= now() and (locked_until is null or locked_until < now())
                         order by run_at, id
                         limit 1
                         for update skip locked)
             returning id, payload, attempts",
            LEASE
        )
        .fetch_optional(&mut *db)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let hopeless = match serde_json::from_value(row.payload) {
            Ok(_) if row.attempts > MAX_ATTEMPTS => DEADLY.to_owned(),
            Ok(payload) => return Ok(Some(Job { id: row.id, payload, attempts: row.attempts })),
            Err(why) => why.to_string(),
        };
        bury(db, row.id, &hopeless).await?;
    }
}

pub async fn finish(db: impl PgExecutor<'_>, id: i64) -> sqlx::Result<()> {
    sqlx::query!("delete from jobs where id = $1", id).execute(db).await?;
    Ok(())
}

/// Puts a job back for a later try, twice as late each time; after the last it is laid aside.
pub async fn fail(db: &mut PgConnection, job: &Job, why: &str) -> sqlx::Result<()> {
    if job.attempts >= MAX_ATTEMPTS {
        return bury(db, job.id, why).await;
    }
    let seconds = 5.0 * f64::from(2_i32.pow(job.attempts.clamp(1, 12).unsigned_abs()));
    sqlx::query!(
        "update jobs
         set locked_until = null, last_error = $2, run_at = now() + make_interval(secs => $3)
         where id = $1",
        job.id,
        why,
        seconds
    )
    .execute(db)
    .await?;
    Ok(())
}

async fn bury(db: &mut PgConnection, id: i64, why: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update jobs set locked_until = null, last_error = $2, dead_at = now() where id = $1",
        id,
        why
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Whether the caller is the one to do a recurring piece of work now: true at most once in `seconds`, over all
/// instances.
pub async fn turn(db: impl PgExecutor<'_>, name: &str, seconds: f64) -> sqlx::Result<bool> {
    let mine = sqlx::query!(
        "insert into schedules (name, last_at) values ($1, now())
         on conflict (name) do update set last_at = now()
         where schedules.last_at <= now() - make_interval(secs => $2)",
        name,
        seconds
    )
    .execute(db)
    .await?;
    Ok(mine.rows_affected() > 0)
}

/// Hears that there is work. While the database is away it only waits: polling goes on meanwhile.
#[derive(Debug)]
pub struct Bell {
    pool: PgPool,
    listener: Option<PgListener>,
}

impl Bell {
    pub fn new(pool: PgPool) -> Self {
        Self { pool, listener: None }
    }

    /// Ends when work was announced, or when `patience` is over.
    pub async fn wait(&mut self, patience: Duration) {
        let Some(listener) = &mut self.listener else {
            match listen(&self.pool).await {
                // Work may have come while nobody listened: the caller looks before it waits.
                Ok(listener) => self.listener = Some(listener),
                Err(_) => tokio::time::sleep(patience).await,
            }
            return;
        };
        // `None` and an error mean that announcements may have been missed: look for work, listen anew.
        if let Ok(Ok(None) | Err(_)) = tokio::time::timeout(patience, listener.try_recv()).await {
            self.listener = None;
        }
    }
}

async fn listen(pool: &PgPool) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
