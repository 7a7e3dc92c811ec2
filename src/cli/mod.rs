//! The commands. One file each; this one reads the command line, the configuration, and turns what went wrong
//! into an exit code. A new command is a line in `Command` and a line in `dispatch`.

mod backup;
mod config;
pub mod demo;
pub mod doctor;
mod export;
mod healthcheck;
mod import;
mod migrate;
mod progress;
mod reclean;
mod serve;
mod setup_link;
mod supervisor;
mod user;

use std::io::Write;
use std::process::ExitCode;
use std::sync::LazyLock;

use anyhow::Context;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{ConfigError, KEYS, Loaded, Values, environment, load};
use crate::db::embedded::EmbeddedError;
use crate::db::migrations;
use crate::telemetry;

/// Nothing ran: the operator has to change something first. The same number as for a mistaken command line.
const SET_UP_WRONG: u8 = 2;

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (schema {})", env!("CARGO_PKG_VERSION"), migrations::schema_version()));

/// A self-hosted news and analysis site: one binary and Postgres.
#[derive(Debug, Parser)]
#[command(name = "broadsheet", version = VERSION.as_str())]
#[command(after_help = "Each setting is also an environment variable; .env.example lists them all.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the site (what happens without a command)
    Serve,
    /// Bring the database up to this program and end
    Migrate,
    /// Load a small world of sample news, or a large corpus; safe to run twice
    Demo(demo::Arguments),
    /// Bring in what another program wrote: WordPress, Ghost, feeds, Markdown; safe to run twice
    Import(import::Arguments),
    /// Clean all stored article bodies by today's rules
    Reclean,
    /// Write everything of the site into one file, while it runs
    Backup(backup::Backup),
    /// Fill the database and the media folder from a backup
    Restore(backup::Restore),
    /// Write the paper into one file, for another site or another program
    Export(export::Arguments),
    /// Look at everything as a stranger would, and say what to do; exit 1 for warnings, 3 for errors
    Doctor(doctor::Arguments),
    /// Ask the running site whether it is alive; exit 0 if so
    Healthcheck,
    /// Make accounts, set passwords, list who is there
    #[command(subcommand)]
    User(user::Command),
    /// Print a one-time link that makes the first administrator
    SetupLink,
    /// Look at the settings
    #[command(subcommand)]
    Config(config::Command),
}

/// Everything `main` does.
pub fn run() -> ExitCode {
    let mut command = Arguments::command();
    for key in &KEYS {
        let value = if key.secret { "FILE" } else { "VALUE" };
        let flag = Arg::new(key.flag).long(key.flag).value_name(value).help(key.doc).help_heading("Settings");
        command = match key.of {
            None => command.arg(flag.global(true)),
            Some(name) => command.mut_subcommand(name, |command| command.arg(flag)),
        };
    }
    let matches = command.get_matches();
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    let flags: Values = KEYS
        .iter()
        .filter_map(|key| {
            let given = key.of.map_or(Some(&matches), |name| matches.subcommand_matches(name))?;
            Some((key.flag.to_owned(), given.get_one::<String>(key.flag)?.clone()))
        })
        .collect();

    let result = environment()
        .map_err(|problem| ConfigError { problems: vec![problem] })
        .and_then(|environment| load(&flags, &environment))
        .map_err(anyhow::Error::from)
        .and_then(|loaded| dispatch(arguments.command.unwrap_or(Command::Serve), loaded));
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("broadsheet: {}", sentence(&error));
            ExitCode::from(if is_set_up_wrong(&error) { SET_UP_WRONG } else { 1 })
        }
    }
}

fn dispatch(command: Command, loaded: Loaded) -> anyhow::Result<ExitCode> {
    telemetry::init(loaded.config.log_format, matches!(command, Command::Serve));
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    match command {
        Command::Config(command) => config::run(&command, &loaded),
        Command::Demo(arguments) => wait_for(demo::run(arguments, loaded.config)),
        Command::Import(arguments) => wait_for(import::run(arguments, loaded.config)),
        Command::Reclean => wait_for(reclean::run(loaded.config)),
        Command::Backup(arguments) => wait_for(backup::write(arguments, loaded.config)),
        Command::Restore(arguments) => wait_for(backup::restore(arguments, loaded.config)),
        Command::Export(arguments) => wait_for(export::run(arguments, loaded.config)),
        Command::Doctor(arguments) => wait_for(doctor::run(arguments, loaded.config)),
        Command::Healthcheck => healthcheck::run(&loaded.config),
        Command::Serve => wait_for(serve::run(loaded.config)),
        Command::Migrate => wait_for(migrate::run(loaded.config)),
        Command::User(command) => wait_for(user::run(command, loaded.config)),
        Command::SetupLink => wait_for(setup_link::run(loaded.config)),
    }
}

/// One line of what was asked for, on standard output. Whoever reads there may have read enough (`| head`).
fn say(line: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{line}") {
        Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("Standard output cannot be written to."),
    }
}

/// Runs an asynchronous command to its end.
fn wait_for(command: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(command);
    // A server that is still starting would hold up the end; its watcher stops it when this process is gone.
    runtime.shutdown_background();
    result
}

/// The whole chain of causes, each once: some errors repeat what lies below them.
fn sentence(error: &anyhow::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !said.last().is_some_and(|last| last.contains(&cause)) {
            said.push(cause);
        }
    }
    said.join(" ")
}

fn is_set_up_wrong(error: &anyhow::Error) -> bool {
    let no_server = |error: &EmbeddedError| {
        matches!(
            error,
            EmbeddedError::NoBinaries { .. } | EmbeddedError::BinDir { .. } | EmbeddedError::NoUser
        )
    };
    error.is::<ConfigError>() || error.downcast_ref().is_some_and(no_server)
}
