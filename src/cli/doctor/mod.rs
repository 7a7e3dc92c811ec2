//! `broadsheet doctor`: looks at the machine, the database, the files and the pages as a stranger would, and says what
//! to do. It changes nothing without `--fix`, and with it only what cannot be wrong.
//!
//! `machine` looks at what the site stands on, `files` at pictures and films, `pages` at what readers and machines are
//! given, `outside` at the public address and the mail server. Each check answers with findings.

mod files;
mod machine;
mod outside;
mod pages;

use std::process::ExitCode;

use serde::Serialize;

use super::{backup, say};
use crate::config::Config;
use crate::db::migrations::schema_version;
use crate::db::{self, Database, rows};
use crate::web::App;
use crate::web::rates::Quotas;

pub use machine::{clock, disk, settings};
pub use outside::public_address;

/// Something needs a person soon; as scripts see it.
const WARNED: u8 = 1;
/// Readers or data suffer. Not 2, which says that nothing ran.
const FAILED: u8 = 3;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Mend what is safe to mend: files that nothing names are swept, sizes that pictures lack are asked for, folders
    /// of private files are closed
    #[arg(long)]
    fix: bool,
    /// Do not read every file of pictures and films to its end
    #[arg(long)]
    quick: bool,
    /// One JSON object a finding
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Mend it soon.
    Warning,
    /// Readers or data suffer.
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The name of the check, as `media missing`.
    pub check: &'static str,
    pub severity: Severity,
    pub what: String,
    /// What to do about it.
    pub advice: String,
    /// It was, and is not any more.
    pub mended: bool,
}

impl Finding {
    fn new(check: &'static str, severity: Severity, what: impl Into<String>, advice: &str) -> Self {
        Self { check, severity, what: what.into(), advice: advice.to_owned(), mended: false }
    }

    fn mended(self, mended: bool) -> Self {
        Self { mended, ..self }
    }
}

/// How closely it looks, and whether it mends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    pub fix: bool,
    pub quick: bool,
}

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    let manner = Manner { fix: arguments.fix, quick: arguments.quick };
    let found = look(&database, config, manner).await;
    database.close().await?;
    let found = found?;
    for finding in &found {
        say(&if arguments.json { serde_json::to_string(finding)? } else { sentence(finding) })?;
    }
    if found.is_empty() && !arguments.json {
        say("Everything is well.")?;
    }
    Ok(exit(&found))
}

/// A schema that is not this program's is the one finding: nothing else can be looked at.
async fn look(database: &Database, config: Config, manner: Manner) -> anyhow::Result<Vec<Finding>> {
    if let Some(finding) = migrations(database).await? {
        return Ok(vec![finding]);
    }
    backup::media(&config)?;
    let base_url = config.public_url(config.listen);
    let app = App::assemble(config, &base_url, database.pool.clone(), Quotas::open()).await?;
    examine(&app, manner).await
}

async fn migrations(database: &Database) -> anyhow::Result<Option<Finding>> {
    let mut connection = database.pool.acquire().await?;
    let found = match rows::filling(&mut connection).await? {
        rows::Filling::Empty if rows::tables(&mut connection).await?.is_empty() => 0,
        rows::Filling::Foreign => {
            let what = "The database holds tables of another program.";
            return Ok(Some(Finding::new(
                "migrations",
                Severity::Error,
                what,
                "Give the site a database of its own.",
            )));
        }
        _ => rows::version(&mut connection).await?,
    };
    Ok(schema(found, schema_version()))
}

/// What it means that the database is at one migration and the program knows another.
pub fn schema(found: i64, known: i64) -> Option<Finding> {
    let finding = |severity, advice| {
        let what = format!("The database is at schema {found}, this program at {known}.");
        Some(Finding::new("migrations", severity, what, advice))
    };
    match found.cmp(&known) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less => {
            finding(Severity::Warning, "Run `broadsheet migrate`, or start the site, and ask again.")
        }
        std::cmp::Ordering::Greater => {
            finding(Severity::Error, "Take the newer program, or restore a backup from before the upgrade.")
        }
    }
}

/// Everything, the gravest first.
pub async fn examine(app: &App, manner: Manner) -> anyhow::Result<Vec<Finding>> {
    let mut found = machine::look(app, manner).await?;
    found.extend(files::look(app, manner).await?);
    found.extend(pages::look(app).await?);
    found.extend(outside::look(app).await);
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    Ok(found)
}

/// By what is still to be done.
pub fn exit(found: &[Finding]) -> ExitCode {
    let gravest = found.iter().filter(|finding| !finding.mended).map(|finding| finding.severity).max();
    match gravest {
        None | Some(Severity::Note) => ExitCode::SUCCESS,
        Some(Severity::Warning) => ExitCode::from(WARNED),
        Some(Severity::Error) => ExitCode::from(FAILED),
    }
}

fn sentence(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let advice = if finding.mended { "Mended." } else { &finding.advice };
    format!("{severity}: {}: {} {advice}", finding.check, finding.what)
}
