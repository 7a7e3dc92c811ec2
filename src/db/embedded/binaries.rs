//! Finding Postgres' programs on this machine.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::EmbeddedError;

/// Where packages put them, newest version first within each. `*` stands for a version.
const FOLDERS: [&str; 6] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin",
];

/// One installed Postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub dir: PathBuf,
    /// As in the file PG_VERSION: "15".
    pub major: String,
}

impl Binaries {
    pub fn initdb(&self) -> PathBuf {
        self.dir.join("initdb")
    }

    pub fn postgres(&self) -> PathBuf {
        self.dir.join("postgres")
    }

    pub fn is_at_least(&self, major: u32) -> bool {
        self.major.parse().is_ok_and(|mine: u32| mine >= major)
    }
}

/// The installed Postgres to use: the one that made the data when there are data, else the first found.
pub(super) fn find(
    bin_dir: Option<&Path>,
    made_by: Option<(&Path, &str)>,
) -> Result<Binaries, EmbeddedError> {
    match bin_dir {
        Some(dir) => match choose([dir.to_owned()].into_iter(), made_by) {
            Err(EmbeddedError::NoBinaries { .. }) => Err(EmbeddedError::BinDir { dir: dir.to_owned() }),
            chosen => chosen,
        },
        None => choose(folders(), made_by),
    }
}

fn choose(
    folders: impl Iterator<Item = PathBuf>,
    made_by: Option<(&Path, &str)>,
) -> Result<Binaries, EmbeddedError> {
    let fits = |binaries: &Binaries| made_by.is_none_or(|(_, data)| binaries.major == data);
    let (mut others, mut looked_in) = (Vec::new(), Vec::new());
    // Asking a program for its version takes some milliseconds, so the search ends as soon as it can.
    for dir in folders {
        match at(&dir) {
            Some(binaries) if fits(&binaries) => return Ok(binaries),
            Some(binaries) => others.push(binaries),
            None => looked_in.push(dir),
        }
    }
    Err(match (others.into_iter().next(), made_by) {
        (Some(found), Some((dir, data))) => {
            EmbeddedError::OtherVersion { dir: dir.to_owned(), data: data.to_owned(), found: found.major }
        }
        _ => EmbeddedError::NoBinaries { looked_in },
    })
}

/// Every folder that may hold the programs, the likeliest first.
fn folders() -> impl Iterator<Item = PathBuf> {
    let path: Vec<PathBuf> = env::var_os("PATH").iter().flat_map(env::split_paths).collect();
    let usual = FOLDERS.iter().flat_map(|pattern| expand(pattern));
    path.into_iter().chain(usual).chain(std::iter::once_with(asked).flatten()).filter(|dir| dir.is_absolute())
}

fn at(dir: &Path) -> Option<Binaries> {
    let (initdb, postgres) = (dir.join("initdb"), dir.join("postgres"));
    if !initdb.is_file() || !postgres.is_file() {
        return None;
    }
    let said = Command::new(postgres).arg("--version").output().ok().filter(|said| said.status.success())?;
    Some(Binaries { dir: dir.canonicalize().ok()?, major: major(&String::from_utf8_lossy(&said.stdout))? })
}

/// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" is "15".
fn major(said: &str) -> Option<String> {
    let version = said.split(' ').find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(version.chars().take_while(char::is_ascii_digit).collect())
}

/// The folders that fit a pattern with one `*`, highest number first; the pattern itself when none does, so that
/// the message can say where was looked.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else { return vec![PathBuf::from(pattern)] };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let entries = std::fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect();
    names.sort_by_key(|name| {
        let version = name.trim_start_matches(|c: char| !c.is_ascii_digit());
        let major: String = version.chars().take_while(char::is_ascii_digit).collect();
        std::cmp::Reverse(major.parse::<u64>().unwrap_or_default())
    });
    if names.is_empty() {
        return vec![PathBuf::from(pattern)];
    }
    names.iter().map(|name| PathBuf::from(format!("{parent}/{name}{after}"))).collect()
}

fn asked() -> Option<PathBuf> {
    let said = Command::new("pg_config").arg("--bindir").output().ok()?;
    let dir = String::from_utf8(said.stdout).ok()?;
    Some(PathBuf::from(dir.trim())).filter(|dir| dir.is_absolute())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)").as_deref(), Some("15"));
        assert_eq!(major("postgres (PostgreSQL) 19devel").as_deref(), Some("19"));
        assert_eq!(major("nothing of the kind"), None);
    }

    #[test]
    fn a_pattern_without_a_match_stands_for_itself() {
        assert_eq!(expand("/nowhere/*/bin"), [PathBuf::from("/nowhere/*/bin")]);
    }

    #[test]
    fn a_folder_without_the_programs_is_named() {
        let refused = find(Some(Path::new("/nowhere")), None);
        assert!(matches!(refused, Err(EmbeddedError::BinDir { dir }) if dir == Path::new("/nowhere")));
    }

    #[test]
    fn the_version_that_made_the_data_is_chosen_else_the_newest() {
        let root = env::temp_dir().join(format!("broadsheet-binaries-{}", std::process::id()));
        for version in [9, 15, 18] {
            install(&root.join(format!("{version}/bin")), version);
        }
        let folders = || expand(&format!("{}/*/bin", root.display())).into_iter();
        let chosen = |data| choose(folders(), data).map(|binaries| binaries.major);
        let data = Path::new("/data");
        let (newest, matching, missing) =
            (chosen(None), chosen(Some((data, "15"))), chosen(Some((data, "16"))));
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(newest.unwrap(), "18");
        assert_eq!(matching.unwrap(), "15");
        let missing = missing.unwrap_err().to_string();
        assert!(missing.contains("made by Postgres 16, but the programs found are Postgres 18"), "{missing}");
    }

    /// Programs that know nothing but their version.
    fn install(dir: &Path, version: u32) {
        fs::create_dir_all(dir).unwrap();
        let text = dir.join("text");
        fs::write(&text, format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}.1'\n")).unwrap();
        fs::set_permissions(&text, Permissions::from_mode(0o755)).unwrap();
        for name in ["initdb", "postgres"] {
            // A file this process wrote cannot be run while another thread's child still holds it open.
            assert!(Command::new("cp").arg(&text).arg(dir.join(name)).status().unwrap().success());
        }
    }
}
