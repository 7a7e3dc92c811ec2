//! Making the files of a new database, whole or not at all.

use std::fs::{DirBuilder, File};
use std::io::{Read, Seek};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::binaries::Binaries;
use super::launch::{WHILE_THE_PROGRAM_LIVES, launch};
use super::place::Place;
use super::{EmbeddedError, Settings};

/// A cluster is made under such a name and renamed when it is whole.
const UNFINISHED: &str = "postgres.new-";

/// lc_ctype C would break lower() and the search for everything but English. Since 17 Postgres brings a locale of
/// its own; before, the system's is needed, which macOS calls otherwise.
const CTYPE: &str = if cfg!(target_os = "macos") { "--lc-ctype=en_US.UTF-8" } else { "--lc-ctype=C.UTF-8" };

/// The version that made the cluster ("15"), or `None` when there is no cluster yet.
pub(super) fn made_by(place: &Place) -> Result<Option<String>, EmbeddedError> {
    if !place.cluster.exists() {
        return Ok(None);
    }
    let file = place.cluster.join("PG_VERSION");
    match std::fs::read_to_string(&file) {
        Ok(version) => Ok(Some(version.trim().to_owned())),
        Err(_) => Err(EmbeddedError::NotACluster { dir: place.cluster.clone() }),
    }
}

/// Runs initdb. Killed at any moment, it leaves nothing that the next start would take for a database.
pub(super) fn make(place: &Place, binaries: &Binaries, settings: Settings<'_>) -> Result<(), EmbeddedError> {
    sweep(&place.home);
    // A name of its own: the initdb of a program that was killed may still be writing under another.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let unfinished = place.home.join(format!("{UNFINISHED}{}-{now}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&unfinished).map_err(EmbeddedError::at(&unfinished))?;
    place.user.own(&unfinished).map_err(EmbeddedError::at(&unfinished))?;

    initdb(place, binaries, &unfinished, settings).inspect_err(|_| sweep(&place.home))?;
    std::fs::rename(&unfinished, &place.cluster).map_err(EmbeddedError::at(&place.cluster))?;
    if settings.sync {
        let synced = File::open(&place.home).and_then(|folder| folder.sync_all());
        synced.map_err(EmbeddedError::at(&place.home))?;
    }
    Ok(())
}

fn initdb(
    place: &Place,
    binaries: &Binaries,
    dir: &Path,
    settings: Settings<'_>,
) -> Result<(), EmbeddedError> {
    let path = dir.to_str().ok_or_else(|| EmbeddedError::Init {
        dir: dir.to_owned(),
        said: "The path is not valid UTF-8.".to_owned(),
    })?;
    let mut arguments = vec![
        "-D",
        path,
        "-U",
        super::SUPERUSER,
        "-E",
        "UTF8",
        "--auth-local=trust",
        "--auth-host=reject",
        "--data-checksums",
        "--locale=C",
    ];
    if binaries.is_at_least(17) {
        arguments.extend(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]);
    } else {
        arguments.push(CTYPE);
    }
    if !settings.sync {
        arguments.push("--no-sync");
    }
    let mut log = tempfile(&place.home)?;
    let program = binaries.initdb();
    let mut child = launch(&place.user, &program, &arguments, &log, WHILE_THE_PROGRAM_LIVES)
        .map_err(EmbeddedError::at(&program))?;
    // `wait` would close the pipe first, and with it end what it waits for.
    let pipe = child.stdin.take();
    let status = child.wait().map_err(EmbeddedError::at(&program))?;
    drop(pipe);
    if status.success() {
        return Ok(());
    }
    let mut said = String::new();
    let _ = log.rewind();
    let _ = log.read_to_string(&mut said);
    Err(EmbeddedError::Init { dir: place.home.clone(), said: said.trim().to_owned() })
}

/// A file without a name, for what initdb says.
fn tempfile(dir: &Path) -> Result<File, EmbeddedError> {
    let path = dir.join(format!("{UNFINISHED}log-{}", std::process::id()));
    let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
    let file = file.map_err(EmbeddedError::at(&path))?;
    std::fs::remove_file(&path).map_err(EmbeddedError::at(&path))?;
    Ok(file)
}

/// Takes away what killed starts have left. What is still being written resists and goes the next time.
fn sweep(home: &Path) {
    for entry in std::fs::read_dir(home).into_iter().flatten().filter_map(Result::ok) {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED)) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
