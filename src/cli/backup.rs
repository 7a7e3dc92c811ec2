//! `broadsheet backup` and `broadsheet restore`: everything of a site in one file, and back.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;

use super::progress::Line;
use super::say;
use crate::config::Config;
use crate::db::{self, Database, migrations, rows};
use crate::exchange::archive::{self, Kind, Manifest, Proven, Refused};
use crate::media::Store;

const LOOKS: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(200);

#[derive(Debug, clap::Args)]
pub(super) struct Backup {
    /// The file to write; only its owner can read it
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// A file that `broadsheet backup` wrote
    file: PathBuf,
    /// Read the file from its first byte to its last and say whether it is whole; change nothing
    #[arg(long)]
    verify: bool,
    /// Even if there is a site already: it makes room for the one in the file
    #[arg(long)]
    replace: bool,
}

pub(super) async fn write(arguments: Backup, config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    let written = pack(&database, &config, Kind::Backup, &arguments.file).await;
    database.close().await?;
    told(&arguments.file, &written?)
}

/// Writes an archive, however long it takes. The schema is brought up first: an archive is of one that is known.
pub(super) async fn pack(
    database: &Database,
    config: &Config,
    kind: Kind,
    file: &Path,
) -> anyhow::Result<Manifest> {
    migrations::migrate(&database.pool).await?;
    let store = media(config)?;
    let mut line = Line::new("rows", "files");
    archive::write(&database.pool, &store, kind, file, &mut |now| line.show(now.rows, now.files)).await
}

/// Says what is in the file; 1 if it is not all that should be.
pub(super) fn told(file: &Path, manifest: &Manifest) -> anyhow::Result<ExitCode> {
    let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
    let media = &manifest.media;
    say(&format!(
        "{}: {rows} rows of {} tables, {} files of pictures and films ({} bytes).",
        file.display(),
        manifest.tables.len(),
        media.files,
        media.bytes
    ))?;
    if media.missing + media.damaged == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!(
        "{} files were not there and {} are not what they were. `broadsheet doctor` says more. The first of them:",
        media.missing, media.damaged
    ))?;
    for name in &media.named {
        say(&format!("  {name}"))?;
    }
    Ok(ExitCode::FAILURE)
}

pub(super) async fn restore(arguments: Restore, config: Config) -> anyhow::Result<ExitCode> {
    if arguments.verify {
        let proven = proven(&arguments.file).await?;
        let made_at = proven.header.made_at.as_deref().unwrap_or("at an unknown time");
        say(&format!("A {}, whole, of schema {}, {made_at}.", proven.header.format, proven.header.schema))?;
        return told(&arguments.file, &proven.manifest);
    }
    fill(&arguments.file, Kind::Backup, arguments.replace, config).await
}

/// Fills the database and the media folder of this configuration, which no site may use meanwhile.
pub(super) async fn fill(path: &Path, kind: Kind, replace: bool, config: Config) -> anyhow::Result<ExitCode> {
    let file = open(path)?;
    let database = db::open(&config).await?;
    let loaded = async {
        if in_use(&database).await? {
            return Err(Refused::InUse.into());
        }
        let _alone = db::alone(&database.pool, "furnish").await?;
        let store = media(&config)?;
        let mut line = Line::new("rows", "files");
        let tell = &mut |now: archive::Progress| line.show(now.rows, now.files);
        archive::load(&database.pool, &store, kind, file, replace, tell).await
    };
    let loaded = loaded.await;
    database.close().await?;
    let loaded = loaded?;
    say(&format!("{} rows are in the database, at schema {}.", loaded.rows, migrations::schema_version()))?;
    told(path, &loaded.proven.manifest)
}

/// A site that has just been stopped, or a connection of our own that was just closed, is seen a moment longer.
async fn in_use(database: &Database) -> anyhow::Result<bool> {
    let mut connection = database.pool.acquire().await?;
    for _ in 0..LOOKS {
        if !rows::is_in_use(&mut connection).await? {
            return Ok(false);
        }
        tokio::time::sleep(BETWEEN).await;
    }
    Ok(true)
}

pub(super) fn media(config: &Config) -> anyhow::Result<Store> {
    Store::open(&config.data.join("media")).context("The media folder cannot be used.")
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("{} cannot be read.", path.display()))
}

async fn proven(path: &Path) -> anyhow::Result<Proven> {
    let mut file = open(path)?;
    tokio::task::spawn_blocking(move || archive::prove(&mut file)).await?
}
