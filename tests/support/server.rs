//! The Postgres that all tests of all binaries share. Whoever comes first starts it, without any regard for power
//! cuts; a keeper stops it when no test process is left, whatever became of them. Tests that start servers of
//! their own find them in `tests/embedded.rs`.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use broadsheet::db::embedded::{Server, Settings};
use sqlx::postgres::PgConnectOptions;

/// Speed before all; `broadsheet.throwaway` tells the program that it is meant.
const PARAMETERS: [(&str, &str); 12] = [
    ("broadsheet.throwaway", "on"),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("autovacuum", "off"),
    ("max_connections", "300"),
    ("shared_buffers", "64MB"),
    ("max_wal_size", "4GB"),
    ("checkpoint_timeout", "1h"),
    ("log_checkpoints", "off"),
];

/// Ends when for five seconds no process that has its number in the folder was alive. It looks last and ends at
/// once: whoever came in while it slept would join a server that is about to stop.
const KEEPER: &str = r#"
idle=0
while [ $idle -lt 5 ]; do
    sleep 1
    idle=$((idle+1))
    for user in "USERS"/*; do
        user=${user##*/}
        if [ -d "/proc/$user" ] || ps -p "$user"; then idle=0; fi
    done
done
"#;

/// Whether the tests use a server that is not theirs.
pub fn is_foreign() -> bool {
    foreign().is_some()
}

/// How to connect to the server's own database, from which others are made.
pub async fn options() -> PgConnectOptions {
    static OPTIONS: OnceLock<PgConnectOptions> = OnceLock::new();
    if let Some(url) = foreign() {
        return PgConnectOptions::from_str(&url).expect("TEST_DATABASE_URL is an address of Postgres");
    }
    tokio::task::spawn_blocking(|| OPTIONS.get_or_init(start_or_join).clone()).await.unwrap()
}

pub fn url(options: &PgConnectOptions) -> String {
    if let Some(url) = foreign() {
        let mut url = url::Url::parse(&url).unwrap();
        url.set_path(options.get_database().unwrap());
        // It may be run without fsync, which the program refuses unless it is told that nothing matters there.
        url.query_pairs_mut().append_pair("options[broadsheet.throwaway]", "on");
        return url.to_string();
    }
    let mut url = url::Url::parse("postgres://localhost").unwrap();
    url.set_username(options.get_username()).unwrap();
    url.set_path(options.get_database().unwrap());
    url.query_pairs_mut().append_pair("host", options.get_socket().unwrap().to_str().unwrap());
    url.to_string()
}

fn foreign() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

fn start_or_join() -> PgConnectOptions {
    let home = home();
    fs::create_dir_all(&home).unwrap();
    let turn = File::create(home.join("turn.lock")).unwrap();
    turn.lock().unwrap();

    let users = home.join("users");
    register(&users);
    if let Some(server) = Server::running(&home) {
        return server.options();
    }
    discard(&home);
    let watch = KEEPER.replace("USERS", users.to_str().unwrap());
    let settings = Settings { parameters: &PARAMETERS, sync: false, watch: &watch };
    let server = Server::start(&home, None, settings).expect("the tests need Postgres");
    let options = server.options();
    // It is stopped by its keeper, not by this process.
    std::mem::forget(server);
    options
}

/// The folder for such things, unless root's Postgres, which is not root, cannot get there.
fn home() -> PathBuf {
    let usual = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let open = usual.ancestors().all(|dir| dir.metadata().is_ok_and(|data| data.mode() & 0o001 != 0));
    if open || !rustix::process::geteuid().is_root() {
        return usual.join("pg");
    }
    let name: String = usual.to_str().unwrap().chars().map(|c| if c == '/' { '-' } else { c }).collect();
    std::env::temp_dir().join(format!("broadsheet-tests{name}"))
}

/// Keeps the server alive as long as this process is, and forgets those that are gone.
fn register(users: &Path) {
    fs::create_dir_all(users).unwrap();
    // The keeper is another user when this process is root.
    for dir in [users, users.parent().unwrap()] {
        fs::set_permissions(dir, Permissions::from_mode(0o755)).unwrap();
    }
    for entry in fs::read_dir(users).unwrap().flatten() {
        let pid = entry.file_name().to_str().and_then(|name| name.parse().ok());
        let pid = pid.and_then(rustix::process::Pid::from_raw);
        if pid.is_none_or(|pid| rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH)) {
            let _ = fs::remove_file(entry.path());
        }
    }
    fs::write(users.join(process::id().to_string()), "").unwrap();
}

/// Moves aside before it removes: the server of an earlier run may still be writing there for a moment.
fn discard(home: &Path) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let _ = fs::rename(home.join("postgres"), home.join(format!("old-{now}")));
    let _ = fs::remove_file(home.join("postgres.log"));
    for entry in fs::read_dir(home).unwrap().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with("old-")) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
