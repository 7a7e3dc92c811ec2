//! What comes in from elsewhere: files of every kind, read, written and finished as the command and the desk do it.

mod desk;
mod hostile;
mod kinds;
mod runs;
mod wordpress;

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use broadsheet::exchange::import::{self, End, Kind, Options, Progress};
use broadsheet::news::audit::Actor;
use broadsheet::news::import::ImportId;
use broadsheet::news::import::line::{self, Line};
use broadsheet::news::import::run::{self, New, Run};

use crate::browser::{Folder, World};
use crate::desk::png;

/// What became of an import.
pub struct Outcome {
    pub end: End,
    pub run: Run,
    pub lines: Vec<Line>,
}

impl Outcome {
    pub fn of(&self, key: &str) -> &Line {
        self.lines.iter().find(|line| line.key == key).unwrap_or_else(|| panic!("no line for {key}"))
    }

    /// Imported, updated, unchanged, skipped, refused; articles alone.
    pub fn counts(&self) -> [usize; 5] {
        ["imported", "updated", "unchanged", "skipped", "refused"].map(|word| {
            self.lines.iter().filter(|line| line.noun == "article" && line.outcome.as_str() == word).count()
        })
    }
}

/// A file of this text.
pub fn file(folder: &Folder, name: &str, text: &(impl AsRef<[u8]> + ?Sized)) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

pub async fn create(world: &World, kind: Kind, options: &Options, dry: bool) -> ImportId {
    let options = serde_json::to_value(options).unwrap();
    let mut db = world.db.pool.acquire().await.unwrap();
    let new = New { kind: kind.as_str(), name: "a file", file: "", options: &options, dry };
    run::create(&mut db, &new, &Actor::command_line()).await.unwrap()
}

pub async fn go(world: &World, id: ImportId, path: &std::path::Path) -> Outcome {
    let end = import::run(&world.app, id, path, Progress::default()).await.unwrap();
    let run = run::by_id(&world.db.pool, id).await.unwrap().unwrap();
    let lines = line::of_run(&world.db.pool, id, None, 0, 10_000).await.unwrap();
    Outcome { end, run, lines }
}

pub async fn import_with(
    world: &World,
    kind: Kind,
    text: &(impl AsRef<[u8]> + ?Sized),
    options: &Options,
) -> Outcome {
    let folder = Folder::new();
    let path = file(&folder, "export", text);
    let id = create(world, kind, options, false).await;
    go(world, id, &path).await
}

pub async fn import(world: &World, kind: Kind, text: &(impl AsRef<[u8]> + ?Sized)) -> Outcome {
    import_with(world, kind, text, &Options::default()).await
}

/// A site that has pictures at every address below `/files/`, and nothing else.
pub async fn old_site() -> SocketAddr {
    let picture = || async { ([(header::CONTENT_TYPE, "image/png")], png(9)) };
    let other = || async { ([(header::CONTENT_TYPE, "image/png")], png(10)) };
    let router = Router::new().route("/files/ferry.png", get(picture)).route("/files/quay.png", get(other));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

pub async fn count(world: &World, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&world.db.pool).await.unwrap()
}

pub async fn text(world: &World, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(&world.db.pool).await.unwrap()
}
