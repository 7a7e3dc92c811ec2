//! Instances of the program over one database, as a service manager runs them.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::support::{scratch::Scratch, server};

/// Nothing here takes nearly as long; a busy machine may.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Not started yet.
pub struct Plan {
    pub command: Command,
    folder: PathBuf,
}

impl Plan {
    /// The shell's own number is the program's: `$$` in `before` is what the program will see as its own.
    pub fn new(db: &Scratch, role: &str, before: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("broadsheet-instance-{}-{count}", std::process::id()));
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("{before}\nexec \"$0\" serve --role {role}")])
            .arg(env!("CARGO_BIN_EXE_broadsheet"))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("DATABASE_URL", server::url(&db.options))
            .env("BROADSHEET_DATA", &folder)
            .env("BROADSHEET_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        Self { command, folder }
    }

    /// Starts it and waits until it says where it listens.
    pub fn start(mut self) -> Instance {
        let mut child = self.command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Broadsheet listens on http://").expect(&line);
        Instance { address: address.parse().unwrap(), child, folder: self.folder }
    }
}

/// Killed when the test forgets it.
pub struct Instance {
    pub address: SocketAddr,
    child: Child,
    folder: PathBuf,
}

impl Instance {
    pub fn start(db: &Scratch, role: &str) -> Self {
        Plan::new(db, role, "").start()
    }

    /// Told to stop, it ends by itself.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "the instance does not end");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    pub async fn status(&self, path: &str) -> u16 {
        status(self.address, path).await.unwrap()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// One request on a connection of its own, read to the end of its answer.
pub async fn status(address: SocketAddr, path: &str) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(address).await?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Reader\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let head = String::from_utf8_lossy(&answer[..answer.len().min(12)]).into_owned();
    head.strip_prefix("HTTP/1.1 ").and_then(|status| status.parse().ok()).ok_or_else(|| {
        std::io::Error::new(std::io::ErrorKind::UnexpectedEof, format!("no answer but {head:?}"))
    })
}
