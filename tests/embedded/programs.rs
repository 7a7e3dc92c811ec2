//! The programs of Postgres: missing, elsewhere; and servers that must not be used.

use std::process::Command;

use broadsheet::db::embedded::{Server, Settings};

use crate::site::{QUICK, Site, finished};

/// Hides every installed Postgres from the command that follows, in a mount namespace of its own.
const HIDE: &str = r#"
for dir in /usr/lib/postgresql /usr/pgsql-* /usr/local/pgsql; do
    if [ -d "$dir" ]; then mount -t tmpfs none "$dir" || exit 99; fi
done
PATH=/usr/bin:/bin exec "$@"
"#;

#[test]
fn without_any_postgres_the_program_says_what_to_do_and_exits_with_2() {
    let site = Site::new();
    let (code, said) = hidden(&site);
    if code == Some(99) || said.starts_with("unshare") {
        eprintln!("this machine lets nobody hide its Postgres; see the test of PG_BIN_DIR");
        return;
    }
    assert_eq!(code, Some(2), "{said}");
    for way_out in ["apt install postgresql", "PG_BIN_DIR", "DATABASE_URL=", "docker compose up"] {
        assert!(said.contains(way_out), "{said}");
    }
    assert!(said.contains("/usr/lib/postgresql/*/bin"), "it does not say where it looked: {said}");
}

fn hidden(site: &Site) -> (Option<i32>, String) {
    let wanted = site.command(&["serve"]);
    let mut command = Command::new("unshare");
    let namespaces: &[&str] = if rustix::process::geteuid().is_root() { &["-m"] } else { &["-r", "-m"] };
    command.args(namespaces).args(["sh", "-c", HIDE, "sh"]).arg(wanted.get_program()).args(wanted.get_args());
    command.env_clear().envs(wanted.get_envs().filter_map(|(name, value)| Some((name, value?))));
    finished(&mut command)
}

#[test]
fn a_pg_bin_dir_without_the_programs_is_named_and_exits_with_2() {
    let site = Site::new();
    let (code, said) = site.run(&["serve", "--pg-bin-dir", "/nowhere/bin"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("PG_BIN_DIR names /nowhere/bin"), "{said}");
}

#[test]
fn a_server_that_may_forget_what_it_confirmed_is_refused() {
    let site = Site::new();
    let settings = Settings { parameters: &[("fsync", "off")], ..QUICK };
    let server = Server::start(&site.data, None, settings).unwrap();
    let socket_dir = site.cluster();
    let url = format!("postgres://postgres@localhost/postgres?host={}", socket_dir.display());
    let (code, said) = finished(site.command(&["migrate"]).env("DATABASE_URL", url));
    assert_eq!(code, Some(1));
    assert!(said.contains("runs with fsync off"), "{said}");
    server.stop().unwrap();
}

#[test]
fn a_database_url_starts_no_server() {
    let site = Site::new();
    let url = "postgres://nobody@127.0.0.1:1/nothing";
    let (code, said) = finished(site.command(&["migrate"]).env("DATABASE_URL", url));
    assert_eq!(code, Some(1), "{said}");
    assert!(!site.data.exists());
}
