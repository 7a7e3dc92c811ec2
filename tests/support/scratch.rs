//! A database that is made for one test and dropped after it.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::{pool, server};

/// A session holds an advisory lock on (this, the hash of the name) while its database is in use.
const IN_USE: i32 = 0x5c7a;

pub struct Scratch {
    pub pool: PgPool,
    pub options: PgConnectOptions,
    admin: PgConnectOptions,
    name: String,
    _in_use: PgConnection,
}

/// New, and without any schema.
pub async fn database() -> Scratch {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let admin = server::options().await;
    let mut connection = PgConnection::connect_with(&admin).await.unwrap();
    sweep(&mut connection).await;

    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("broadsheet_scratch_{}_{count}", std::process::id());
    lock(&mut connection, &name).await;
    connection.execute(AssertSqlSafe(format!("create database {name} template template0"))).await.unwrap();
    let options = admin.clone().database(&name);
    Scratch { pool: pool(&options), options, admin, name, _in_use: connection }
}

async fn lock(connection: &mut PgConnection, name: &str) -> bool {
    sqlx::query_scalar("select pg_try_advisory_lock($1, hashtext($2))")
        .bind(IN_USE)
        .bind(name)
        .fetch_one(connection)
        .await
        .unwrap()
}

/// Drops what killed tests have left.
async fn sweep(connection: &mut PgConnection) {
    let names: Vec<String> =
        sqlx::query_scalar(r"select datname from pg_database where datname like 'broadsheet\_scratch\_%'")
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    for name in names {
        if lock(connection, &name).await {
            drop_database(connection, &name).await;
            let unlock = sqlx::query("select pg_advisory_unlock($1, hashtext($2))").bind(IN_USE).bind(&name);
            unlock.execute(&mut *connection).await.unwrap();
        }
    }
}

async fn drop_database(connection: &mut PgConnection, name: &str) {
    let statement = format!("drop database if exists {name} with (force)");
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // A runtime of its own, on a thread of its own: the test's may be ending, and must not be blocked.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&admin).await.unwrap();
                drop_database(&mut connection, &name).await;
            });
        })
        .join();
        assert!(dropped.is_ok() || std::thread::panicking(), "{} was not dropped", self.name);
    }
}
