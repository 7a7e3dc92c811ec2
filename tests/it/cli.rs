//! The commands, as a shell meets them.

use std::process::{Command, Output};

use super::support;

fn broadsheet(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_broadsheet"))
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_version_names_the_schema() {
    let said = out(&broadsheet(&["--version"], &[]));
    let schema = broadsheet::db::migrations::schema_version();
    assert_eq!(said, format!("broadsheet {} (schema {schema})\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn config_show_masks_secrets_and_says_where_a_value_is_from() {
    let url = ("DATABASE_URL", "postgres://user:canary@host/name");
    let shown = broadsheet(&["config", "show", "--timezone", "Europe/Berlin"], &[url]);
    let said = out(&shown);
    assert!(said.contains("DATABASE_URL=********  # environment\n"), "{said}");
    assert!(said.contains("BROADSHEET_TIMEZONE=Europe/Berlin  # flag\n"), "{said}");
    assert!(said.contains("BROADSHEET_LANGUAGE=en  # default\n"), "{said}");
    assert!(!said.contains("canary") && !err(&shown).contains("canary"));
}

#[test]
fn config_check_fails_with_every_mistake_and_exit_code_2() {
    let wrong = [("BROADSHEET_DEMO", "maybe"), ("BROADSHEET_LISTEN", "nowhere")];
    let checked = broadsheet(&["config", "check"], &wrong);
    assert_eq!(checked.status.code(), Some(2));
    assert!(err(&checked).contains("BROADSHEET_DEMO=maybe") && err(&checked).contains("BROADSHEET_LISTEN="));
    assert!(broadsheet(&["config", "check"], &[]).status.success());
}

#[test]
fn whoever_reads_the_first_lines_only_breaks_nothing() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let shown = Command::new(env!("CARGO_BIN_EXE_broadsheet"))
        .args(["config", "show"])
        .env_clear()
        .stdout(writer)
        .output()
        .unwrap();
    assert!(shown.status.success(), "{}", err(&shown));
    assert_eq!(err(&shown), "");
}

#[test]
fn a_mistyped_variable_is_a_warning() {
    let checked = broadsheet(&["config", "check"], &[("BROADSHEET_SITENAME", "x")]);
    assert!(checked.status.success());
    assert!(err(&checked).contains("Did you mean BROADSHEET_SITE_NAME?"), "{}", err(&checked));
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named_with_its_setting() {
    let refused = broadsheet(&["migrate", "--data", "/dev/null/data"], &[]);
    assert_eq!(refused.status.code(), Some(1));
    let said = err(&refused);
    assert!(said.contains("/dev/null/data") && said.contains("BROADSHEET_DATA"), "{said}");
}

#[test]
fn healthcheck_fails_where_nothing_listens() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let checked = broadsheet(&["healthcheck"], &[("BROADSHEET_LISTEN", &port.to_string())]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(err(&checked).contains("does not answer"), "{}", err(&checked));
}

#[test]
fn healthcheck_asks_livez_and_needs_a_200() {
    for (answer, code) in [("200 OK", 0), ("503 Service Unavailable", 1)] {
        let (address, asked) = answer_once(answer);
        let listen = format!("0.0.0.0:{}", address.port());
        let checked = broadsheet(&["healthcheck"], &[("BROADSHEET_LISTEN", &listen)]);
        assert_eq!(checked.status.code(), Some(code), "{}", err(&checked));
        assert!(asked.join().unwrap().starts_with("GET /livez HTTP/1.1\r\n"));
    }
}

/// A server for one request, which it hands back.
fn answer_once(status: &str) -> (std::net::SocketAddr, std::thread::JoinHandle<String>) {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let length = stream.read(&mut request).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (address, asked)
}

#[tokio::test]
async fn migrate_works_on_the_database_that_is_named() {
    let db = support::scratch::database().await;
    let url = support::server::url(&db.options);
    let migrated = broadsheet(&["migrate"], &[("DATABASE_URL", &url)]);
    assert!(migrated.status.success(), "{}", err(&migrated));
    let articles: i64 =
        sqlx::query_scalar("select count(*) from articles").fetch_one(&db.pool).await.unwrap();
    assert_eq!(articles, 0);
}

#[tokio::test]
async fn a_newer_schema_ends_the_program_with_a_plain_sentence() {
    let db = support::scratch::database().await;
    let url = support::server::url(&db.options);
    assert!(broadsheet(&["migrate"], &[("DATABASE_URL", &url)]).status.success());
    let newer = "update _sqlx_migrations set version = 99990101000000 where version = (select max(version) from _sqlx_migrations)";
    sqlx::query(newer).execute(&db.pool).await.unwrap();
    let refused = broadsheet(&["serve", "--listen", "127.0.0.1:0"], &[("DATABASE_URL", &url)]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("newer Broadsheet"), "{}", err(&refused));
}

#[test]
fn no_error_repeats_the_password_of_the_database() {
    let url = ("DATABASE_URL", "postgres://user:canary@127.0.0.1:1/name");
    let refused = broadsheet(&["migrate"], &[url]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("cannot be reached"), "{}", err(&refused));
    assert!(!err(&refused).contains("canary"));
}
