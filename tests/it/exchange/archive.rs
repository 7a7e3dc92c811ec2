//! Archives: what is in them, that all of it comes back, and that nothing half does.

use std::fs;
use std::path::PathBuf;

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::db::migrations::{MIGRATOR, schema_version};
use broadsheet::exchange::archive::{self as site_archive, Kind, Manifest, Refused};
use broadsheet::server;
use sha2::{Digest, Sha256};

use super::{Elsewhere, count, crawl, pack, paper};
use crate::browser::{Browser, Folder, World, config};
use crate::newsroom::Story;
use crate::support::scratch;

#[tokio::test]
async fn a_backup_brings_back_every_row_and_every_file() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let (file, first) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    assert!(first.tables["articles"].rows > 40 && first.tables["secrets"].rows > 2, "{first:?}");
    assert!(first.media.files >= 3 && first.media.missing == 0, "{:?}", first.media);
    there.load(Kind::Backup, &file, false).await.unwrap();
    let (_, second) = pack(&there.db.pool, &there.store(), Kind::Backup, &folder, "two").await;
    assert_same(&second, &first);
}

#[tokio::test]
async fn an_export_builds_an_identical_site() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let (file, first) = pack(&world.db.pool, &world.app.media, Kind::Export, &folder, "one").await;
    there.load(Kind::Export, &file, false).await.unwrap();
    let (again, second) = pack(&there.db.pool, &there.store(), Kind::Export, &folder, "two").await;
    assert_eq!(second, first);
    let hash = |file: &PathBuf| hex::encode(Sha256::digest(fs::read(file).unwrap()));
    assert_eq!(hash(&again), hash(&file), "the second export is another file");

    let here = crawl(&mut world.browser()).await;
    let app = there.app().await;
    let elsewhere = crawl(&mut Browser::on(server::router(app.clone())).of(&app)).await;
    assert!(here.len() > 300, "only {} pages", here.len());
    assert!(here.iter().any(|(path, status, _)| path.starts_with("/media/") && *status == StatusCode::OK));
    let differ: Vec<&str> =
        here.iter().filter(|page| !elsewhere.contains(page)).map(|(path, ..)| path.as_str()).collect();
    assert_eq!((differ, here.len()), (vec![], elsewhere.len()));
}

#[tokio::test]
async fn an_export_holds_no_secret_and_no_address() {
    let (world, folder) = (paper().await, Folder::new());
    let (file, manifest) = pack(&world.db.pool, &world.app.media, Kind::Export, &folder, "one").await;
    let bytes = zstd::decode_all(fs::File::open(file).unwrap()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    for canary in ["canary.example", "$argon2", "password_hash", "\\\\xcafe", "\\\\xbeef"] {
        assert!(!text.contains(canary), "{canary}");
    }
    assert!(text.contains("Mira Holt"));
    for table in ["secrets", "sessions", "audit", "jobs", "invitations", "comment_tokens"] {
        assert!(!manifest.tables.contains_key(table), "{table}");
    }
}

#[tokio::test]
async fn nobody_can_log_in_after_an_import_until_there_is_an_administrator() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let (file, _) = pack(&world.db.pool, &world.app.media, Kind::Export, &folder, "one").await;
    there.load(Kind::Export, &file, false).await.unwrap();
    let open = "users where disabled_at is null or role <> 'author' or password_hash <> 'none'";
    assert_eq!(count(&there.db.pool, open).await, 0);
    assert!(count(&there.db.pool, "users").await > 1);
}

#[tokio::test]
async fn what_passes_is_in_no_backup() {
    let (world, folder) = (paper().await, Folder::new());
    assert!(count(&world.db.pool, "sessions").await > 0);
    let (_, manifest) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    for table in ["sessions", "network_keys", "letters", "known_devices"] {
        assert!(!manifest.tables.contains_key(table), "{table}");
    }
}

#[tokio::test]
async fn a_number_that_was_given_out_is_not_given_out_again() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let (file, _) = pack(&world.db.pool, &world.app.media, Kind::Export, &folder, "one").await;
    there.load(Kind::Export, &file, false).await.unwrap();
    let next: i64 =
        sqlx::query_scalar("select nextval('articles_id_seq')").fetch_one(&there.db.pool).await.unwrap();
    assert_eq!(next, 5001);
}

#[tokio::test]
async fn a_site_is_not_replaced_by_mistake() {
    let (world, there, folder) = (paper().await, World::new().await, Folder::new());
    let (file, first) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    Story::new("Already here").publish(&there).await;
    let load = async |replace| {
        let file = fs::File::open(&file).unwrap();
        site_archive::load(&there.db.pool, &there.app.media, Kind::Backup, file, replace, &mut |_| ()).await
    };
    let refused = load(false).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Refused::NotEmpty)), "{refused:?}");
    assert_eq!(count(&there.db.pool, "articles").await, 1);
    load(true).await.unwrap();
    assert_eq!(count(&there.db.pool, "articles where headline = 'Already here'").await, 0);
    let (_, second) = pack(&there.db.pool, &there.app.media, Kind::Backup, &folder, "two").await;
    assert_same(&second, &first);
}

#[tokio::test]
async fn a_program_that_dies_while_it_replaces_a_site_leaves_the_old_one() {
    let (world, there, folder) = (paper().await, World::new().await, Folder::new());
    let (file, _) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    Story::new("Already here").publish(&there).await;
    let (told, hear) = tokio::sync::oneshot::channel();
    let mut told = Some(told);
    let mut tell = |now: site_archive::Progress| {
        if now.rows > 100
            && let Some(told) = told.take()
        {
            told.send(()).unwrap();
        }
    };
    let file = fs::File::open(&file).unwrap();
    let loading = site_archive::load(&there.db.pool, &there.app.media, Kind::Backup, file, true, &mut tell);
    tokio::select! {
        biased;
        _ = hear => (),
        _ = loading => panic!("it was done before it could die"),
    }
    assert_eq!(count(&there.db.pool, "articles where headline = 'Already here'").await, 1);
    assert_eq!(there.browser().get("/section/news").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_archive_of_an_older_schema_is_brought_up() {
    let (old, there, folder) = (scratch::database().await, Elsewhere::new().await, Folder::new());
    let versions: Vec<i64> = MIGRATOR.iter().map(|migration| migration.version).collect();
    let before = versions.iter().rev().find(|version| **version <= 20_261_124_116_000).unwrap();
    MIGRATOR.run_to(*before, &old.pool).await.unwrap();
    for statement in [
        "insert into sections (slug, name) values ('news', 'News')",
        "insert into articles (section_id, headline, slug, state, publish_at) \
         values (1, 'Of old', 'of-old', 'published', now())",
    ] {
        sqlx::query(statement).execute(&old.pool).await.unwrap();
    }
    let (file, _) = pack(&old.pool, &there.store(), Kind::Backup, &folder, "old").await;
    there.load(Kind::Backup, &file, false).await.unwrap();
    let version: i64 = sqlx::query_scalar("select max(version) from _sqlx_migrations")
        .fetch_one(&there.db.pool)
        .await
        .unwrap();
    assert_eq!(version, schema_version());
    assert_eq!(count(&there.db.pool, "articles where headline = 'Of old' and work = 'report'").await, 1);
}

/// What a person or a disk does to a file, and how it is called then.
#[tokio::test]
async fn a_damaged_archive_is_refused_and_nothing_is_touched() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let (file, _) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    let whole = fs::read(&file).unwrap();
    let plain = zstd::decode_all(whole.as_slice()).unwrap();
    let packed = |plain: &[u8]| zstd::encode_all(plain, 1).unwrap();
    let instead = |from: &[u8], to: &[u8]| {
        let at = plain.windows(from.len()).position(|part| part == from).unwrap();
        let mut altered = plain.clone();
        altered[at..at + to.len()].copy_from_slice(to);
        packed(&altered)
    };
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let mut longer = plain.clone();
    longer.extend_from_slice(b"more");
    let cases: [(&str, Vec<u8>); 9] = [
        ("cut short", whole[..whole.len() - 100].to_vec()),
        ("cut in half", whole[..middle].to_vec()),
        ("a bit flipped", flipped),
        ("a word altered", instead(b"\"headline\": \"", b"\"headline\": \"X")),
        ("something after its end", packed(&longer)),
        ("no manifest", packed(&plain[..plain.len() - 4096])),
        ("a name that leads outside", instead(b"rows/audit/000001.ndjson", b"../../audit/x1.ndjson\0\0\0")),
        ("a picture that is another", instead(b"\x89PNG", b"\x89PNX")),
        ("not ours", b"PK\x03\x04 and so on".to_vec()),
    ];
    for (name, bytes) in cases {
        assert!(bytes != whole, "{name}: nothing was done to it");
        let altered = config(&folder).data.join("altered");
        fs::write(&altered, bytes).unwrap();
        let refused = there.load(Kind::Backup, &altered, false).await;
        assert!(refused.is_err(), "{name} was taken");
        let tables = count(&there.db.pool, "pg_tables where schemaname = 'public'").await;
        assert_eq!(tables, 0, "{name}");
    }
}

#[tokio::test]
async fn an_archive_of_a_newer_program_is_refused_by_name() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let (file, _) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    let plain = zstd::decode_all(fs::File::open(&file).unwrap()).unwrap();
    let schema = schema_version().to_string();
    let at = plain.windows(schema.len()).position(|part| part == schema.as_bytes()).unwrap();
    let mut newer = plain.clone();
    newer[at..at + schema.len()].copy_from_slice(b"99990101000000");
    fs::write(&file, zstd::encode_all(newer.as_slice(), 1).unwrap()).unwrap();
    let refused = there.load(Kind::Backup, &file, false).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Refused::Newer { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_backup_is_no_export() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let (file, _) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    let refused = there.load(Kind::Export, &file, false).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(Refused::OtherKind { .. })), "{refused:?}");
}

#[tokio::test]
async fn hostile_words_come_back_as_they_were() {
    let (world, there, folder) = (World::new().await, Elsewhere::new().await, Folder::new());
    let words =
        ["'; drop table users; --", "\\N", "\\.", "a\u{1}b\u{2}c", "\u{202e}عربي", "\"},{\"", "a\tb\nc"];
    for word in words {
        Story::new(word).byline(word).publish(&world).await;
    }
    world.account("mira@example.org", Role::Admin).await;
    for kind in [Kind::Export, Kind::Backup] {
        let (file, first) = pack(&world.db.pool, &world.app.media, kind, &folder, "one").await;
        there.load(kind, &file, true).await.unwrap();
        let (_, second) = pack(&there.db.pool, &there.store(), kind, &folder, "two").await;
        assert_same(&second, &first);
        let headlines: Vec<String> = sqlx::query_scalar("select headline from articles order by id")
            .fetch_all(&there.db.pool)
            .await
            .unwrap();
        assert_eq!(headlines, words);
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told_and_the_rest_is_kept() {
    let (world, there, folder) = (paper().await, Elsewhere::new().await, Folder::new());
    let lost: Vec<u8> =
        sqlx::query_scalar("select sha256 from media").fetch_one(&world.db.pool).await.unwrap();
    let name = hex::encode(&lost);
    let media = config_media(&world);
    fs::remove_file(media.join("originals").join(&name[..2]).join(format!("{name}.png"))).unwrap();
    let (file, manifest) = pack(&world.db.pool, &world.app.media, Kind::Backup, &folder, "one").await;
    assert_eq!((manifest.media.missing, manifest.media.named.len()), (1, 1), "{:?}", manifest.media);
    there.load(Kind::Backup, &file, false).await.unwrap();
}

/// A backup carries its time, so its hash is another.
fn assert_same(second: &Manifest, first: &Manifest) {
    for (table, rows) in &first.tables {
        assert_eq!(second.tables.get(table), Some(rows), "{table}");
    }
    assert_eq!(second.numbers, first.numbers);
    assert_eq!(second.media, first.media);
    assert_eq!(second.tables.len(), first.tables.len());
}

fn config_media(world: &World) -> PathBuf {
    world.app.config.data.join("media")
}
