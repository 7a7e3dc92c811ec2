//! Odd places for a data folder: long paths, odd names, folders closed to others, and folders that hold
//! something else.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use rustix::process::Signal;

use crate::site::{Site, finished};

#[tokio::test]
async fn a_path_too_long_for_a_socket_works() {
    let site = Site::below(&"a-long-name/".repeat(12));
    let mut first = site.serve();
    let socket_dir = site.server().options().get_socket().unwrap().clone();
    assert!(!socket_dir.starts_with(&site.data));
    let found = socket_dir.metadata().unwrap();
    assert_eq!(found.mode() & 0o777, 0o700, "others could connect");
    assert_eq!(found.uid(), site.cluster().metadata().unwrap().uid());
    site.execute("create table kept (word text); insert into kept values ('here')").await;

    first.kill();
    site.wait_until_nothing_runs();
    let mut again = site.serve();
    assert_eq!(site.ask("select word from kept").await, "here");
    again.signal(Signal::TERM);
    again.wait();
    assert!(!socket_dir.exists());
}

#[test]
fn a_path_with_odd_letters_works() {
    let site = Site::below(r#"it's, "odd"; $HOME ü"#);
    site.serve();
    site.wait_until_nothing_runs();
    let (code, said) = site.run(&["migrate"]);
    assert_eq!(code, Some(0), "{said}");
}

#[tokio::test]
async fn a_data_folder_below_a_closed_folder_works() {
    let site = Site::below("closed");
    let closed = site.data.parent().unwrap();
    fs::set_permissions(closed, Permissions::from_mode(0o700)).unwrap();
    {
        let _program = site.serve();
        site.execute("create table kept (word text); insert into kept values ('here')").await;
    }
    site.wait_until_nothing_runs();
    // Only root's Postgres, which is another user, has to go elsewhere.
    let elsewhere = site.cluster().read_link();
    assert_eq!(elsewhere.is_ok(), rustix::process::geteuid().is_root());
    assert!(elsewhere.is_ok_and(|there| there.starts_with("/var/lib/broadsheet")) || site.cluster().is_dir());

    // Opened later, it must still find the database where it is.
    fs::set_permissions(closed, Permissions::from_mode(0o755)).unwrap();
    let _program = site.serve();
    assert_eq!(site.ask("select word from kept").await, "here");
}

#[test]
fn a_database_that_was_closed_off_later_is_not_replaced_by_an_empty_one() {
    let site = Site::made();
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let closed = site.data.parent().unwrap();
    fs::set_permissions(closed, Permissions::from_mode(0o700)).unwrap();
    let (code, said) = site.run(&["migrate"]);
    assert_eq!(code, Some(1));
    assert!(said.contains(&format!("chmod o+x {}", closed.display())), "{said}");
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let site = Site::new();
    fs::create_dir_all(site.cluster()).unwrap();
    fs::set_permissions(&site.data, Permissions::from_mode(0o755)).unwrap();
    give_away(&site.cluster());
    fs::write(site.cluster().join("letters.txt"), "mine").unwrap();
    let (code, said) = site.run(&["migrate"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("holds no Postgres database"), "{said}");
    assert_eq!(fs::read_to_string(site.cluster().join("letters.txt")).unwrap(), "mine");
}

#[test]
fn a_database_of_another_major_version_is_refused_with_both_versions() {
    let site = Site::made();
    fs::write(site.cluster().join("PG_VERSION"), "9\n").unwrap();
    let (code, said) = site.run(&["migrate"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("was made by Postgres 9, but the programs found are Postgres"), "{said}");
}

#[test]
fn a_relative_data_folder_works() {
    let site = Site::new();
    let mut command = site.command(&["migrate", "--data", "data"]);
    let (code, said) = finished(command.current_dir(site.data.parent().unwrap()));
    assert_eq!(code, Some(0), "{said}");
    assert!(site.cluster().join("PG_VERSION").exists());
}

fn give_away(dir: &Path) {
    if rustix::process::geteuid().is_root() {
        let mut command = std::process::Command::new("chown");
        let owner = if std::process::Command::new("id").arg("postgres").output().unwrap().status.success() {
            "postgres"
        } else {
            "nobody"
        };
        assert!(command.arg(owner).arg(dir).status().unwrap().success());
    }
}
