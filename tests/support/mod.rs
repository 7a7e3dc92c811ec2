//! A real database for each test. Every test binary takes this folder in as a module.
//!
//! ```ignore
//! #[tokio::test]
//! async fn a_thing_holds() {
//!     let db = support::database().await;
//!     sqlx::query("select 1").execute(&db.pool).await.unwrap();
//! }
//! ```
//!
//! * `database()`: migrated and empty, leased from a few that are emptied between tests.
//! * `scratch::database()`: new and without any schema, dropped afterwards; for tests of migrations.
//!
//! All tests share one private Postgres (`server.rs`), or the one that `TEST_DATABASE_URL` names.
// Each binary uses its part of this folder.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

mod lease;
pub mod scratch;
pub mod server;

use std::time::Duration;

use broadsheet::db;
use broadsheet::db::migrations::MIGRATOR;
use sqlx::postgres::{PgConnectOptions, PgPool};

/// A database that is this test's alone while this value lives.
pub struct TestDb {
    pub pool: PgPool,
    pub options: PgConnectOptions,
    /// A lease or a scratch database; dropping it gives the database back.
    _held: Box<dyn Send + Sync>,
}

/// Migrated, and empty.
pub async fn database() -> TestDb {
    if server::is_foreign() {
        // On a server of somebody else nothing may stay, so neither templates nor leases.
        let scratch = scratch::database().await;
        MIGRATOR.run(&scratch.pool).await.unwrap();
        return TestDb {
            pool: scratch.pool.clone(),
            options: scratch.options.clone(),
            _held: Box::new(scratch),
        };
    }
    let lease = lease::take().await;
    let options = lease.options.clone();
    TestDb { pool: pool(&options), options, _held: Box::new(lease) }
}

/// With the limits that the program has, but more patience: a busy machine is no failure.
fn pool(options: &PgConnectOptions) -> PgPool {
    db::pool_options()
        .acquire_timeout(Duration::from_secs(20))
        .connect_lazy_with(db::with_limits(options.clone()))
}

impl TestDb {
    /// For a program that is given `DATABASE_URL`.
    pub fn url(&self) -> String {
        server::url(&self.options)
    }
}

/// Until `other` stands before a lock that somebody holds. One that asks without a lock is done by itself.
pub async fn until_waiting<T>(pool: &PgPool, other: &tokio::task::JoinHandle<T>) {
    let waiting = "select exists (select from pg_locks where not granted
                                   and database = (select oid from pg_database where datname = current_database()))
                       or exists (select from pg_stat_activity where datname = current_database()
                                   and wait_event_type = 'Lock')";
    while !other.is_finished() && !sqlx::query_scalar::<_, bool>(waiting).fetch_one(pool).await.unwrap() {
        tokio::task::yield_now().await;
    }
}
