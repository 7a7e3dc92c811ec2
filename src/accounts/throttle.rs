//! How guessing passwords is slowed, in the database, so that all instances count together.
//!
//! An attempt is written down as a failure before the password is looked at and taken back when it was right:
//! a hundred attempts at once are counted like a hundred one after another. Where a second factor is asked, it is
//! taken back only when that was right too.
//!
//! A device in which the owner has logged in before counts for itself, so that nobody who guesses from elsewhere
//! locks its owner out.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};

use super::network::{self, NetworkHash};

/// Wrong ones per account and network before the waiting starts.
const FREE: i64 = 5;
/// Seconds to wait after the fifth, sixth ... wrong one; the last holds for all that follow.
const WAITS: [i64; 6] = [30, 60, 120, 240, 480, 600];
const NETWORK_PER_MINUTE: i64 = 10;
const NETWORK_PER_HOUR: i64 = 30;
/// Over all networks: slows a botnet against one editor.
const ACCOUNT_PER_HOUR: i64 = 25;
/// Wrong ones in a row, over any time: from here on a known device or a new password is needed (NIST 800-63B-4).
const IN_A_ROW: i32 = 100;
const IN_A_ROW_WAIT: i64 = 3600;
/// Wrong ones of the whole site in five minutes, after which each further attempt is slowed.
const SITE_PER_FIVE_MINUTES: i64 = 300;
const SITE_DELAY: Duration = Duration::from_secs(1);

/// The attempt may go on: say how it ended with `forgive` or `cancel`; a wrong password needs nothing more.
#[derive(Debug)]
pub struct Attempt {
    id: Option<i64>,
    account: String,
    network: NetworkHash,
    /// The same network as it was called yesterday.
    before: Option<NetworkHash>,
    /// To be waited before the password is looked at: the whole site is under attack.
    pub delay: Duration,
}

#[derive(Debug)]
pub enum Verdict {
    Proceed(Attempt),
    /// Refused without looking at the password, right or wrong.
    Wait(Duration),
}

/// Where an attempt comes from.
#[derive(Clone, Copy, Debug)]
pub enum Origin {
    /// As it is called today, and as it was called yesterday: midnight pardons nobody.
    Network(NetworkHash, Option<NetworkHash>),
    /// A browser in which this account has logged in before (`device::known`).
    Device(NetworkHash),
}

impl Origin {
    fn hash(self) -> NetworkHash {
        match self {
            Self::Network(hash, _) | Self::Device(hash) => hash,
        }
    }

    fn before(self) -> Option<NetworkHash> {
        match self {
            Self::Network(_, before) => before,
            Self::Device(_) => None,
        }
    }

    fn is_known(self) -> bool {
        matches!(self, Self::Device(_))
    }
}

/// `account` is what was typed as e-mail address; stored as a keyed hash, since people type passwords there.
pub async fn begin(db: &PgPool, key: &[u8; 32], account: &str, origin: Origin) -> sqlx::Result<Verdict> {
    let (account, network) = (hashed(key, account), origin.hash());
    let mut tx = db.begin().await?;
    lock(&mut tx, &account, network).await?;
    let wait = wait(&mut tx, &account, origin).await?;
    if wait > 0 {
        return Ok(Verdict::Wait(Duration::from_secs(wait.unsigned_abs())));
    }
    let delay = if origin.is_known() { Duration::ZERO } else { delay(&mut tx).await? };
    let id = sqlx::query_scalar!(
        "insert into login_failures (account, network_hash, failed_at)
         values ($1, $2, clock_timestamp())
         returning id",
        account,
        network.as_bytes()
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into login_streaks (account, failures) values ($1, 1)
         on conflict (account) do update set failures = login_streaks.failures + 1, last_at = now()",
        account
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Verdict::Proceed(Attempt { id: Some(id), account, network, before: origin.before(), delay }))
}

/// Somebody has proved in another way whose account it is: by a link that was mailed, or through an administrator.
pub async fn pardon(tx: &mut PgConnection, key: &[u8; 32], account: &str) -> sqlx::Result<()> {
    let account = hashed(key, account);
    sqlx::query!("delete from login_failures where account = $1", account).execute(&mut *tx).await?;
    sqlx::query!("delete from login_streaks where account = $1", account).execute(tx).await?;
    Ok(())
}

/// An address as the tables of this kind hold it.
pub(super) fn hashed(key: &[u8; 32], account: &str) -> String {
    hex::encode(network::keyed(key, account.trim().to_lowercase().as_bytes()))
}

async fn delay(tx: &mut PgConnection) -> sqlx::Result<Duration> {
    let busy = sqlx::query_scalar!(
        r#"select count(*) >= $1 as "busy!"
             from (select from login_failures where failed_at > now() - interval '5 minutes' limit $1) recent"#,
        SITE_PER_FIVE_MINUTES
    );
    Ok(if busy.fetch_one(tx).await? { SITE_DELAY } else { Duration::ZERO })
}

/// One after another for one account and for one network; always in this order, so that none waits in a circle.
async fn lock(tx: &mut PgConnection, account: &str, network: NetworkHash) -> sqlx::Result<()> {
    let network = hex::encode(network.as_bytes());
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('login account ' || $1, 0))", account)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('login network ' || $1, 0))", network)
        .execute(tx)
        .await?;
    Ok(())
}

/// Seconds until the next attempt is let through; 0 for now.
async fn wait(tx: &mut PgConnection, account: &str, origin: Origin) -> sqlx::Result<i64> {
    let names = names(origin.hash(), origin.before());
    let pair = sqlx::query!(
        r#"select count(*) as "failures!",
                  coalesce(floor(extract(epoch from clock_timestamp() - max(failed_at))), 0)::bigint as "since!"
             from login_failures
            where account = $1 and network_hash = any($2) and failed_at > now() - interval '1 hour'"#,
        account,
        &names
    )
    .fetch_one(&mut *tx)
    .await?;
    let counts = sqlx::query!(
        r#"select count(*) filter (where network_hash = any($2) and failed_at > now() - interval '1 minute') as "minute!",
                  count(*) filter (where network_hash = any($2)) as "hour!",
                  count(*) filter (where account = $1) as "account!",
                  coalesce(ceil(extract(epoch from min(failed_at) filter (where network_hash = any($2))
                                              + interval '1 hour' - now())), 0)::bigint as "hour_left!",
                  coalesce(ceil(extract(epoch from min(failed_at) filter (where account = $1)
                                              + interval '1 hour' - now())), 0)::bigint as "account_left!",
                  coalesce(ceil(extract(epoch from min(failed_at)
                                     filter (where network_hash = any($2) and failed_at > now() - interval '1 minute')
                                              + interval '1 minute' - now())), 0)::bigint as "minute_left!"
             from login_failures
            where (network_hash = any($2) or account = $1) and failed_at > now() - interval '1 hour'"#,
        account,
        &names
    )
    .fetch_one(&mut *tx)
    .await?;
    let streak = sqlx::query_scalar!("select failures from login_streaks where account = $1", account)
        .fetch_optional(tx)
        .await?;
    // A limit that is full lets nobody in during its last fraction of a second either.
    let full = |count: i64, limit: i64, left: i64| if count >= limit { left.max(1) } else { 0 };
    Ok([
        pair_wait(pair.failures, pair.since),
        full(counts.minute, NETWORK_PER_MINUTE, counts.minute_left),
        full(counts.hour, NETWORK_PER_HOUR, counts.hour_left),
        if origin.is_known() { 0 } else { full(counts.account, ACCOUNT_PER_HOUR, counts.account_left) },
        if !origin.is_known() && streak.is_some_and(|row| row >= IN_A_ROW) { IN_A_ROW_WAIT } else { 0 },
    ]
    .into_iter()
    .max()
    .unwrap_or(0))
}

pub(super) fn names(today: NetworkHash, before: Option<NetworkHash>) -> Vec<Vec<u8>> {
    [Some(today), before].into_iter().flatten().map(|name| name.as_bytes().to_vec()).collect()
}

/// What is left to wait after `failures` wrong ones, the last of them `since` seconds ago.
fn pair_wait(failures: i64, since: i64) -> i64 {
    let Ok(step) = usize::try_from(failures - FREE) else { return 0 };
    (WAITS[step.min(WAITS.len() - 1)] - since.max(0)).max(0)
}

impl Attempt {
    /// One whose password was right some minutes ago, at the second step.
    pub(super) fn resumed(account: &str, network: &[u8]) -> Option<Self> {
        let network = NetworkHash(network.try_into().ok()?);
        Some(Self { id: None, account: account.to_owned(), network, before: None, delay: Duration::ZERO })
    }

    pub(super) fn account(&self) -> &str {
        &self.account
    }

    pub(super) fn network(&self) -> NetworkHash {
        self.network
    }

    /// Everything asked for was right: this account starts afresh from this network.
    pub async fn forgive(self, tx: &mut PgConnection) -> sqlx::Result<()> {
        sqlx::query!(
            "delete from login_failures where account = $1 and network_hash = any($2)",
            self.account,
            &names(self.network, self.before)
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!("delete from login_streaks where account = $1", self.account).execute(tx).await?;
        Ok(())
    }

    /// The password was not looked at.
    pub async fn cancel(self, db: &PgPool) -> sqlx::Result<()> {
        sqlx::query!("delete from login_failures where id = $1", self.id).execute(db).await?;
        sqlx::query!("update login_streaks set failures = failures - 1 where account = $1", self.account)
            .execute(db)
            .await?;
        Ok(())
    }
}

/// Nothing here is of use after an hour; for the sweep.
pub async fn sweep(db: &PgPool) -> sqlx::Result<u64> {
    sqlx::query!("delete from login_streaks where last_at < now() - interval '90 days'").execute(db).await?;
    let old = sqlx::query!("delete from login_failures where failed_at < now() - interval '1 day'");
    Ok(old.execute(db).await?.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_grow_and_then_stay() {
        let waits: Vec<i64> = (0..13).map(|failures| pair_wait(failures, 0)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 600, 600, 600]);
    }

    #[test]
    fn waiting_counts_from_the_last_failure() {
        assert_eq!(pair_wait(5, 10), 20);
        assert_eq!(pair_wait(5, 31), 0);
    }
}
