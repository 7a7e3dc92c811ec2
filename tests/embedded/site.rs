//! A data folder of one test, and programs that run on it.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use broadsheet::db::embedded::{Server, Settings};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection, PgConnection};

/// Nothing here takes nearly as long; a busy machine may.
const PATIENCE: Duration = Duration::from_mins(1);

/// As the program does it, but for the waiting for the disk.
pub const QUICK: Settings<'static> = Settings { sync: false, ..Settings::DURABLE };

pub struct Site {
    root: PathBuf,
    pub data: PathBuf,
}

impl Site {
    /// A folder in which nothing has been made yet.
    pub fn new() -> Self {
        Self::below("")
    }

    /// The data folder lies `inner` deep in the test's own folder.
    pub fn below(inner: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("broadsheet-embedded-{}-{count}", std::process::id()));
        let above = root.join(inner);
        fs::create_dir_all(&above).unwrap();
        for dir in above.ancestors().take_while(|dir| dir.starts_with(&root)) {
            fs::set_permissions(dir, Permissions::from_mode(0o755)).unwrap();
        }
        Self { root, data: above.join("data") }
    }

    /// A folder with a database in it, and nothing running.
    pub fn made() -> Self {
        let site = Self::new();
        Server::start(&site.data, None, QUICK).unwrap().stop().unwrap();
        site
    }

    pub fn cluster(&self) -> PathBuf {
        self.data.join("postgres")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_broadsheet"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("TMPDIR", std::env::temp_dir())
            .env("BROADSHEET_DATA", &self.data)
            .env("BROADSHEET_LISTEN", "127.0.0.1:0");
        command
    }

    /// Starts the site without waiting for anything.
    pub fn begin(&self) -> Program {
        let mut command = self.command(&["serve"]);
        // Its own group, as from a shell.
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        Program { child: command.spawn().unwrap() }
    }

    /// Starts the site and waits until it says where it listens.
    pub fn serve(&self) -> Program {
        let mut program = self.begin();
        program.wait_until_it_listens();
        program
    }

    /// Runs a command to its end: exit code, and everything it said.
    pub fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        finished(&mut self.command(arguments))
    }

    pub fn server(&self) -> Server {
        Server::running(&self.data).expect("a server runs")
    }

    /// The postmaster's number, as the file has it.
    pub fn postmaster(&self) -> u32 {
        let file = fs::read_to_string(self.cluster().join("postmaster.pid")).unwrap();
        file.lines().next().unwrap().parse().unwrap()
    }

    /// What is not a zombie and works in the cluster.
    pub fn processes(&self) -> Vec<u32> {
        let cluster = self.cluster().canonicalize().unwrap_or_else(|_| self.cluster());
        let said = Command::new("ps").args(["-A", "-o", "pid=,stat=,args="]).output().unwrap();
        String::from_utf8_lossy(&said.stdout)
            .lines()
            .filter(|line| {
                line.contains(cluster.to_str().unwrap()) || line.contains(self.data.to_str().unwrap())
            })
            .filter(|line| !line.split_whitespace().nth(1).unwrap().starts_with('Z'))
            .map(|line| line.split_whitespace().next().unwrap().parse().unwrap())
            .collect()
    }

    pub fn wait_until_nothing_runs(&self) {
        wait_until("nothing of Postgres runs any more", || self.processes().is_empty());
    }

    /// One value, as text.
    pub async fn ask(&self, query: &'static str) -> String {
        let mut connection = PgConnection::connect_with(&self.server().options()).await.unwrap();
        let answer = sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        answer
    }

    pub async fn execute(&self, statement: &'static str) {
        let mut connection = PgConnection::connect_with(&self.server().options()).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Ok(elsewhere) = self.cluster().read_link() {
            let _ = fs::remove_dir_all(elsewhere.parent().unwrap());
        }
        // A server that is just ending may write once more.
        for _ in 0..50 {
            if fs::remove_dir_all(&self.root).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// A site that runs. Killed when the test forgets it.
pub struct Program {
    child: Child,
}

impl Program {
    pub fn wait_until_it_listens(&mut self) {
        let mut line = String::new();
        BufReader::new(self.child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("Broadsheet listens on http://127.0.0.1:"), "{line}{}", self.said());
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        send(self.child.id(), signal);
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn wait(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "the program does not end");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What it wrote to its log, once it has ended.
    pub fn said(&mut self) -> String {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn finished(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

pub fn send(pid: u32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal);
}

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A process is there and is no zombie.
pub fn is_alive(pid: u32) -> bool {
    let said = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
    let state = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

/// Makes a command run as whoever owns the folder, which only root can and must.
pub fn as_owner_of(dir: &Path, command: &mut Command) {
    if rustix::process::geteuid().is_root() {
        let owner = dir.metadata().unwrap();
        command.uid(owner.uid()).gid(owner.gid());
    }
}
