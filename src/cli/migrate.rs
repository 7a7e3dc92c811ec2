//! `broadsheet migrate`: the schema alone, for those who want to see it done before the site starts.

use std::process::ExitCode;

use super::say;
use crate::config::Config;
use crate::db::{self, migrations};

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    let migrated = migrations::migrate(&database.pool).await;
    database.close().await?;
    migrated?;
    say(&format!("The database is at schema {}.", migrations::schema_version()))?;
    Ok(ExitCode::SUCCESS)
}
