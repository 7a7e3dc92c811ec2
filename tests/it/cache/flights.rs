//! One drawing at a time, and what is drawn while the world changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use broadsheet::server;
use broadsheet::web::page_cache::{Key, PageCache};
use broadsheet::web::{App, Page, page};
use tokio::sync::Semaphore;

use super::{run, source, until};
use crate::browser::{Browser, World};
use crate::newsroom::Story;

#[derive(askama::Template)]
#[template(source = "drawing {{ number }}", ext = "html")]
struct Numbered {
    number: usize,
}

/// A page that says how often it was drawn, and is held up at its end until it is let go on.
#[derive(Clone)]
struct Slow {
    begun: Arc<AtomicUsize>,
    go: Arc<Semaphore>,
}

impl Slow {
    fn new() -> Self {
        Self { begun: Arc::default(), go: Arc::new(Semaphore::new(0)) }
    }

    fn browser(&self, world: &World) -> Browser {
        let slow = self.clone();
        let draw = move |State(_): State<App>| async move {
            let number = slow.begun.fetch_add(1, Ordering::SeqCst) + 1;
            slow.go.acquire().await.unwrap().forget();
            Page::public(&Numbered { number }).keys([Key::Tag(7)])
        };
        let routes = axum::Router::new().route("/slow", page(draw));
        Browser::on(server::layers(world.app.clone(), routes)).of(&world.app)
    }

    fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    async fn has_begun(&self, times: usize) {
        until("the drawing", || async { self.begun() >= times }).await;
    }
}

#[tokio::test]
async fn five_hundred_readers_of_a_cold_page_are_one_drawing() {
    let world = World::new().await;
    let slow = Slow::new();
    assert!(PageCache::settle(&world.app).await);
    let mut readers = Vec::new();
    for _ in 0..500 {
        let mut browser = slow.browser(&world);
        readers.push(tokio::spawn(async move { browser.get_at_once("/slow").await }));
    }
    slow.has_begun(1).await;
    slow.go.add_permits(1);
    for reader in readers {
        let answer = reader.await.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "drawing 1"));
    }
    assert_eq!(slow.begun(), 1);
}

#[tokio::test]
async fn what_was_begun_before_a_purge_is_not_kept_and_later_readers_do_not_get_it() {
    let world = World::new().await;
    let slow = Slow::new();
    let (mut early, mut late) = (slow.browser(&world), slow.browser(&world));
    let early = tokio::spawn(async move { early.get("/slow").await });
    slow.has_begun(1).await;
    run(&world, "select pg_notify('broadsheet_pages', 'tag:7')").await;
    let late = tokio::spawn(async move { late.get("/slow").await });
    slow.has_begun(2).await;
    slow.go.add_permits(2);
    let (early, late) = (early.await.unwrap(), late.await.unwrap());
    assert_eq!((early.body.as_str(), source(&early)), ("drawing 1", "drawn"));
    assert_eq!((late.body.as_str(), source(&late)), ("drawing 2", "stored"));
    assert_eq!(slow.browser(&world).get("/slow").await.body, "drawing 2");
}

#[tokio::test]
async fn an_old_page_is_shown_while_one_reader_has_it_drawn_anew() {
    let world = World::new().await;
    let slow = Slow::new();
    let mut browser = slow.browser(&world);
    slow.go.add_permits(1);
    assert_eq!(browser.get("/slow").await.body, "drawing 1");
    world.app.pages.turn_clock(Duration::from_secs(61));
    for _ in 0..3 {
        let answer = browser.get("/slow").await;
        assert_eq!((answer.body.as_str(), source(&answer)), ("drawing 1", "hit"));
        assert_eq!(answer.header("cache-status"), "broadsheet; hit; ttl=-1");
    }
    slow.has_begun(2).await;
    slow.go.add_permits(1);
    until("the new page", || {
        let mut browser = slow.browser(&world);
        async move { browser.get("/slow").await.body == "drawing 2" }
    })
    .await;
    assert_eq!(slow.begun(), 2);
}

#[tokio::test]
async fn whoever_asks_for_a_page_that_is_older_waits_for_the_new_one() {
    let world = World::new().await;
    let slow = Slow::new();
    let mut browser = slow.browser(&world);
    slow.go.add_permits(2);
    browser.get("/slow").await;
    world.app.pages.turn_clock(Duration::from_secs(121));
    let answer = browser.get("/slow").await;
    assert_eq!((answer.body.as_str(), source(&answer)), ("drawing 2", "stored"));
}

#[tokio::test]
async fn a_reader_who_leaves_does_not_stop_the_drawing_for_the_others() {
    let world = World::new().await;
    let slow = Slow::new();
    let mut leaving = slow.browser(&world);
    let leaving = tokio::spawn(async move { leaving.get("/slow").await });
    slow.has_begun(1).await;
    leaving.abort();
    slow.go.add_permits(1);
    let answer = slow.browser(&world).get("/slow").await;
    assert_eq!((answer.body.as_str(), slow.begun()), ("drawing 1", 1));
}

#[tokio::test]
async fn a_page_that_panics_is_one_error_and_the_next_reader_gets_it() {
    let world = World::new().await;
    let times = Arc::new(AtomicUsize::new(0));
    let draw = move |State(_): State<App>| {
        let number = times.fetch_add(1, Ordering::SeqCst) + 1;
        async move {
            assert_ne!(number, 1, "the first time");
            Page::public(&Numbered { number }).keys([Key::Front])
        }
    };
    let routes = axum::Router::new().route("/slow", page(draw));
    let mut browser = Browser::on(server::layers(world.app.clone(), routes)).of(&world.app);
    let first = browser.get("/slow").await;
    assert_eq!(first.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!first.body.contains("the first time"));
    assert_eq!(browser.get("/slow").await.body, "drawing 2");
}

#[tokio::test]
async fn a_second_instance_hears_of_a_change_too() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    let other = world.instance().await;
    let path = format!("/article/{id}/tides");
    for browser in [&mut world.browser(), &mut Browser::on(server::router(other.clone())).of(&other)] {
        super::warm(browser, &path).await;
    }
    run(&world, "update articles set headline = 'Low water'").await;
    let answer = Browser::on(server::router(other.clone())).of(&other).get(&path).await;
    assert!(source(&answer) == "stored" && answer.body.contains("Low water"));
}
