//! A program that ends with the tests, however they end, and takes what it started and its folder with it.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// For anything that has to happen before a test can go on, on a machine that does much else.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Waits for the end of its input, which comes with the end of this process. Browsers leave the process group,
/// so everything that names the folder on its command line is ended too; while it dies it may still write.
const KEEP: &str = r#"
trap : TERM
("$@"; echo "It has ended with $?.") &
read -r _
kill 0
wait
for turn in 1 2 3 4 5 6 7 8 9; do
    for place in /proc/[0-9]*; do
        if [ "$place" = /proc/$$ ]; then continue; fi
        if grep -qsF "$KEPT_FOLDER" "$place/cmdline"; then kill -9 "${place#/proc/}"; fi
    done
    if rm -rf "$KEPT_FOLDER"; then exit; fi
    sleep 1
done
"#;

pub struct Keeper {
    pub folder: PathBuf,
    process: Child,
}

/// A new folder, for a program and all it writes.
pub fn folder() -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("broadsheet-browser-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

impl Keeper {
    /// Its words go into `log` in the folder.
    pub fn start(folder: PathBuf, program: &Path, change: impl FnOnce(&mut Command)) -> Self {
        let log = File::create(folder.join("log")).unwrap();
        let mut command = Command::new("sh");
        change(command.args(["-c", KEEP, "keeper"]).arg(program));
        let process = command
            .env("KEPT_FOLDER", &folder)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap();
        Self { folder, process }
    }

    /// The port that follows these words in what the program says, as long as it is patient.
    pub fn port(&self, words: &str, patience: Duration) -> u16 {
        let started = Instant::now();
        loop {
            let log = fs::read_to_string(self.folder.join("log")).unwrap();
            let found = log.split_once(words).map(|(_, rest)| {
                let digits = rest.find(|c: char| !c.is_ascii_digit()).map(|end| &rest[..end]);
                digits.and_then(|digits| digits.parse().ok())
            });
            if let Some(Some(port)) = found {
                return port;
            }
            assert!(!log.contains("It has ended with "), "{log}");
            assert!(started.elapsed() < patience, "it did not start: {log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
