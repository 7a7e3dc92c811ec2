//! Ending: asked to, killed, at the wrong moment, and with the server dying first.

use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use crate::site::{Site, is_alive, send, wait_until};

#[test]
fn a_signal_stops_the_program_and_its_server_cleanly() {
    let site = Site::made();
    for signal in [Signal::TERM, Signal::INT] {
        let mut program = site.serve();
        let postmaster = site.postmaster();
        program.signal(signal);
        assert_eq!(program.wait().code(), Some(0), "{signal:?}");
        assert!(!is_alive(postmaster));
        assert!(!site.cluster().join("postmaster.pid").exists());
    }
    site.wait_until_nothing_runs();
}

#[tokio::test]
async fn a_killed_program_leaves_no_server_and_loses_nothing() {
    let site = Site::made();
    let mut program = site.serve();
    site.execute("create table kept (word text); insert into kept values ('here')").await;
    program.kill();
    site.wait_until_nothing_runs();

    let _program = site.serve();
    assert_eq!(site.ask("select word from kept").await, "here");
}

#[test]
fn killed_at_any_moment_of_a_start_it_leaves_no_server() {
    let site = Site::made();
    for moment in 0..12 {
        let mut program = site.begin();
        // Not a decider: each moment must be as good as any other.
        std::thread::sleep(Duration::from_millis(moment * 7));
        program.kill();
        site.wait_until_nothing_runs();
    }
    site.serve();
}

#[test]
fn an_interrupt_at_any_moment_of_a_start_leaves_no_server() {
    let site = Site::made();
    for moment in 0..8 {
        let mut program = site.begin();
        std::thread::sleep(Duration::from_millis(moment * 9));
        program.signal(Signal::INT);
        program.wait();
        site.wait_until_nothing_runs();
    }
    site.serve();
}

#[test]
fn killed_while_the_database_is_made_the_next_start_makes_it_anew() {
    let site = Site::new();
    let unfinished = || {
        let entries = fs::read_dir(&site.data).into_iter().flatten().flatten();
        entries.filter(|entry| entry.file_name().to_str().unwrap().starts_with("postgres.new-")).count()
    };
    let mut program = site.begin();
    wait_until("initdb has begun", || unfinished() > 0);
    program.kill();
    assert!(!site.cluster().exists());
    site.wait_until_nothing_runs();

    site.serve();
    assert!(site.cluster().join("PG_VERSION").exists());
    assert_eq!(unfinished(), 0);
}

#[test]
fn when_the_server_dies_the_program_says_so_and_ends() {
    let site = Site::made();
    let mut program = site.serve();
    send(site.postmaster(), Signal::KILL);
    assert_eq!(program.wait().code(), Some(1));
    let said = program.said();
    assert!(said.contains("The private Postgres has ended by itself"), "{said}");
}

#[tokio::test]
async fn a_killed_server_recovers_at_the_next_start() {
    let site = Site::made();
    let mut program = site.serve();
    site.execute("create table kept (word text); insert into kept values ('here')").await;
    send(site.postmaster(), Signal::KILL);
    program.wait();
    assert!(site.cluster().join("postmaster.pid").exists(), "the test needs a stale file");

    let _program = site.serve();
    assert_eq!(site.ask("select word from kept").await, "here");
}
