//! What runs on a cluster, and what its `postmaster.pid` says. A file alone proves nothing: after a `kill -9` it
//! still says "ready", and the number in it may belong to a zombie or to quite another program by now.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::EmbeddedError;

/// How often files and processes are looked at while something is waited for.
pub(super) const STEP: Duration = Duration::from_millis(5);

/// A server whose program was killed gets this long to write its last checkpoint.
const OCCUPIED: Duration = Duration::from_mins(1);

/// A server whose program was killed is ended by its own watcher within a blink; after this it is asked again.
const WATCHER: Duration = Duration::from_secs(2);

/// The lines of `postmaster.pid` that matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub pid: u32,
    pub socket_dir: PathBuf,
    pub ready: bool,
}

impl PidFile {
    pub fn read(cluster: &Path) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?)
    }

    /// Line 1 is the process, 5 the first socket folder, 8 the status.
    fn parse(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        Some(Self {
            pid: lines.first()?.trim().parse().ok().filter(|pid| *pid > 0)?,
            socket_dir: PathBuf::from(lines.get(4).copied().unwrap_or_default()),
            ready: lines.get(7).is_some_and(|status| status.trim() == "ready"),
        })
    }
}

/// Whether a process of that number exists. It may be a zombie, or belong to somebody else.
pub(super) fn exists(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM)))
}

pub(super) fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // It may have gone meanwhile, which is what was wanted.
        let _ = kill_process(pid, signal);
    }
}

/// Whether the server that the file names really runs on this cluster.
pub(super) fn serves(cluster: &Path, file: &PidFile) -> bool {
    match living(cluster) {
        Some(pids) => pids.contains(&file.pid),
        None => exists(file.pid),
    }
}

/// The processes of Postgres that work in this cluster: each has it as its working folder. Zombies have none.
/// `None` where there is no /proc to ask.
fn living(cluster: &Path) -> Option<Vec<u32>> {
    if !Path::new("/proc/self/cwd").exists() {
        return None;
    }
    let entries = std::fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    Some(pids.filter(|pid| works_in(*pid, cluster)).collect())
}

fn works_in(pid: u32, cluster: &Path) -> bool {
    let link = |name: &str| std::fs::read_link(format!("/proc/{pid}/{name}")).ok();
    // "postgres (deleted)" after an upgrade under a running server.
    let is_postgres = || {
        link("exe").and_then(|exe| Some(exe.file_name()?.to_str()?.starts_with("postgres"))).unwrap_or(false)
    };
    link("cwd").is_some_and(|cwd| cwd == cluster) && is_postgres()
}

/// Sees to it that nothing runs on the cluster. Only for the holder of the lock: nobody else starts a server
/// there, so whatever runs is left over from a program that was killed.
pub(super) fn clear(cluster: &Path) -> Result<(), EmbeddedError> {
    let began = Instant::now();
    let mut asked = false;
    while let Some(pid) = occupant(cluster) {
        if began.elapsed() > OCCUPIED {
            return Err(EmbeddedError::Occupied { dir: cluster.to_owned(), pid });
        }
        if began.elapsed() > WATCHER && !asked {
            tracing::warn!("A Postgres from before (process {pid}) still runs; it is stopped first.");
            signal(pid, Signal::INT);
            asked = true;
        }
        std::thread::sleep(STEP);
    }
    remove_stale(cluster)
}

/// The postmaster if there is one, else any process that outlived it.
fn occupant(cluster: &Path) -> Option<u32> {
    let file = PidFile::read(cluster);
    match living(cluster) {
        Some(pids) => file.map(|file| file.pid).filter(|pid| pids.contains(pid)).or(pids.first().copied()),
        None => file.map(|file| file.pid).filter(|pid| exists(*pid)),
    }
}

/// Postgres itself gets over a file whose process is gone. It does not when the number lives on as a zombie (in a
/// container whose first process does not reap) or as another program: then the file is taken away, after it is
/// certain that nothing of Postgres works here.
fn remove_stale(cluster: &Path) -> Result<(), EmbeddedError> {
    let file = cluster.join("postmaster.pid");
    let Some(pid) = PidFile::read(cluster).map(|file| file.pid) else { return Ok(()) };
    if exists(pid) && living(cluster).is_some_and(|pids| pids.is_empty()) {
        std::fs::remove_file(&file).map_err(EmbeddedError::at(&file))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_pid_file_is_read_by_its_lines() {
        let text = "4711\n/srv/postgres\n1764000000\n5432\n/srv/postgres\n\n  4195331     32771\nready   \n";
        let file = PidFile::parse(text).unwrap();
        assert_eq!(file, PidFile { pid: 4711, socket_dir: PathBuf::from("/srv/postgres"), ready: true });
        assert!(!PidFile::parse(&text.replace("ready   ", "starting")).unwrap().ready);
        assert!(!PidFile::parse("4711\n").unwrap().ready);
        assert_eq!(PidFile::parse("0\n"), None);
        assert_eq!(PidFile::parse(""), None);
    }

    #[test]
    fn a_process_that_is_not_postgres_is_not_taken_for_it() {
        let here = std::env::current_dir().unwrap();
        assert!(!works_in(std::process::id(), &here));
        assert!(exists(std::process::id()));
    }
}
