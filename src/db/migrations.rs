//! Bringing the schema up to what this program knows, and refusing to touch one that knows more.
//! The steps themselves are in `migrations/`, each proven on rows by `tests/migrations.rs`.

use anyhow::Context;
use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnection, PgPool};

pub static MIGRATOR: Migrator = sqlx::migrate!();

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    #[error(
        "The database was migrated by a newer Broadsheet (to {found}; this one knows {known}). Start the newer \
         program, or restore a backup from before the upgrade."
    )]
    Newer { found: i64, known: i64 },
    #[error(
        "The database holds migration {found}, which this program does not know although it is not the newest. It \
         belongs to another program or another build."
    )]
    Unknown { found: i64 },
    #[error("Migration {version} was changed after it had been applied to this database.")]
    Changed { version: i64 },
}

/// The newest migration that this program knows, as its number.
pub fn schema_version() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Applies what is missing. Safe to call from several programs at once: an advisory lock of the database lets one
/// work and the others find nothing left to do.
pub async fn migrate(pool: &PgPool) -> anyhow::Result<()> {
    migrate_with(&MIGRATOR, pool).await
}

/// The same for another set of steps; tests have theirs.
pub async fn migrate_with(migrator: &Migrator, pool: &PgPool) -> anyhow::Result<()> {
    // A connection of its own, closed afterwards: a failed run leaves the advisory lock held, and the lock must
    // not go back into the pool with it.
    let mut connection = pool.acquire().await?.detach();
    let result = run(migrator, &mut connection).await;
    connection.close().await.ok();
    result
}

async fn run(migrator: &Migrator, connection: &mut PgConnection) -> anyhow::Result<()> {
    // An index over a million rows takes longer than a page may, and so does waiting for another program's turn.
    for limit in ["set statement_timeout = 0", "set lock_timeout = 0"] {
        sqlx::query(limit).execute(&mut *connection).await?;
    }
    let known = migrator.iter().map(|migration| migration.version).max().unwrap_or_default();
    match migrator.run(connection).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) if found > known => {
            Err(MigrationError::Newer { found, known }.into())
        }
        Err(MigrateError::VersionMissing(found)) => Err(MigrationError::Unknown { found }.into()),
        Err(MigrateError::VersionMismatch(version)) => Err(MigrationError::Changed { version }.into()),
        Err(error) => Err(error).context("The database could not be migrated."),
    }
}
