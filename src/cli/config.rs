//! `broadsheet config`: looking at the settings without starting anything.

use std::process::ExitCode;

use clap::Subcommand;

use super::say;
use crate::config::{Loaded, Origin};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say whether the settings can be understood; exit 2 if not
    Check,
    /// Print every setting with its value and where that comes from; secrets are masked
    Show,
}

/// By now the settings have been understood; had they not, `cli` would have said so.
pub(super) fn run(command: &Command, loaded: &Loaded) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check => say("The settings are in order.")?,
        Command::Show => show(loaded)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn show(loaded: &Loaded) -> anyhow::Result<()> {
    for setting in &loaded.settings {
        let origin = match &setting.origin {
            Origin::Flag => "flag".to_owned(),
            Origin::Environment => "environment".to_owned(),
            Origin::File(path) => format!("file {path}"),
            Origin::Default if setting.value.is_some() => "default".to_owned(),
            Origin::Default => "not set".to_owned(),
        };
        say(&format!("{}={}  # {origin}", setting.key.name, setting.shown()))?;
    }
    Ok(())
}
