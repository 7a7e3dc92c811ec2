//! `broadsheet reclean`: today's cleaning over all stored bodies.

use std::process::ExitCode;

use super::say;
use crate::config::Config;
use crate::db::{self, migrations};
use crate::news::article::reclean;

pub(super) async fn run(config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    migrations::migrate(&database.pool).await?;
    let outcome = reclean::all(&database.pool).await?;
    say(&format!("{} bodies looked at, {} changed.", outcome.looked_at, outcome.changed))?;
    for id in &outcome.refused {
        say(&format!("Article {id} keeps its body: its source is beyond today's limits."))?;
    }
    database.close().await?;
    Ok(if outcome.refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
