//! Logs, as text or JSON, on standard error. Standard output belongs to what a command was asked for.
//!
//! `RUST_LOG` chooses what is logged, `NO_COLOR` turns colours off.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::LogFormat;

/// What is logged when RUST_LOG does not say. Postgres' notices are for those who write migrations.
const DEFAULT: &str = "info,sqlx::postgres::notice=warn";

/// A command that asks the site's own pages is no reader: a line for each of them would bury what it says.
const OF_A_COMMAND: &str = "info,sqlx::postgres::notice=warn,broadsheet::server::log=warn";

/// Starts logging for the whole process. A second call changes nothing.
pub fn init(format: LogFormat, serves: bool) {
    let default = if serves { DEFAULT } else { OF_A_COMMAND };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let log = fmt().with_env_filter(filter).with_writer(stderr).with_target(false);
    let _ = match format {
        LogFormat::Text => log.with_ansi(colours()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).with_ansi(false).try_init(),
    };
}

/// See https://no-color.org: any value but the empty one turns colours off.
fn colours() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
