//! Databases that are used again: as many as tests run at once, each emptied before the next test has it. A copy
//! of the migrated template costs 50 to 90 ms of the server's time, emptying one about 10.
//!
//! They are emptied when they are taken, not when they are given back: a test that panicked or was killed gives
//! nothing back in order.

use std::time::Duration;

use broadsheet::db::migrations::MIGRATOR;
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::server;

/// Advisory locks: (this, n) while database n is taken, (this, 0) while the template is made.
const TAKEN: i32 = 0x1ea5e;

/// Deletes from the tables that have rows, which is far quicker than truncating all, and starts the numbers anew.
const EMPTY: &str = r#"
do $$
declare
    name regclass;
    filled boolean;
begin
    set local session_replication_role = replica;
    for name in select oid from pg_class
                where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                  and relname <> '_sqlx_migrations'
    loop
        execute format('select exists (select from %s)', name) into filled;
        if filled then execute format('delete from %s', name); end if;
    end loop;
    perform setval(format('%I.%I', schemaname, sequencename), start_value, false)
    from pg_sequences where last_value is not null;
end $$
"#;

pub struct Lease {
    pub options: PgConnectOptions,
    /// Its end, however it comes, ends the lease.
    _session: PgConnection,
}

/// The first database that nobody has.
pub async fn take() -> Lease {
    let admin = server::options().await;
    let mut session = PgConnection::connect_with(&admin).await.unwrap();
    let template = template(&admin, &mut session).await;
    for number in 1.. {
        if !try_lock(&mut session, number).await {
            continue;
        }
        let name = format!("{template}_{number}");
        let options = admin.clone().database(&name);
        if exists(&mut session, &name).await {
            empty(&mut session, &options, &name).await;
        } else {
            copy(&mut session, &template, &name).await;
        }
        return Lease { options, _session: session };
    }
    unreachable!()
}

/// The migrated database from which the others are copied; its name changes with the migrations.
async fn template(admin: &PgConnectOptions, session: &mut PgConnection) -> String {
    let mut hash = Sha256::new();
    MIGRATOR.iter().for_each(|migration| hash.update(&migration.checksum));
    let name = format!("migrated_{}", hex::encode(&hash.finalize()[..6]));
    if exists(session, &name).await {
        return name;
    }
    sqlx::query("select pg_advisory_lock($1, 0)").bind(TAKEN).execute(&mut *session).await.unwrap();
    if !exists(session, &name).await {
        make_template(admin, session, &name).await;
    }
    sqlx::query("select pg_advisory_unlock($1, 0)").bind(TAKEN).execute(&mut *session).await.unwrap();
    name
}

async fn make_template(admin: &PgConnectOptions, session: &mut PgConnection, name: &str) {
    let unfinished = format!("unfinished_{name}");
    for statement in [
        format!("drop database if exists {unfinished} with (force)"),
        format!("create database {unfinished} template template0"),
    ] {
        session.execute(AssertSqlSafe(statement)).await.unwrap();
    }
    let mut connection = PgConnection::connect_with(&admin.clone().database(&unfinished)).await.unwrap();
    MIGRATOR.run(&mut connection).await.unwrap();
    // So that the first test on a copy finds what every later one does.
    connection.execute(EMPTY).await.unwrap();
    connection.close().await.unwrap();
    for statement in [
        format!("alter database {unfinished} rename to {name}"),
        format!("alter database {name} is_template true allow_connections false"),
    ] {
        session.execute(AssertSqlSafe(statement)).await.unwrap();
    }
}

/// Since 15 Postgres writes a copy to its log by default, which takes half as long again.
async fn copy(session: &mut PgConnection, template: &str, name: &str) {
    let version = sqlx::query_scalar("select current_setting('server_version_num')::int");
    let version: i32 = version.fetch_one(&mut *session).await.unwrap();
    let strategy = if version >= 150_000 { "strategy file_copy" } else { "" };
    let statement = format!("create database {name} template {template} {strategy}");
    session.execute(AssertSqlSafe(statement)).await.unwrap();
}

async fn try_lock(session: &mut PgConnection, number: i32) -> bool {
    let lock = sqlx::query_scalar("select pg_try_advisory_lock($1, $2)").bind(TAKEN).bind(number);
    lock.fetch_one(session).await.unwrap()
}

async fn exists(session: &mut PgConnection, name: &str) -> bool {
    let found = sqlx::query_scalar("select exists (select from pg_database where datname = $1)").bind(name);
    found.fetch_one(session).await.unwrap()
}

/// Whatever the last test has left running there must not write into the next one's database.
async fn empty(session: &mut PgConnection, options: &PgConnectOptions, name: &str) {
    loop {
        let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1";
        let left: i64 = sqlx::query_scalar(end).bind(name).fetch_one(&mut *session).await.unwrap();
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut connection = PgConnection::connect_with(options).await.unwrap();
    connection.execute(EMPTY).await.unwrap();
    connection.close().await.unwrap();
}
