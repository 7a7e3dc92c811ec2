//! A private Postgres for a site without `DATABASE_URL`: a real one, from the machine's own programs, on a Unix
//! socket only, with its files in the data folder, alive as long as this program. Durable like any other.
//!
//! One program owns the server (it holds `postgres.lock`); every other on the same data folder joins it.
//! `place` says where things lie, `user` as whom it runs, `binaries` with which programs, `cluster` makes the
//! files, `launch` starts processes, `process` tells living servers from leftovers. All of it blocks.

mod binaries;
mod cluster;
mod error;
mod launch;
mod place;
mod process;
mod user;

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::watch;

pub use error::EmbeddedError;
use place::Place;
use process::{PidFile, STEP};

/// The one role and the one database of the private server, which nobody else can reach.
const SUPERUSER: &str = "postgres";
const DATABASE: &str = "postgres";

/// Only names the socket: no port is opened.
const PORT: u16 = 5432;

/// The owner may be making the database or recovering it.
const JOIN_TIMEOUT: Duration = Duration::from_mins(1);

/// Replaying the log after a crash takes as long as it takes; this is for a start that hangs.
const START_TIMEOUT: Duration = Duration::from_mins(10);

/// A shutdown writes what is not yet on the disk.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a program that joined looks whether the server is still there.
const JOINED_LOOK: Duration = Duration::from_secs(1);

/// Beyond this the log is put aside at a start; one older one is kept.
const LOG_BYTES: u64 = 8 * 1024 * 1024;

/// Comments and addresses that a failing statement held must not end up in a log.
const QUIET: [(&str, &str); 2] = [("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")];

/// How a server is run. Everything but tests takes [`Settings::DURABLE`].
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// Added to the command line.
    pub parameters: &'a [(&'a str, &'a str)],
    /// Whether a new cluster is on the disk before it is used.
    pub sync: bool,
    /// A piece of shell whose end is the server's end.
    pub watch: &'a str,
}

impl Settings<'_> {
    /// Keeps what it confirmed, stops with the program.
    pub const DURABLE: Settings<'static> =
        Settings { parameters: &[], sync: true, watch: launch::WHILE_THE_PROGRAM_LIVES };
}

/// A running private Postgres. Dropping it closes the pipe its watcher listens to, so it stops by itself then;
/// [`Server::stop`] waits for that.
#[derive(Debug)]
pub struct Server {
    socket_dir: PathBuf,
    pid: u32,
    owned: Option<Owned>,
}

#[derive(Debug)]
struct Owned {
    /// A sentence about the end, once there is one.
    exit: watch::Receiver<Option<String>>,
    pipe: Option<ChildStdin>,
    /// Held until the server is gone.
    _lock: File,
}

impl Server {
    /// Starts the server of this data folder, or joins the one that another program runs there.
    pub fn start(data: &Path, bin_dir: Option<&Path>, settings: Settings<'_>) -> Result<Self, EmbeddedError> {
        let place = Place::settle(data)?;
        let lock = open_lock(&place.lock)?;
        let began = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => return own(&place, lock, bin_dir, settings),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(EmbeddedError::at(&place.lock)(error)),
            }
            if let Some(server) = Self::running_at(&place.cluster) {
                return Ok(server);
            }
            if began.elapsed() > JOIN_TIMEOUT {
                return Err(EmbeddedError::NotReady { dir: place.cluster });
            }
            std::thread::sleep(STEP);
        }
    }

    /// The server that runs on this data folder, if one does and is ready. Never starts one.
    pub fn running(data: &Path) -> Option<Self> {
        Self::running_at(&data.join("postgres").canonicalize().ok()?)
    }

    fn running_at(cluster: &Path) -> Option<Self> {
        let file = PidFile::read(cluster).filter(|file| file.ready && process::serves(cluster, file))?;
        Some(Self { socket_dir: file.socket_dir, pid: file.pid, owned: None })
    }

    /// How to connect to it.
    pub fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket_dir)
            .port(PORT)
            .username(SUPERUSER)
            .database(DATABASE)
    }

    /// Whether this program started it.
    pub fn is_owned(&self) -> bool {
        self.owned.is_some()
    }

    /// Ends when the server has ended without having been asked to, with a sentence about it.
    pub async fn ended(&self) -> String {
        let Some(owned) = &self.owned else {
            while process::exists(self.pid) {
                tokio::time::sleep(JOINED_LOOK).await;
            }
            return "The program that ran the database has stopped it.".to_owned();
        };
        let mut exit = owned.exit.clone();
        let said = exit.wait_for(Option::is_some).await.ok().and_then(|said| said.clone());
        said.unwrap_or_default()
    }

    /// Stops the server cleanly and waits for it. A server that was joined is left alone.
    pub fn stop(mut self) -> Result<(), EmbeddedError> {
        let Some(owned) = &mut self.owned else { return Ok(()) };
        if owned.exit.borrow().is_none() {
            process::signal(self.pid, Signal::INT);
        }
        drop(owned.pipe.take());
        let began = Instant::now();
        while owned.exit.borrow().is_none() {
            if began.elapsed() > STOP_TIMEOUT {
                process::signal(self.pid, Signal::QUIT);
                return Err(EmbeddedError::Stop);
            }
            std::thread::sleep(STEP);
        }
        // A folder among the temporary files is empty now; the cluster's own is not, and stays.
        let _ = std::fs::remove_dir(&self.socket_dir);
        Ok(())
    }
}

/// Everything from here on is done by the holder of the lock.
fn own(
    place: &Place,
    lock: File,
    bin_dir: Option<&Path>,
    settings: Settings<'_>,
) -> Result<Server, EmbeddedError> {
    let made_by = cluster::made_by(place)?;
    let binaries = binaries::find(bin_dir, made_by.as_deref().map(|version| (&*place.cluster, version)))?;
    if let Some(closed) = place.user.closed(&binaries.dir) {
        return Err(EmbeddedError::BinDirClosed { dir: binaries.dir, closed, uid: place.user.uid });
    }
    match made_by {
        Some(_) => process::clear(&place.cluster)?,
        None => cluster::make(place, &binaries, settings)?,
    }

    let socket_dir = place.socket_dir()?;
    let log = open_log(&place.log)?;
    let before = log.metadata().map(|log| log.len()).unwrap_or_default();
    let mut child = spawn(place, &binaries.postgres(), &socket_dir, &log, settings)?;
    wait_until_ready(place, &mut child, before)?;

    let (pid, pipe) = (child.id(), child.stdin.take());
    let (ended, exit) = watch::channel(None);
    std::thread::spawn(move || {
        let status = child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        ended.send_replace(Some(format!("The private Postgres has ended by itself ({status}).")));
    });
    Ok(Server { socket_dir, pid, owned: Some(Owned { exit, pipe, _lock: lock }) })
}

fn spawn(
    place: &Place,
    postgres: &Path,
    socket_dir: &Path,
    log: &File,
    settings: Settings<'_>,
) -> Result<Child, EmbeddedError> {
    let (cluster, socket_dir) = (place.cluster.to_string_lossy(), socket_dir.to_string_lossy());
    let fixed = [("listen_addresses", ""), ("unix_socket_permissions", "0700")];
    let parameters: Vec<String> = fixed
        .iter()
        .chain(&QUIET)
        .chain(settings.parameters)
        .map(|(name, value)| format!("--{name}={value}"))
        .collect();
    let mut arguments = vec!["-D", &*cluster, "-k", &*socket_dir, "-p", "5432"];
    arguments.extend(parameters.iter().map(String::as_str));
    launch::launch(&place.user, postgres, &arguments, log, settings.watch)
        .map_err(EmbeddedError::at(postgres))
}

/// Ready is what our own child says: without comparing the numbers, a file from before a `kill -9` says it too.
fn wait_until_ready(place: &Place, child: &mut Child, log_before: u64) -> Result<(), EmbeddedError> {
    let began = Instant::now();
    loop {
        let file = PidFile::read(&place.cluster);
        if file.is_some_and(|file| file.pid == child.id() && file.ready) {
            return Ok(());
        }
        let ended = child.try_wait().map_err(EmbeddedError::at(&place.cluster))?.is_some();
        if ended || began.elapsed() > START_TIMEOUT {
            let said = std::fs::read(&place.log).unwrap_or_default();
            let from = usize::try_from(log_before).unwrap_or_default().min(said.len());
            let said = String::from_utf8_lossy(&said[from..]).trim().to_owned();
            return Err(EmbeddedError::Start { log: place.log.clone(), said });
        }
        std::thread::sleep(STEP);
    }
}

fn open_lock(path: &Path) -> Result<File, EmbeddedError> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    lock.map_err(|error| match path.metadata() {
        Ok(found) if error.kind() == std::io::ErrorKind::PermissionDenied => EmbeddedError::OtherOwner {
            dir: path.to_owned(),
            owner: found.uid(),
            me: rustix::process::geteuid().as_raw(),
        },
        _ => EmbeddedError::at(path)(error),
    })
}

fn open_log(path: &Path) -> Result<File, EmbeddedError> {
    if path.metadata().is_ok_and(|log| log.len() > LOG_BYTES) {
        let _ = std::fs::rename(path, path.with_extension("log.old"));
    }
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    log.map_err(EmbeddedError::at(path))
}
