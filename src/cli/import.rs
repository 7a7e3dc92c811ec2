//! `broadsheet import KIND FILE`: what another program wrote. Beside a running site, or before there is one.

use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;

use super::{backup, say};
use crate::config::Config;
use crate::db::{self, migrations};
use crate::exchange::archive;
use crate::exchange::import::{self, End, Kind, Options, Progress};
use crate::news::audit::Actor;
use crate::news::import::line::{self, Outcome};
use crate::news::import::run::{self, Run};
use crate::news::import::{ImportId, report};
use crate::web::App;
use crate::web::rates::Quotas;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// What it is; `broadsheet` is a paper that `broadsheet export` wrote, for an empty site
    #[arg(value_parser = what)]
    what: What,
    /// A file, a folder, or an address with https://
    from: String,
    /// Write nothing; say what would be written
    #[arg(long)]
    dry_run: bool,
    /// The section for what names none
    #[arg(long, value_name = "NAME", default_value = "")]
    section: String,
    /// With `broadsheet`: even if there is a site already, accounts included; it makes room for the one in the file
    #[arg(long)]
    replace: bool,
    /// A folder with the files of the old site (wp-content/uploads); else they are fetched
    #[arg(long, value_name = "DIR")]
    media: Option<PathBuf>,
    /// Leave pictures where they are
    #[arg(long)]
    without_pictures: bool,
    /// The address that the old site had, where the export does not say it (Ghost)
    #[arg(long, value_name = "ADDRESS", default_value = "")]
    site: String,
    /// A name for where it comes from, under which it is known again
    #[arg(long, value_name = "NAME", default_value = "")]
    source: String,
    /// Where the report goes: a name that ends with .csv or .jsonl
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// A whole site of our own is no list of items: it comes as it was, or not at all.
#[derive(Clone, Copy, Debug)]
enum What {
    Paper,
    Of(Kind),
}

const PAPER: &str = "broadsheet";

fn what(text: &str) -> Result<What, String> {
    if text == PAPER {
        return Ok(What::Paper);
    }
    let known = Kind::ALL.map(Kind::as_str).join(", ");
    Kind::parse(text).map(What::Of).ok_or_else(|| format!("one of {PAPER}, {known}"))
}

/// How often the bar is drawn.
const DRAWN: Duration = Duration::from_millis(200);
/// Reasons that are printed; the report has all.
const SHOWN: i64 = 20;

pub(super) async fn run(arguments: Arguments, config: Config) -> anyhow::Result<ExitCode> {
    let What::Of(kind) = arguments.what else {
        let file = PathBuf::from(&arguments.from);
        return backup::fill(&file, archive::Kind::Export, arguments.replace, config).await;
    };
    let database = db::open(&config).await?;
    migrations::migrate(&database.pool).await?;
    let base_url = config.public_url(config.listen);
    let app = App::assemble(config, &base_url, database.pool.clone(), Quotas::public()).await?;
    let code = import(&app, kind, &arguments).await;
    database.close().await?;
    code
}

async fn import(app: &App, kind: Kind, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let media = match &arguments.media {
        Some(folder) => {
            Some(folder.canonicalize().with_context(|| format!("{} is not there.", folder.display()))?)
        }
        None => None,
    };
    let options = Options {
        section: arguments.section.clone(),
        media,
        without_pictures: arguments.without_pictures,
        site: arguments.site.clone(),
        source: arguments.source.clone(),
    };
    let file = import::place(app, &arguments.from, kind).await?;
    let id = begin(app, kind, arguments, &options).await?;
    let progress = Progress::default();
    let bar = tokio::spawn(draw(app.clone(), id, progress.clone()));
    let end = {
        let work = import::run(app, id, &file, progress);
        tokio::pin!(work);
        tokio::select! {
            end = &mut work => end?,
            _ = tokio::signal::ctrl_c() => {
                let mut db = app.db.acquire().await?;
                run::cancel(&mut db, id).await?;
                drop(db);
                work.await?
            }
        }
    };
    bar.abort();
    let _ = bar.await;
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
    let run = run::by_id(&app.db, id).await?.context("an import that is not there")?;
    if let Some(path) = &arguments.report {
        report::write(&app.db, id, path).await?;
    }
    conclude(app, &run, end).await
}

/// The run that was interrupted goes on; else a new one begins.
async fn begin(app: &App, kind: Kind, arguments: &Arguments, options: &Options) -> anyhow::Result<ImportId> {
    let options = serde_json::to_value(options)?;
    let kind = kind.as_str();
    let name: String = arguments.from.chars().take(2000).collect();
    let mut tx = app.db.begin().await?;
    let found = run::unfinished(&mut *tx, kind, &name, &options, arguments.dry_run).await?;
    let id = if let Some(id) = found {
        if !run::resume(&mut tx, id).await? {
            anyhow::bail!("This import is running already, or its program died within the last half minute.");
        }
        tracing::info!("An import of {name} that was interrupted goes on.");
        id
    } else {
        let new = run::New { kind, name: &name, file: "", options: &options, dry: arguments.dry_run };
        run::create(&mut tx, &new, &Actor::command_line()).await?
    };
    tx.commit().await?;
    Ok(id)
}

/// A bar on standard error, if somebody looks at it.
async fn draw(app: App, id: ImportId, progress: Progress) {
    if !std::io::stderr().is_terminal() {
        return;
    }
    let mut tick = tokio::time::interval(DRAWN);
    loop {
        tick.tick().await;
        let Ok(Some(run)) = run::by_id(&app.db, id).await else { continue };
        let read = if progress.all() > 0 { progress.read() * 100 / progress.all() } else { 0 };
        let percent = usize::try_from(read.clamp(0, 100)).unwrap_or_default();
        let bar = "#".repeat(percent / 4) + &".".repeat(25 - percent / 4);
        let rest = match run.open {
            open if percent == 100 && open > 0 => format!("pictures and links of {open} articles"),
            _ => format!("{} things", run.done),
        };
        let mut out = std::io::stderr();
        let _ = write!(out, "\r\x1b[K[{bar}] {percent:3} %  {rest}, {} refused", run.refused);
        let _ = out.flush();
    }
}

async fn conclude(app: &App, run: &Run, end: End) -> anyhow::Result<ExitCode> {
    for outcome in [Outcome::Refused, Outcome::Skipped] {
        let lines = line::of_run(&app.db, run.id, Some(outcome), 0, SHOWN).await?;
        for line in &lines {
            say(&format!(
                "{} {} {} “{}”: {}",
                outcome.as_str(),
                line.noun,
                line.key,
                line.title,
                line.reason
            ))?;
        }
        if lines.len() == usize::try_from(SHOWN).unwrap_or_default() {
            say("… and more; --report FILE has them all.")?;
        }
    }
    let would = if run.dry { "Nothing was written. It would be: " } else { "" };
    say(&format!(
        "{would}{} imported, {} updated, {} unchanged, {} skipped, {} refused.",
        run.imported, run.updated, run.unchanged, run.skipped, run.refused
    ))?;
    match end {
        End::Done if run.refused == 0 => Ok(ExitCode::SUCCESS),
        End::Done => Ok(ExitCode::FAILURE),
        End::Cancelled => {
            say("Cancelled. The same command goes on from here.")?;
            Ok(ExitCode::FAILURE)
        }
        End::Failed => anyhow::bail!("{}", run.failed),
        End::NotTaken => anyhow::bail!("This import is running already."),
    }
}
