//! Starting: the first time, again, twice at once, and on what an earlier run left behind.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::{Command, Stdio};

use broadsheet::db::embedded::{Server, Settings};
use rustix::process::{Pid, Signal, getpgid};

use crate::site::{QUICK, Site, as_owner_of, is_alive, wait_until};

#[tokio::test]
async fn the_first_start_makes_a_durable_database_that_only_a_socket_leads_to() {
    let site = Site::new();
    let _program = site.serve();
    for (setting, value) in [
        ("show fsync", "on"),
        ("show full_page_writes", "on"),
        ("show synchronous_commit", "on"),
        ("show data_checksums", "on"),
        ("show listen_addresses", ""),
        ("show server_encoding", "UTF8"),
        ("select lower('ÄÖЖ')", "äöж"),
    ] {
        assert_eq!(site.ask(setting).await, value, "{setting}");
    }
    let socket = site.cluster().join(".s.PGSQL.5432").symlink_metadata().unwrap();
    assert_eq!(socket.mode() & 0o777, 0o700);
    assert_eq!(site.cluster().metadata().unwrap().mode() & 0o777, 0o700);
}

#[test]
fn postgres_never_runs_as_root() {
    let site = Site::new();
    let _program = site.serve();
    let said =
        Command::new("ps").args(["-o", "uid=", "-p", &site.postmaster().to_string()]).output().unwrap();
    let uid: u32 = String::from_utf8_lossy(&said.stdout).trim().parse().unwrap();
    assert_ne!(uid, 0);
    assert_eq!(site.cluster().metadata().unwrap().uid(), uid);
    let me = rustix::process::geteuid();
    assert!(me.is_root() || me.as_raw() == uid);
}

#[test]
fn the_server_has_a_process_group_of_its_own() {
    let site = Site::made();
    let program = site.serve();
    let group = |pid: u32| getpgid(Pid::from_raw(i32::try_from(pid).unwrap())).unwrap();
    assert_ne!(group(program.pid()), group(site.postmaster()), "Ctrl-C would reach both at once");
}

#[test]
fn a_command_beside_the_site_uses_its_server() {
    let site = Site::made();
    let mut program = site.serve();
    let postmaster = site.postmaster();
    let (code, said) = site.run(&["migrate"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.postmaster(), postmaster);
    assert!(is_alive(postmaster));

    program.signal(Signal::TERM);
    assert!(program.wait().success());
}

#[test]
fn a_second_site_joins_and_ends_with_the_first() {
    let site = Site::made();
    let mut first = site.serve();
    let mut second = site.serve();
    let mut third = site.serve();
    let postmaster = site.postmaster();

    second.signal(Signal::TERM);
    assert!(second.wait().success());
    assert!(is_alive(postmaster), "a guest has stopped the server");

    first.signal(Signal::TERM);
    assert!(first.wait().success());
    assert_eq!(third.wait().code(), Some(1));
    assert!(third.said().contains("The program that ran the database has stopped it."));
}

#[test]
fn two_programs_on_an_empty_folder_make_one_database() {
    let site = Site::new();
    let (mut first, mut second) = (site.begin(), site.begin());
    first.wait_until_it_listens();
    second.wait_until_it_listens();
    let servers = fs::read_to_string(site.data.join("postgres.log")).unwrap();
    assert_eq!(servers.matches("database system is ready to accept connections").count(), 1, "{servers}");
}

#[test]
fn a_pid_file_of_a_dead_server_is_not_believed() {
    let site = Site::made();
    let mut gone = Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    leave_pid_file(&site, gone.id());
    assert!(Server::running(&site.data).is_none());
    let _program = site.serve();
    assert_ne!(site.postmaster(), gone.id());
}

#[test]
fn a_pid_file_whose_number_went_to_another_program_is_not_believed() {
    let site = Site::made();
    // It ends by itself when this test does: its pipe closes.
    let mut other = Command::new("cat");
    as_owner_of(&site.cluster(), other.stdin(Stdio::piped()).stdout(Stdio::null()));
    let mut other = other.spawn().unwrap();
    leave_pid_file(&site, other.id());
    assert!(Server::running(&site.data).is_none());
    {
        let _program = site.serve();
        assert_ne!(site.postmaster(), other.id());
    }
    assert!(other.try_wait().unwrap().is_none(), "the other program was stopped");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_pid_file_of_a_zombie_is_not_believed() {
    let site = Site::made();
    let mut zombie = Command::new("true");
    as_owner_of(&site.cluster(), &mut zombie);
    // Dead, but not yet waited for.
    let mut zombie = zombie.spawn().unwrap();
    wait_until("it is a zombie", || !is_alive(zombie.id()));
    leave_pid_file(&site, zombie.id());
    let _program = site.serve();
    assert_ne!(site.postmaster(), zombie.id());
    zombie.wait().unwrap();
}

#[tokio::test]
async fn a_server_that_lost_program_and_watcher_is_ended_safely() {
    let site = Site::made();
    let forgotten = Settings { watch: "while kill -0 $$; do sleep 0.1; done", ..QUICK };
    let data = site.data.clone();
    // Dropped, which closes the lock and the pipe: but nobody listens to the pipe.
    drop(Server::start(&data, None, forgotten).unwrap());
    let orphan = site.postmaster();
    site.execute("create table kept (word text); insert into kept values ('here')").await;

    let _program = site.serve();
    assert_ne!(site.postmaster(), orphan);
    assert!(!is_alive(orphan));
    assert_eq!(site.ask("select word from kept").await, "here");
    let log = fs::read_to_string(site.data.join("postgres.log")).unwrap();
    assert!(!log.contains("was not properly shut down"), "{log}");
}

#[test]
fn a_log_that_has_grown_is_put_aside() {
    let site = Site::made();
    let log = site.data.join("postgres.log");
    fs::write(&log, "x".repeat(9 * 1024 * 1024)).unwrap();
    Server::start(&site.data, None, QUICK).unwrap().stop().unwrap();
    assert!(log.metadata().unwrap().len() < 1024 * 1024);
    assert_eq!(log.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(site.data.join("postgres.log.old").exists());
}

/// As a server leaves it that was killed when it was ready.
fn leave_pid_file(site: &Site, pid: u32) {
    let cluster = site.cluster();
    let dir = cluster.display();
    let text = format!("{pid}\n{dir}\n1764000000\n5432\n{dir}\n\n  4195331     32771\nready   \n");
    let file = cluster.join("postmaster.pid");
    fs::write(&file, text).unwrap();
    let owner = cluster.metadata().unwrap();
    std::os::unix::fs::chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
}
