//! What a service manager hands over, and what it is told.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::Stdio;

use rustix::process::Signal;

use super::program::{PATIENCE, Plan, status};
use super::support::scratch::{self, Scratch};

/// Hands the socket over as the manager does: as the descriptor 3, meant for this very process.
fn plan_on(db: &Scratch, listener: &TcpListener) -> Plan {
    let hand_over = "exec 3<&0 </dev/null; export LISTEN_FDS=1 LISTEN_PID=$$";
    let mut plan = Plan::new(db, "all", hand_over);
    plan.command.stdin(Stdio::from(OwnedFd::from(listener.try_clone().unwrap())));
    plan
}

#[tokio::test]
async fn a_socket_that_is_handed_over_is_the_one_that_is_listened_on() {
    let db = scratch::database().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let instance = plan_on(&db, &listener).start();
    assert_eq!(instance.address, listener.local_addr().unwrap());
    assert_eq!(instance.status("/").await, 200);
}

#[tokio::test]
async fn who_calls_between_two_instances_waits_and_is_answered() {
    let db = scratch::database().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut first = plan_on(&db, &listener).start();
    assert_eq!(first.status("/").await, 200);
    assert!(first.stop().success());

    let caller = tokio::spawn(async move { status(address, "/").await.unwrap() });
    tokio::task::yield_now().await;
    let second = plan_on(&db, &listener);
    let _second = tokio::task::spawn_blocking(move || second.start()).await.unwrap();
    assert_eq!(caller.await.unwrap(), 200);
}

#[tokio::test]
async fn the_manager_hears_that_it_is_ready_alive_and_stopping() {
    let db = scratch::database().await;
    let path = std::env::temp_dir().join(format!("broadsheet-notify-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let heard = || {
        let mut said = [0; 256];
        let length = socket.recv(&mut said).unwrap();
        String::from_utf8_lossy(&said[..length]).trim().to_owned()
    };

    let mut plan = Plan::new(&db, "all", "export WATCHDOG_PID=$$");
    plan.command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "100000");
    let mut instance = plan.start();
    let mut said = vec![heard(), heard(), heard()];
    said.sort();
    assert_eq!(said, ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]);
    instance.signal(Signal::TERM);
    while heard() != "STOPPING=1" {}
    assert!(instance.stop().success());
    std::fs::remove_file(&path).unwrap();
}
