//! `broadsheet doctor`: what is in order is no finding, and each check can fail.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::cli::doctor::{self, Finding, Manner, Severity};
use broadsheet::db::health;
use broadsheet::jobs::Runner;
use broadsheet::outbound::Outbound;
use broadsheet::web::Site;
use chrono::{TimeDelta, Utc};

use crate::browser::World;
use crate::desk;
use crate::newsroom::Story;

/// A site with an administrator, an article and a picture.
async fn healthy() -> World {
    let world = World::new().await;
    world.account("mira@example.org", Role::Admin).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let answer = editor.upload("/desk/media", &[], &[("file", "quay.png", &desk::png(7))]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    Runner::new(world.app.clone()).drain().await.unwrap();
    Story::new("The sea at night").tags(&["sea"]).publish(&world).await;
    world
}

/// What it finds, but for the settings of the tests' own server, which forgets what it likes, and a site without an address and a mail server.
async fn found(world: &World, fix: bool) -> Vec<Finding> {
    let found = doctor::examine(&world.app, Manner { fix, quick: false }).await.unwrap();
    let of_tests = ["database settings", "public address", "mail", "disk space"];
    found.into_iter().filter(|finding| !of_tests.contains(&finding.check)).collect()
}

async fn checks(world: &World) -> Vec<&'static str> {
    found(world, false).await.into_iter().map(|finding| finding.check).collect()
}

async fn sql(world: &World, statement: &'static str) {
    sqlx::query(statement).execute(&world.db.pool).await.unwrap();
}

fn files(world: &World, area: &str) -> Vec<PathBuf> {
    let folder = world.app.config.data.join("media").join(area);
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())).collect()
}

#[tokio::test]
async fn a_site_in_order_has_no_findings() {
    let world = healthy().await;
    assert_eq!(found(&world, false).await, []);
}

#[tokio::test]
async fn files_that_are_missing_or_damaged_are_found() {
    let world = healthy().await;
    let public = files(&world, "public");
    fs::write(&public[0], b"something else").unwrap();
    assert_eq!(checks(&world).await, ["media damaged"]);
    fs::remove_file(&public[0]).unwrap();
    let missing = found(&world, false).await;
    assert_eq!((missing[0].check, missing[0].severity), ("media missing", Severity::Error));
    let name = public[0].file_name().unwrap().to_str().unwrap();
    assert!(missing[0].what.contains(name), "{missing:?}");
}

#[tokio::test]
async fn files_that_nothing_names_are_found_and_swept_after_a_day() {
    let world = healthy().await;
    let known = files(&world, "public").len();
    let folder = world.app.config.data.join("media/public/00");
    fs::create_dir_all(&folder).unwrap();
    let orphan = folder.join(format!("{}.jpg", "00".repeat(32)));
    fs::write(&orphan, b"nobody's").unwrap();
    assert!(checks(&world).await.is_empty(), "a young file belongs to an upload under way");
    let old = std::time::SystemTime::now() - std::time::Duration::from_hours(25);
    fs::File::options().append(true).open(&orphan).unwrap().set_modified(old).unwrap();
    assert_eq!(checks(&world).await, ["media orphaned"]);
    assert!(orphan.exists());
    assert!(found(&world, true).await[0].mended);
    assert!(!orphan.exists());
    assert_eq!(files(&world, "public").len(), known);
    assert!(checks(&world).await.is_empty());
}

#[tokio::test]
async fn pictures_without_sizes_are_found_and_asked_for() {
    let world = healthy().await;
    sql(&world, "update media set ready_at = null").await;
    assert_eq!(checks(&world).await, ["media renditions"]);
    assert!(found(&world, true).await[0].mended);
    Runner::new(world.app.clone()).drain().await.unwrap();
    assert!(checks(&world).await.is_empty());
}

#[tokio::test]
async fn originals_that_others_may_read_are_found_and_closed() {
    let world = healthy().await;
    let folder = world.app.config.data.join("media/originals");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(checks(&world).await, ["permissions"]);
    assert!(found(&world, true).await[0].mended);
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn jobs_that_were_laid_aside_or_that_nobody_does_are_found() {
    let world = healthy().await;
    sql(&world, "insert into jobs (kind, payload, dead_at) values ('draw', '{}', now())").await;
    assert_eq!(checks(&world).await, ["jobs laid aside"]);
    sql(&world, "update jobs set dead_at = null, run_at = now() - interval '1 hour'").await;
    assert_eq!(checks(&world).await, ["jobs waiting"]);
}

#[tokio::test]
async fn a_site_without_an_administrator_is_found() {
    let world = healthy().await;
    sql(&world, "update users set role = 'author'").await;
    assert_eq!(checks(&world).await, ["administrator"]);
}

#[tokio::test]
async fn links_that_lead_nowhere_are_found() {
    let world = healthy().await;
    sql(
        &world,
        "insert into banners (text, address, starts_at, ends_at)
         values ('Look', '/section/gone', now() - interval '1 hour', now() + interval '1 hour')",
    )
    .await;
    let links = found(&world, false).await;
    assert_eq!(links[0].check, "links");
    assert!(links[0].what.contains("/section/gone (on /)"), "{links:?}");
    sql(&world, "delete from banners").await;
    sql(&world, "insert into broken_links (article_id, href) select id, '/article/9' from articles").await;
    assert_eq!(checks(&world).await, ["links in articles"]);
}

#[tokio::test]
async fn each_setting_of_the_database_can_be_wrong() {
    let world = World::new().await;
    let mut health = health::look(&world.db.pool).await.unwrap();
    for setting in [
        &mut health.fsync,
        &mut health.full_page_writes,
        &mut health.synchronous_commit,
        &mut health.autovacuum,
    ] {
        "on".clone_into(setting);
    }
    health.max_connections = 100;
    assert_eq!(doctor::settings(&health), []);
    let wrong: [fn(&mut health::Health); 8] = [
        |health| health.version = 140_011,
        |health| "LATIN1".clone_into(&mut health.encoding),
        |health| "off".clone_into(&mut health.fsync),
        |health| "off".clone_into(&mut health.full_page_writes),
        |health| "off".clone_into(&mut health.synchronous_commit),
        |health| "off".clone_into(&mut health.autovacuum),
        |health| health.max_connections = 10,
        |health| health.has_trigrams = false,
    ];
    for change in wrong {
        let mut health = health.clone();
        change(&mut health);
        assert_eq!(doctor::settings(&health).len(), 1, "{health:?}");
    }
}

#[test]
fn a_clock_a_disk_and_a_schema_can_be_wrong() {
    let now = Utc::now();
    let clock = |seconds| doctor::clock(now, now + TimeDelta::seconds(seconds)).map(|it| it.severity);
    assert_eq!((clock(0), clock(-4)), (None, None));
    assert_eq!((clock(7), clock(-90)), (Some(Severity::Warning), Some(Severity::Error)));
    let disk = |free| doctor::disk(free, 1000).map(|it| it.severity);
    assert_eq!((disk(500), disk(80), disk(40)), (None, Some(Severity::Warning), Some(Severity::Error)));
    let schema = |found| doctor::schema(found, 10).map(|it| it.severity);
    assert_eq!((schema(10), schema(9), schema(11)), (None, Some(Severity::Warning), Some(Severity::Error)));
}

#[tokio::test]
async fn a_public_address_at_which_another_site_answers_is_found() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let outbound = Outbound::new().unwrap().anywhere();
    let site = Site::new(
        "Paper",
        &format!("http://{address}"),
        chrono_tz::Tz::UTC,
        broadsheet::text::Language::default(),
    );
    let other = tokio::spawn(async move {
        axum::serve(listener, axum::Router::new().fallback(|| async { "another" })).await.unwrap();
    });
    let finding = doctor::public_address(&outbound, &site).await.unwrap();
    assert!(finding.severity == Severity::Error && finding.what.contains("not this site"), "{finding:?}");
    other.abort();
    let _ = other.await;
    let finding = doctor::public_address(&outbound, &site).await.unwrap();
    assert_eq!(finding.severity, Severity::Error);
    // Without the leave of tests nobody calls an address of this machine.
    let finding = doctor::public_address(&Outbound::new().unwrap(), &site).await.unwrap();
    assert_eq!(finding.severity, Severity::Note);
}
