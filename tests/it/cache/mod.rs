//! Pages that are kept: what is kept and for whom, and that nothing of it is ever wrong.

mod away;
mod coherence;
mod flights;
mod keeping;
mod moments;

use std::time::Duration;

use axum::http::StatusCode;
use broadsheet::web::page_cache::PageCache;

use crate::browser::{Answer, Browser, World};

/// The word of `Cache-Status` that says where an answer came from.
fn source(answer: &Answer) -> &'static str {
    match answer.header("cache-status") {
        "" => "none",
        "broadsheet; fwd=bypass" => "bypass",
        status if status.contains("detail=away") => "spare",
        status if status.contains("; hit") => "hit",
        status if status.contains("collapsed") => "shared",
        status if status.contains("stored") => "stored",
        _ => "drawn",
    }
}

/// Asks twice: the second time it has to be there.
async fn warm(browser: &mut Browser, path: &str) -> Answer {
    let first = browser.get(path).await;
    assert_eq!(first.status, StatusCode::OK, "{path}: {}", first.body);
    let second = browser.get(path).await;
    assert_eq!(source(&second), "hit", "{path}");
    second
}

/// Waits, within reason, for what another task does.
async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    for _ in 0..1000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} did not happen");
}

async fn run(world: &World, statement: &'static str) {
    sqlx::raw_sql(statement).execute(&world.db.pool).await.unwrap();
    assert!(PageCache::settle(&world.app).await);
}
