//! Postgres as a machine: the pool, its time limits, the private server, migrations. What the tables mean is
//! said in `accounts`, `news` and `queue`.

pub mod changes;
pub mod embedded;
pub mod health;
pub mod migrations;
pub mod rows;

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Executor};

use crate::config::Config;

/// About four connections a core of a small machine; more made an article page slower when measured.
const CONNECTIONS: u32 = 10;

/// A reader waits this long for a connection and then gets a 503. sqlx's own 30 s would fill the site with
/// requests that nobody waits for any more.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);

/// The first connection may meet a server that has only just begun to listen.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection that was used a moment ago is good; one that rested longer is asked first. Asking each time, as
/// sqlx does by default, cost a fifth of a small query.
const RESTED: Duration = Duration::from_secs(5);

/// A half-open connection never answers, and Postgres' protocol has no timeout of its own.
const PING_TIMEOUT: Duration = Duration::from_millis(500);

/// Limits that the server keeps, so that they hold even when the program has lost interest. Slower work, such as
/// an import, sets its own in its transaction.
const LIMITS: [(&str, &str); 6] = [
    ("statement_timeout", "10s"),
    ("lock_timeout", "1s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "3"),
    ("tcp_keepalives_count", "3"),
];

/// What every page asks is found by an index in some milliseconds. Disks of today find one row nearly as quickly as the
/// next one; and compiling a statement for the processor takes longer than running it.
const PLANNER: [(&str, &str); 2] = [("random_page_cost", "1.1"), ("jit", "off")];

/// The database of a running site.
#[derive(Debug)]
pub struct Database {
    pub pool: PgPool,
    server: Option<embedded::Server>,
}

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error(
        "This Postgres runs with {setting} off: what was published could be lost in a crash. Turn it on in its \
         configuration."
    )]
    NotDurable { setting: &'static str },
}

/// Connects to `DATABASE_URL`, or starts (or joins) the private Postgres below the data folder. Does not migrate.
///
/// Fails with [`embedded::EmbeddedError`] or [`DatabaseError`] where there is something to tell the operator.
pub async fn open(config: &Config) -> anyhow::Result<Database> {
    let Some(url) = &config.database_url else { return open_embedded(config).await };
    let options = PgConnectOptions::from_str(url.expose_secret())
        .map_err(|_| anyhow::anyhow!("DATABASE_URL cannot be understood as a Postgres address."))?;
    let connecting = connect(options);
    let pool = connecting.await.context("The Postgres that DATABASE_URL names cannot be reached.")?;
    Ok(Database { pool, server: None })
}

async fn open_embedded(config: &Config) -> anyhow::Result<Database> {
    let (data, bin_dir) = (config.data.clone(), config.pg_bin_dir.clone());
    let server = tokio::task::spawn_blocking(move || {
        embedded::Server::start(&data, bin_dir.as_deref(), embedded::Settings::DURABLE)
    })
    .await??;
    let pool =
        connect(server.options()).await.context("The private Postgres does not let the program in.")?;
    Ok(Database { pool, server: Some(server) })
}

/// A pool that has proven one connection, on a server that keeps what it is given.
async fn connect(options: PgConnectOptions) -> anyhow::Result<PgPool> {
    let options = with_limits(options);
    let first = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(&options));
    let mut connection = first.await.context("No answer.")??;
    refuse_loss(&mut connection).await?;
    connection.close().await?;
    Ok(pool_options().connect_lazy_with(options))
}

/// Waits until no other program does this on this database. It is alone until the connection is closed, which is one of
/// its own, because the lock must not go back into the pool.
pub async fn alone(pool: &PgPool, name: &str) -> sqlx::Result<PgConnection> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::raw_sql("set statement_timeout = 0; set lock_timeout = 0").execute(&mut connection).await?;
    sqlx::query("select pg_advisory_lock(hashtextextended($1, 0))")
        .bind(name)
        .execute(&mut connection)
        .await?;
    Ok(connection)
}

/// The pool as every part of the program, and every test, uses it.
pub fn pool_options() -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for < RESTED {
                    return Ok(true);
                }
                let answer = tokio::time::timeout(PING_TIMEOUT, connection.ping()).await;
                Ok(matches!(answer, Ok(Ok(()))))
            })
        })
}

/// A connection as every part of the program, and every test, uses it.
pub fn with_limits(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("broadsheet").options(LIMITS.into_iter().chain(PLANNER))
}

/// A site must not run on a server that may forget what it confirmed. A server made for tests says of itself that
/// it is one, by the setting `broadsheet.throwaway`.
async fn refuse_loss(connection: &mut PgConnection) -> anyhow::Result<()> {
    let (fsync, full_page_writes, throwaway): (String, String, Option<String>) = sqlx::query_as(
        "select current_setting('fsync'), current_setting('full_page_writes'), \
                current_setting('broadsheet.throwaway', true)",
    )
    .fetch_one(connection)
    .await?;
    if throwaway.as_deref() == Some("on") {
        return Ok(());
    }
    for (setting, value) in [("fsync", fsync), ("full_page_writes", full_page_writes)] {
        if value == "off" {
            return Err(DatabaseError::NotDurable { setting }.into());
        }
    }
    Ok(())
}

impl Database {
    /// Whether this is the private server below the data folder.
    pub fn is_embedded(&self) -> bool {
        self.server.is_some()
    }

    /// Ends when the private server has ended, with a sentence about it; never ends for `DATABASE_URL`, whose
    /// server may come back.
    pub async fn lost(&self) -> String {
        match &self.server {
            Some(server) => server.ended().await,
            None => std::future::pending().await,
        }
    }

    /// Closes the connections and, if this program started it, the private server.
    pub async fn close(self) -> anyhow::Result<()> {
        self.pool.close().await;
        if let Some(server) = self.server {
            tokio::task::spawn_blocking(move || server.stop()).await??;
        }
        Ok(())
    }

    /// True when the database answers at all.
    pub async fn answers(&self) -> bool {
        self.pool.execute("select 1").await.is_ok()
    }
}
