//! What can go wrong with the private Postgres, in sentences for the operator.

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error("{}", no_binaries(.looked_in))]
    NoBinaries { looked_in: Vec<PathBuf> },
    #[error("PG_BIN_DIR names {}, which does not hold the programs initdb and postgres.", .dir.display())]
    BinDir { dir: PathBuf },
    #[error(
        "The programs of Postgres in {} cannot be run by user {uid}, as whom Postgres runs, because {} is closed to \
         it. Open the way with: chmod o+x {}",
        .dir.display(), .closed.display(), .closed.display()
    )]
    BinDirClosed { dir: PathBuf, closed: PathBuf, uid: u32 },
    #[error(
        "The database in {} was made by Postgres {data}, but the programs found are Postgres {found}. Install \
         Postgres {data} beside it, or point PG_BIN_DIR at it; a newer Postgres cannot read an older one's files.",
        .dir.display()
    )]
    OtherVersion { dir: PathBuf, data: String, found: String },
    #[error("{} exists but holds no Postgres database. Move it away and start again.", .dir.display())]
    NotACluster { dir: PathBuf },
    #[error(
        "{} belongs to user {owner}, but Postgres would run as user {me}. Run Broadsheet as the user who made the \
         database, or as root; or hand it over with: chown -R {me} {}",
        .dir.display(), .dir.display()
    )]
    OtherOwner { dir: PathBuf, owner: u32, me: u32 },
    #[error(
        "Postgres does not run as root, and there is neither a user postgres nor a user nobody to run it as. \
         Create a user postgres, or run Broadsheet as a user who is not root."
    )]
    NoUser,
    #[error(
        "The database in {} cannot be reached by user {uid}, as whom Postgres runs, because {} is closed to it. \
         Open the way with: chmod o+x {}",
        .dir.display(), .closed.display(), .closed.display()
    )]
    Unreachable { dir: PathBuf, closed: PathBuf, uid: u32 },
    #[error("{} is not a folder that only user {uid} can open, so no socket is put there. Remove it.", .dir.display())]
    SocketFolder { dir: PathBuf, uid: u32 },
    #[error("Another program holds {} but its Postgres does not become ready.", .dir.display())]
    NotReady { dir: PathBuf },
    #[error(
        "A Postgres from before (process {pid}) still uses {} and does not end. Stop it with: kill -INT {pid}",
        .dir.display()
    )]
    Occupied { dir: PathBuf, pid: u32 },
    #[error("A new database could not be made in {}:\n{said}", .dir.display())]
    Init { dir: PathBuf, said: String },
    #[error("Postgres did not start. Its log is {}; it ends with:\n{said}", .log.display())]
    Start { log: PathBuf, said: String },
    #[error("Postgres did not stop in time and was killed; it recovers at the next start.")]
    Stop,
    #[error(
        "{} cannot be used: {source}. It belongs to the data folder, which BROADSHEET_DATA names; Broadsheet has to \
         be able to write there.",
        .path.display()
    )]
    Io { path: PathBuf, source: std::io::Error },
}

impl EmbeddedError {
    /// For `map_err` on the many small acts on files.
    pub(super) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

fn no_binaries(looked_in: &[PathBuf]) -> String {
    let folders: Vec<String> = looked_in.iter().map(|dir| format!("  {}", dir.display())).collect();
    format!(
        "Broadsheet found no Postgres on this machine. Do one of these, then start it again:\n\n\
         1. Install Postgres; Broadsheet then runs a private server by itself:\n\
         \x20    Debian, Ubuntu:  apt install postgresql\n\
         \x20    Fedora:          dnf install postgresql-server postgresql-contrib\n\
         \x20    Arch:            pacman -S postgresql\n\
         \x20    macOS:           brew install postgresql\n\
         \x20  If it is installed elsewhere, set PG_BIN_DIR to the folder that holds initdb and postgres.\n\
         2. Use a Postgres that runs already: set DATABASE_URL=postgres://user:password@host/database\n\
         3. Start both in containers: docker compose up\n\n\
         Looked for initdb and postgres in:\n{}",
        folders.join("\n")
    )
}
