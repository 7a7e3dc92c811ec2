//! A letter on its way: written, addressed, not sent yet. It lies in its job and goes with it.

use std::fmt;

use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use super::{CHANNEL, Payload};

/// Letters to one reader in an hour, and to all of them. More of them wait.
const PER_READER: i64 = 3;
const PER_SITE: i64 = 60;

/// How a letter is written and how it leaves is `mail`; this is what waits in between.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Letter {
    /// The same in every try, so that a letter that was sent twice is recognised as one.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Logs see neither the address nor the links in the text.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.id)
    }
}

/// What somebody typed as their address; logs do not see it.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Typed(pub String);

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address")
    }
}

/// Enqueues a letter to a reader, for as soon as the limits allow. `recipient` is a keyed hash of the address.
pub async fn enqueue_letter(db: &mut PgConnection, letter: Letter, recipient: &[u8]) -> sqlx::Result<()> {
    // Two that plan at once would plan for the same moment.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('letters', 0))").execute(&mut *db).await?;
    let due_at = sqlx::query_scalar!(
        r#"insert into letters (recipient, due_at)
           select $1, greatest(now(),
                               (select due_at + interval '1 hour' from letters
                                where recipient = $1 order by due_at desc offset $2::bigint - 1 limit 1),
                               (select due_at + interval '1 hour' from letters
                                order by due_at desc offset $3::bigint - 1 limit 1))
           returning due_at"#,
        recipient,
        PER_READER,
        PER_SITE
    )
    .fetch_one(&mut *db)
    .await?;
    let payload = Payload::SendMail(letter);
    sqlx::query!(
        "insert into jobs (kind, payload, run_at) values ($1, $2, $3)",
        payload.kind(),
        Json(&payload) as _,
        due_at
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("select pg_notify($1, '')", CHANNEL).execute(db).await?;
    Ok(())
}

/// Drops letters that could not be sent: nobody will read them now, and they hold an address. And the record of those
/// that were.
pub async fn forget_letters(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let old = sqlx::query!(
        "with sent as (delete from letters where due_at < now() - interval '1 hour')
         delete from jobs where kind in ('send_mail', 'mail_reset') and dead_at < now() - interval '7 days'"
    );
    Ok(old.execute(db).await?.rows_affected())
}
