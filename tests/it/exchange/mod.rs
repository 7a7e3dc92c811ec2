//! What leaves the site, and that it comes back.

mod archive;
mod commands;
mod html;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;

use axum::http::{StatusCode, Uri};
use broadsheet::accounts::Role;
use broadsheet::cli::demo;
use broadsheet::db::rows;
use broadsheet::exchange::archive::{self as site_archive, Kind, Loaded, Manifest};
use broadsheet::jobs::Runner;
use broadsheet::media::Store;
use broadsheet::web::App;
use broadsheet::web::rates::Quotas;
use sqlx::PgPool;

use crate::browser::{BASE, Browser, Folder, World, config};
use crate::desk;
use crate::support::scratch::{self, Scratch};

/// The sample news, a picture with its sizes on one of the articles, an account, comments of
/// people who left an address.
pub async fn paper() -> World {
    let world = World::new().await;
    demo::load_words(&world.db.pool).await.unwrap();
    world.account("mira@canary.example", Role::Editor).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let answer = editor.upload("/desk/media", &[], &[("file", "quay.png", &desk::png(7))]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    Runner::new(world.app.clone()).drain().await.unwrap();
    for statement in [
        "update articles set picture_id = (select max(id) from media), picture_alt = 'A quay'
         where id = (select min(id) from articles where state = 'published')",
        "update comments set email = 'reader@canary.example', commenter = '\\xcafe', network = '\\xbeef'",
        "select setval('articles_id_seq', 5000)",
    ] {
        sqlx::query(statement).execute(&world.db.pool).await.unwrap();
    }
    world
}

/// A site in another database and another folder.
pub struct Elsewhere {
    pub db: Scratch,
    pub folder: Folder,
}

impl Elsewhere {
    pub async fn new() -> Self {
        Self { db: scratch::database().await, folder: Folder::new() }
    }

    pub fn store(&self) -> Store {
        Store::open(&config(&self.folder).data.join("media")).unwrap()
    }

    pub async fn load(&self, kind: Kind, file: &PathBuf, replace: bool) -> anyhow::Result<Loaded> {
        let file = File::open(file).unwrap();
        site_archive::load(&self.db.pool, &self.store(), kind, file, replace, &mut |_| ()).await
    }

    pub async fn app(&self) -> App {
        App::assemble(config(&self.folder), BASE, self.db.pool.clone(), Quotas::open()).await.unwrap()
    }
}

pub async fn pack(
    pool: &PgPool,
    store: &Store,
    kind: Kind,
    folder: &Folder,
    name: &str,
) -> (PathBuf, Manifest) {
    let file = config(folder).data.join(name);
    let manifest = site_archive::write(pool, store, kind, &file, &mut |_| ()).await.unwrap();
    (file, manifest)
}

pub async fn count(pool: &PgPool, from: &str) -> i64 {
    let question = sqlx::AssertSqlSafe(format!("select count(*) from {from}"));
    sqlx::query_scalar(question).fetch_one(pool).await.unwrap()
}

/// Every page, feed and picture that a reader finds by following links from the front page and the sitemaps, with what
/// it answered.
pub async fn crawl(browser: &mut Browser) -> Vec<(String, StatusCode, String)> {
    let mut waiting: Vec<String> = ["/", "/sitemap.xml", "/feeds", "/archive"].map(str::to_owned).to_vec();
    let (mut seen, mut answers) = (BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop() {
        if path.starts_with("/search") || path.starts_with("/desk") || !seen.insert(path.clone()) {
            continue;
        }
        let mut answer = browser.get_at_once(&path).await;
        // The time at which the form was made is signed by a key of the site.
        if let Some((before, after)) = answer.body.split_once("name=\"time\" value=\"") {
            answer.body = format!("{before}{}", after.split_once('"').unwrap().1);
        }
        let is_text = !answer.header("content-type").starts_with("image/");
        for part in answer.body.split(['"', '<', '>', ' ', ',', '\'']) {
            let part = part.strip_prefix(BASE).unwrap_or(part);
            let is_address = is_text && part.parse::<Uri>().is_ok();
            if is_address && part.starts_with('/') && !part.starts_with("//") && !part.starts_with("/static")
            {
                waiting.push(part.split('#').next().unwrap().replace("&amp;", "&").replace("&#38;", "&"));
            }
        }
        // The page of an error names its request.
        let body = if answer.status == StatusCode::OK { answer.body } else { String::new() };
        answers.push((path, answer.status, body));
    }
    answers.sort_by(|one, other| one.0.cmp(&other.0));
    answers
}

#[tokio::test]
async fn somebody_has_thought_of_every_table() {
    let world = World::new().await;
    let tables = rows::tables(&mut world.db.pool.acquire().await.unwrap()).await.unwrap();
    let forgotten: Vec<_> = tables.iter().filter(|table| !site_archive::scope::is_decided(table)).collect();
    assert!(
        tables.len() > 40 && forgotten.is_empty(),
        "src/exchange/archive/scope.rs does not say whether exports have {forgotten:?}; backups do"
    );
}
