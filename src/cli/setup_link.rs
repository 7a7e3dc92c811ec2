//! `broadsheet setup-link`: a fresh one-time link for the first administrator.

use std::process::ExitCode;

use anyhow::bail;
use sqlx::PgPool;

use super::say;
use crate::accounts::{setup, user};
use crate::config::Config;
use crate::db::{self, migrations};
use crate::paths;

/// Prints the link and nothing else, so that it can be piped.
pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    let made = make(&config, &database.pool).await;
    database.close().await?;
    match made? {
        Some(link) => say(&link)?,
        None => bail!(
            "This site has an administrator already; make further accounts with `broadsheet user create`."
        ),
    }
    Ok(ExitCode::SUCCESS)
}

async fn make(config: &Config, db: &PgPool) -> anyhow::Result<Option<String>> {
    migrations::migrate(db).await?;
    link(db, &config.public_url(config.listen)).await
}

/// A new link, or `None` when there is an administrator. The start prints it too.
pub(super) async fn link(db: &PgPool, base_url: &str) -> anyhow::Result<Option<String>> {
    if user::any_admin(db).await? {
        return Ok(None);
    }
    let token = setup::create(db).await?;
    Ok(Some(format!("{base_url}{}", paths::desk::setup(&token))))
}
