//! Each migration, proven on a database that is not empty. `tests/data/migrations/NAME.sql` holds rows that are
//! right once the migration of that name has been applied; the next one then meets them.
#![allow(clippy::unwrap_used)]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;

use broadsheet::db::migrations::{MIGRATOR, MigrationError, migrate, migrate_with, schema_version};
use serde_json::{Map, Value};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlSafeStr};
use support::scratch;

type Row = Map<String, Value>;

#[tokio::test]
async fn each_migration_keeps_the_rows_that_were_there() {
    let db = scratch::database().await;
    for migration in MIGRATOR.iter() {
        let before = rows(&db.pool).await;
        MIGRATOR.run_to(migration.version, &db.pool).await.unwrap();
        let after = rows(&db.pool).await;
        for (table, rows) in before {
            let now = after.get(&table).unwrap_or_else(|| panic!("{} drops {table}", migration.version));
            assert_eq!(of_same_columns(now, &rows), rows, "{} changes {table}", migration.version);
        }
        let data = std::fs::read_to_string(data_file(migration)).unwrap();
        db.pool.execute(AssertSqlSafe(data)).await.unwrap();
    }
    for (table, rows) in rows(&db.pool).await {
        assert!(!rows.is_empty(), "no file in tests/data/migrations has rows for {table}");
    }
}

#[test]
fn every_migration_has_a_file_of_rows_and_every_file_a_migration() {
    let expected: Vec<PathBuf> = MIGRATOR.iter().map(data_file).collect();
    let folder = expected[0].parent().unwrap();
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    assert_eq!(found, expected);
}

/// The gate asks the view `media_uses`. A reference that has no branch there would keep a published picture from
/// readers, and let a used one be deleted.
#[tokio::test]
async fn every_reference_to_media_is_a_use() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    let references: Vec<(String, String)> = sqlx::query_as(
        "select c.conrelid::regclass::text, a.attname::text
         from pg_constraint c
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
         where c.contype = 'f' and c.confrelid = 'media'::regclass",
    )
    .fetch_all(&db.pool)
    .await
    .unwrap();
    let uses: Vec<(String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text from information_schema.view_column_usage
         where view_name = 'media_uses'",
    )
    .fetch_all(&db.pool)
    .await
    .unwrap();
    let parts = ["renditions", "media_files"];
    let missing: Vec<_> = references
        .iter()
        .filter(|reference| !parts.contains(&reference.0.as_str()) && !uses.contains(reference))
        .collect();
    assert!(references.len() > 6 && missing.is_empty(), "no branch of media_uses reads {missing:?}");
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    let installed = "select max(installed_on)::text from _sqlx_migrations";
    let first: String = sqlx::query_scalar(installed).fetch_one(&db.pool).await.unwrap();
    migrate(&db.pool).await.unwrap();
    let second: String = sqlx::query_scalar(installed).fetch_one(&db.pool).await.unwrap();
    assert_eq!(first, second);
}

#[tokio::test]
async fn two_at_once_migrate_once() {
    let db = scratch::database().await;
    let (first, second, third) = tokio::join!(migrate(&db.pool), migrate(&db.pool), migrate(&db.pool));
    assert!(first.is_ok() && second.is_ok() && third.is_ok(), "{first:?} {second:?} {third:?}");
    let count: i64 =
        sqlx::query_scalar("select count(*) from _sqlx_migrations").fetch_one(&db.pool).await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), MIGRATOR.iter().count());
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    record(&db.pool, 99_990_101_000_000).await;
    let error = migrate(&db.pool).await.unwrap_err();
    match error.downcast_ref() {
        Some(MigrationError::Newer { found, known }) => {
            assert_eq!((*found, *known), (99_990_101_000_000, schema_version()));
        }
        _ => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn a_migration_of_another_program_is_refused() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    record(&db.pool, 1).await;
    let error = migrate(&db.pool).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(MigrationError::Unknown { found: 1 })), "{error:?}");
}

#[tokio::test]
async fn a_migration_that_was_edited_is_refused() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    db.pool.execute("update _sqlx_migrations set checksum = '\\x00'").await.unwrap();
    let error = migrate(&db.pool).await.unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(MigrationError::Changed { .. })), "{error:?}");
}

#[tokio::test]
async fn a_migration_that_fails_leaves_no_lock_behind() {
    let db = scratch::database().await;
    let wrong = steps(&["create table t (id int)", "this is not sql"]);
    assert!(migrate_with(&wrong, &db.pool).await.is_err());
    let right = steps(&["create table t (id int)", "insert into t values (1)"]);
    // Would wait for ever for a lock that had gone back into the pool.
    migrate_with(&right, &db.pool).await.unwrap();
}

#[tokio::test]
async fn a_long_migration_is_not_cut_short_by_the_limits_of_a_page() {
    let db = scratch::database().await;
    let limits = "create table seen as select current_setting('statement_timeout') || \
                  current_setting('lock_timeout') as limits";
    migrate_with(&steps(&[limits]), &db.pool).await.unwrap();
    let seen: String = sqlx::query_scalar("select limits from seen").fetch_one(&db.pool).await.unwrap();
    assert_eq!(seen, "00");
}

fn steps(statements: &[&'static str]) -> Migrator {
    let migrations = statements.iter().zip(1..).map(|(sql, version)| {
        Migration::new(version, "step".into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// As a program would leave it that knows this migration.
async fn record(pool: &PgPool, version: i64) {
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values ($1, 'from elsewhere', true, '\\x00', 0)",
    )
    .bind(version)
    .execute(pool)
    .await
    .unwrap();
}

fn data_file(migration: &Migration) -> PathBuf {
    let name = format!("{}_{}.sql", migration.version, migration.description.replace(' ', "_"));
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/migrations").join(name)
}

/// Every row of every table, in an order that does not depend on where it lies.
async fn rows(pool: &PgPool) -> BTreeMap<String, Vec<Row>> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select tablename::text from pg_tables where schemaname = 'public' and tablename <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut all = BTreeMap::new();
    for table in tables {
        let query = format!("select to_jsonb(t) from {table} t order by to_jsonb(t)::text");
        let rows: Vec<Value> = sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(pool).await.unwrap();
        all.insert(table, rows.into_iter().map(|row| row.as_object().unwrap().clone()).collect());
    }
    all
}

/// A migration may add columns; the old ones must say what they said.
fn of_same_columns(now: &[Row], before: &[Row]) -> Vec<Row> {
    let Some(first) = before.first() else { return now.to_vec() };
    let mut kept: Vec<Row> = now
        .iter()
        .map(|row| row.iter().filter(|(column, _)| first.contains_key(*column)).map(owned).collect())
        .collect();
    kept.sort_by_key(|row| before.iter().position(|old| old == row));
    kept
}

fn owned((column, value): (&String, &Value)) -> (String, Value) {
    (column.clone(), value.clone())
}
