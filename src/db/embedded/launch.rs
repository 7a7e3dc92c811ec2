//! Starting Postgres' programs so that none outlives its reason.
//!
//! A program that is killed cannot stop its server, and what the kernel offers for it (a signal on the parent's
//! death) follows the thread and needs unsafe code. So a shell forks a small watcher and then becomes the server:
//! the shell's number is the server's. The watcher waits for the end of a pipe whose other end only this program
//! holds, and then sends SIGINT, a fast and clean shutdown.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::user::User;

/// The reason of a server that belongs to this program: the pipe on descriptor 3 is open.
pub(super) const WHILE_THE_PROGRAM_LIVES: &str = "cat <&3";

/// * The watcher is forked twice, so that Postgres never sees it as a child of its own.
/// * It ignores signals: those of a terminal or of a service manager go to its whole group.
/// * It repeats SIGINT, because the first may come before Postgres listens to it, and gives up after 30 s, when
///   the shutdown is long under way.
/// * `$$` is the shell's number also within a subshell.
/// * The standard input becomes descriptor 3 because a shell takes it away from what it runs in the background.
const SCRIPT: &str = r#"
exec 3<&0 </dev/null
( (
    trap '' HUP INT TERM QUIT
    exec >/dev/null 2>&1
    eval "$WATCH"
    n=0
    while [ $n -lt 300 ] && kill -INT $$; do sleep 0.1; n=$((n+1)); done
) & )
unset WATCH
exec 3<&-
exec "$@"
"#;

/// Runs a program of Postgres as `user` in a process group of its own, so that Ctrl-C does not reach it before
/// this program has finished with it. It stops when `watch`, a line of shell, ends.
pub(super) fn launch(
    user: &User,
    program: &Path,
    arguments: &[&str],
    log: &File,
    watch: &str,
) -> std::io::Result<Child> {
    let mut command = Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(SCRIPT)
        .arg("sh")
        .arg(program)
        .args(arguments)
        // The folder of this program may be closed to that user, and Postgres asks where it is.
        .current_dir("/")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
        .env("LC_ALL", "C")
        .env("WATCH", watch)
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?)
        .process_group(0);
    if let Some(zone) = std::env::var_os("TZ") {
        command.env("TZ", zone);
    }
    user.run(&mut command).spawn()
}
