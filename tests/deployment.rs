//! No container engine runs where the tests do. What Dockerfile, .dockerignore and docker-compose.yml claim is held
//! against the program: settings that exist, a health check that exists, the narrow rights they promise.
//!
//! Each file has one function from its text to complaints; beside the test that there are none stand tests that a
//! changed file is complained of.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::process::Command;

use broadsheet::config::KEYS;
use saphyr::{LoadableYamlNode, Yaml};

const COMPOSE: &str = include_str!("../docker-compose.yml");
const DOCKERFILE: &str = include_str!("../Dockerfile");
const DOCKERIGNORE: &str = include_str!("../.dockerignore");
const MANIFEST: &str = include_str!("../Cargo.toml");

/// The user of the image. Written in docs/deploy.md too, for the owner of a mounted folder.
const USER: &str = "65532:65532";

// --- docker-compose.yml -------------------------------------------------------------------------------------------

fn compose_complaints(text: &str) -> Vec<String> {
    let documents = Yaml::load_from_str(text).unwrap();
    let compose = &documents[0];
    let (Some(web), Some(db)) = (at(compose, "services/web"), at(compose, "services/db")) else {
        return vec!["services web and db are missing".to_owned()];
    };
    let mut complaints = Vec::new();
    let mut claim = |holds: bool, what: &str| {
        if !holds {
            complaints.push(what.to_owned());
        }
    };

    claim(at(web, "read_only").and_then(Yaml::as_bool) == Some(true), "web: the root is not read_only");
    claim(list(web, "cap_drop") == ["ALL"], "web: cap_drop is not ALL");
    claim(list(web, "cap_add").is_empty() && at(web, "privileged").is_none(), "web: has rights added");
    for (name, service) in [("web", web), ("db", db)] {
        let locked = list(service, "security_opt").contains(&"no-new-privileges:true");
        claim(locked, &format!("{name}: may gain privileges"));
    }
    claim(list(web, "tmpfs") == ["/tmp"], "web: /tmp is not a tmpfs");
    claim(
        at(web, "depends_on/db/condition").and_then(Yaml::as_str) == Some("service_healthy"),
        "web: does not wait for a healthy database",
    );
    claim(at(db, "healthcheck/test").is_some(), "db: has no health check to wait for");
    claim(text_at(db, "image") == "postgres:17", "db: is not pinned to Postgres 17");
    claim(list(db, "ports").is_empty(), "db: publishes a port");
    claim(list(db, "volumes").iter().any(|v| v.ends_with(":/var/lib/postgresql/data")), "db: keeps no data");
    claim(
        list(web, "ports").iter().all(|port| port.starts_with("127.0.0.1:")),
        "web: is published to the world",
    );

    let inner =
        text_at(web, "environment/BROADSHEET_LISTEN").rsplit(':').next().unwrap_or_default().to_owned();
    claim(
        list(web, "ports").iter().all(|port| port.rsplit(':').next() == Some(&inner)),
        "web: the published port is not the one listened on",
    );
    let data = text_at(web, "environment/BROADSHEET_DATA");
    claim(
        list(web, "volumes").iter().any(|v| v.ends_with(&format!(":{data}"))),
        "web: the data folder is no volume",
    );
    for service in [web, db] {
        claim(
            !list(service, "volumes").iter().any(|v| v.contains("docker.sock")),
            "the engine's socket is mounted",
        );
    }

    let check = list(web, "healthcheck/test");
    claim(
        check.len() == 3 && check[..2] == ["CMD", "/broadsheet"],
        "web: the health check is not the program's",
    );
    claim(check.last().is_some_and(|command| is_command(command)), "web: the health check is no command");

    complaints.extend(environment_complaints(compose, web));
    complaints.extend(secret_complaints(compose, "web", web));
    complaints.extend(secret_complaints(compose, "db", db));
    complaints
}

/// Every variable set, and every variable taken from the outside, is a setting.
fn environment_complaints(compose: &Yaml<'_>, web: &Yaml<'_>) -> Vec<String> {
    let mut complaints = Vec::new();
    for (name, value) in environment(web) {
        if !is_setting(&name) {
            complaints.push(format!("web: {name} is not a setting"));
        }
        if KEYS.iter().any(|key| key.secret && key.name == name) {
            complaints.push(format!("web: {name} is a secret and stands in the environment"));
        }
        for outer in value.split("${").skip(1) {
            let outer = outer.split([':', '}', '-', '?']).next().unwrap_or_default();
            if !is_setting(outer) {
                complaints.push(format!("web: {name} is taken from {outer}, which is not a setting"));
            }
        }
        let secret = value.strip_prefix("/run/secrets/");
        if name.ends_with("_FILE") && !secret.is_some_and(|secret| list(web, "secrets").contains(&secret)) {
            complaints.push(format!("web: {name} names no secret of the service"));
        }
    }
    if at(compose, "services/web/environment").is_none() {
        complaints.push("web: has no environment".to_owned());
    }
    complaints
}

/// What a service is given exists and is a file; no password stands in the environment.
fn secret_complaints(compose: &Yaml<'_>, name: &str, service: &Yaml<'_>) -> Vec<String> {
    let mut complaints: Vec<String> = list(service, "secrets")
        .iter()
        .filter(|secret| at(compose, &format!("secrets/{secret}/file")).is_none())
        .map(|secret| format!("{name}: the secret {secret} is no file"))
        .collect();
    complaints.extend(
        environment(service)
            .iter()
            .filter(|(variable, _)| variable.ends_with("PASSWORD"))
            .map(|(variable, _)| format!("{name}: {variable} stands in the environment")),
    );
    complaints
}

fn environment(service: &Yaml<'_>) -> Vec<(String, String)> {
    let Some(map) = at(service, "environment").and_then(Yaml::as_mapping) else { return Vec::new() };
    map.iter()
        .filter_map(|(name, value)| {
            Some((name.as_str()?.to_owned(), value.as_str().unwrap_or_default().to_owned()))
        })
        .collect()
}

fn is_setting(name: &str) -> bool {
    KEYS.iter().any(|key| key.name == name || key.file_name().as_deref() == Some(name))
}

/// Asks the program itself: what is no command is an error, also with --help.
fn is_command(name: &str) -> bool {
    let asked =
        Command::new(env!("CARGO_BIN_EXE_broadsheet")).args([name, "--help"]).env_clear().output().unwrap();
    asked.status.success()
}

fn at<'a>(yaml: &'a Yaml<'a>, path: &str) -> Option<&'a Yaml<'a>> {
    path.split('/').try_fold(yaml, |yaml, key| yaml.as_mapping_get(key))
}

fn text_at<'a>(yaml: &'a Yaml<'a>, path: &str) -> &'a str {
    at(yaml, path).and_then(Yaml::as_str).unwrap_or_default()
}

fn list<'a>(yaml: &'a Yaml<'a>, path: &str) -> Vec<&'a str> {
    let items = at(yaml, path).and_then(Yaml::as_sequence);
    items.map(|items| items.iter().filter_map(Yaml::as_str).collect()).unwrap_or_default()
}

// --- Dockerfile -----------------------------------------------------------------------------------------------------

fn dockerfile_complaints(text: &str) -> Vec<String> {
    let steps = steps(text);
    let last = steps.iter().rposition(|(word, _)| word == "FROM").unwrap();
    let shipped = &steps[last..];
    let said = |word: &str| shipped.iter().rfind(|(w, _)| w == word).map_or("", |(_, rest)| rest.as_str());
    let mut complaints = Vec::new();
    let mut claim = |holds: bool, what: &str| {
        if !holds {
            complaints.push(what.to_owned());
        }
    };

    let stages: Vec<&str> =
        steps.iter().filter(|(word, _)| word == "FROM").map(|(_, rest)| rest.as_str()).collect();
    claim(stages.len() > 1, "the tools of the build are shipped");
    for stage in &stages {
        let image = stage.split(' ').next().unwrap_or_default();
        let tag =
            image.rsplit('/').next().and_then(|name| name.split_once(':')).map_or("latest", |(_, tag)| tag);
        claim(tag != "latest", &format!("{image} is whatever is newest"));
    }
    let rust =
        MANIFEST.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap().trim_matches('"');
    claim(stages[0].starts_with(&format!("rust:{rust}-")), "the build's Rust is not the one of Cargo.toml");

    claim(!steps.iter().any(|(word, _)| word == "ADD"), "ADD can fetch from the web; COPY cannot");
    claim(!shipped.iter().any(|(word, _)| word == "RUN"), "the shipped stage has no shell to RUN in");
    claim(
        shipped.iter().filter(|(word, _)| word == "COPY").all(|(_, rest)| rest.starts_with("--from=build ")),
        "the shipped stage takes sources in",
    );
    claim(
        steps.iter().any(|(_, rest)| rest.contains("cargo build --release --locked")),
        "Cargo.lock is not kept",
    );
    claim(said("USER") == USER, "does not run as the numbered user");
    claim(said("COPY").contains("/data"), "the data folder is not there");

    claim(said("ENTRYPOINT") == "[\"/broadsheet\"]", "the program is not what runs, or through a shell");
    let command = |text: &str| text.trim_matches(['[', ']', '"']).to_owned();
    claim(said("CMD").starts_with('[') && is_command(&command(said("CMD"))), "CMD is no command");
    let check = said("HEALTHCHECK").split_once(" CMD ").map_or("", |(_, check)| check);
    let check = check.strip_prefix("[\"/broadsheet\", ").map(command);
    claim(
        check.is_some_and(|check| is_command(&check)),
        "HEALTHCHECK is not one of the program, or uses a shell",
    );

    let set: Vec<(&str, &str)> =
        said("ENV").split_whitespace().filter_map(|setting| setting.split_once('=')).collect();
    for (name, _) in &set {
        claim(is_setting(name), &format!("{name} is not a setting"));
    }
    let value = |name: &str| set.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value);
    claim(value("BROADSHEET_LISTEN") == format!("0.0.0.0:{}", said("EXPOSE")), "another port is exposed");
    claim(said("VOLUME") == format!("[\"{}\"]", value("BROADSHEET_DATA")), "the data folder is no volume");
    complaints
}

/// Instruction and the rest of its line, continued lines joined, comments left out.
fn steps(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    lines
        .join("\n")
        .replace("\\\n", " ")
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .map(|(word, rest)| (word.to_uppercase(), rest.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

// --- .dockerignore --------------------------------------------------------------------------------------------------

/// What goes to the engine: everything is shut out first, then names are let in.
fn let_in(text: &str) -> Vec<&str> {
    let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(lines.next(), Some("*"), "the first line shuts everything out");
    lines.map(|line| line.strip_prefix('!').expect("then names are let in")).collect()
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in from.read_dir().unwrap().map(Result::unwrap) {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}

// --- the files hold, and each claim can fail --------------------------------------------------------------------------

#[track_caller]
fn assert_complains(complaints: &[String], part: &str) {
    assert!(
        complaints.iter().any(|complaint| complaint.contains(part)),
        "expected {part:?} in {complaints:?}"
    );
}

/// The file with one piece of it replaced.
#[track_caller]
fn with(text: &str, piece: &str, other: &str) -> String {
    assert!(text.contains(piece), "{piece:?} is not there");
    text.replace(piece, other)
}

#[test]
fn the_compose_file_keeps_what_it_claims() {
    assert_eq!(compose_complaints(COMPOSE), [""; 0]);
}

#[test]
fn a_compose_file_with_wider_rights_is_complained_of() {
    for (piece, other, complaint) in [
        ("read_only: true", "read_only: false", "not read_only"),
        ("      - ALL", "      - NET_RAW", "cap_drop"),
        ("read_only: true", "read_only: true\n    privileged: true", "rights added"),
        ("no-new-privileges:true", "seccomp:unconfined", "may gain privileges"),
        ("\"127.0.0.1:8080:8080\"", "\"8080:8080\"", "to the world"),
        ("    shm_size", "    ports: [\"5432:5432\"]\n    shm_size", "publishes a port"),
        ("media:/data", "/var/run/docker.sock:/data", "engine's socket"),
    ] {
        assert_complains(&compose_complaints(&with(COMPOSE, piece, other)), complaint);
    }
}

#[test]
fn a_compose_file_that_names_what_does_not_exist_is_complained_of() {
    for (piece, other, complaint) in [
        ("BROADSHEET_LOG_FORMAT:", "BROADSHEET_LOGS:", "BROADSHEET_LOGS is not a setting"),
        ("${BROADSHEET_TIMEZONE", "${TZ", "taken from TZ"),
        ("\"healthcheck\"]", "\"health\"]", "is no command"),
        ("condition: service_healthy", "condition: service_started", "healthy database"),
        ("  database_url:\n    file:", "  database_url:\n    environment:", "is no file"),
        ("/run/secrets/database_url", "/run/secrets/url", "names no secret"),
        ("0.0.0.0:8080", "0.0.0.0:8081", "not the one listened on"),
        ("BROADSHEET_DATA: /data", "BROADSHEET_DATA: /media", "no volume"),
        ("image: postgres:17", "image: postgres:latest", "Postgres 17"),
    ] {
        assert_complains(&compose_complaints(&with(COMPOSE, piece, other)), complaint);
    }
}

#[test]
fn a_compose_file_with_a_secret_in_the_environment_is_complained_of() {
    let url =
        with(COMPOSE, "DATABASE_URL_FILE: /run/secrets/database_url", "DATABASE_URL: postgres://a:b@db/c");
    assert_complains(&compose_complaints(&url), "DATABASE_URL is a secret");
    let password =
        with(COMPOSE, "POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password", "POSTGRES_PASSWORD: a");
    assert_complains(&compose_complaints(&password), "POSTGRES_PASSWORD stands in the environment");
}

#[test]
fn the_dockerfile_keeps_what_it_claims() {
    assert_eq!(dockerfile_complaints(DOCKERFILE), [""; 0]);
}

#[test]
fn a_dockerfile_that_breaks_a_claim_is_complained_of() {
    for (piece, other, complaint) in [
        ("USER 65532:65532", "USER root", "numbered user"),
        ("CMD [\"/broadsheet\", \"healthcheck\"]", "CMD curl localhost", "HEALTHCHECK"),
        ("\"healthcheck\"]", "\"health\"]", "HEALTHCHECK"),
        ("CMD [\"serve\"]", "CMD [\"server\"]", "CMD is no command"),
        ("ENTRYPOINT [\"/broadsheet\"]", "ENTRYPOINT /broadsheet", "through a shell"),
        ("COPY . .", "ADD https://example.org/a.tar .", "ADD can fetch"),
        ("cc-debian12:nonroot", "cc-debian12", "whatever is newest"),
        ("BROADSHEET_LISTEN=", "BROADSHEET_ADDRESS=", "BROADSHEET_ADDRESS is not a setting"),
        ("EXPOSE 8080", "EXPOSE 80", "another port"),
        ("VOLUME [\"/data\"]", "VOLUME [\"/media\"]", "no volume"),
        ("FROM rust:", "FROM rust:0.", "the build's Rust"),
        ("--locked", "", "Cargo.lock is not kept"),
        ("COPY --from=build /out/broadsheet", "COPY broadsheet", "takes sources in"),
    ] {
        assert_complains(&dockerfile_complaints(&with(DOCKERFILE, piece, other)), complaint);
    }
    let one_stage = DOCKERFILE.split("FROM gcr").next().unwrap();
    assert_complains(&dockerfile_complaints(one_stage), "tools of the build are shipped");
}

#[test]
fn what_the_image_is_built_from_is_a_whole_package_and_holds_no_secret() {
    let names = let_in(DOCKERIGNORE);
    for secret in [".env", "secrets", "data", ".git"] {
        assert!(!names.contains(&secret), "{secret} is let in");
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let context = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("context-{}", std::process::id()));
    std::fs::create_dir_all(&context).unwrap();
    for name in names {
        assert!(root.join(name).exists(), "{name} is let in and is not there");
        copy(&root.join(name), &context.join(name));
    }
    // Reads the manifest and looks for every target it names.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let read = Command::new(cargo)
        .args(["metadata", "--offline", "--locked", "--no-deps", "--format-version=1"])
        .current_dir(&context)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&context).unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    for built_in in ["build.rs", "askama.toml"].iter().filter(|name| root.join(name).exists()) {
        assert!(let_in(DOCKERIGNORE).contains(built_in), "{built_in} is read by the build and not let in");
    }
}
