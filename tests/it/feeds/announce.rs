//! Hubs and search engines hear what comes out: by jobs written with the article, over a client that looks where it
//! calls.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::response::Redirect;
use axum::routing::{any, post};
use broadsheet::accounts::Role;
use broadsheet::jobs::{Runner, tell_engines};
use broadsheet::news::article::save::{self, Action};
use broadsheet::news::audit::Actor;
use broadsheet::outbound::{Ask, Failed, Outbound};
use chrono::{TimeDelta, Utc};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::browser::{BASE, World};
use crate::newsroom::{Story, section};

/// Another's server: what it heard, and what it answers.
struct Other {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<StatusCode>>,
}

impl Other {
    async fn new() -> Self {
        let (heard, answer) =
            (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(StatusCode::NO_CONTENT)));
        let (ears, mouth) = (Arc::clone(&heard), Arc::clone(&answer));
        let hear = move |body: String| async move {
            ears.lock().unwrap().push(body);
            *mouth.lock().unwrap()
        };
        let routes = Router::new()
            .route("/hub", post(hear))
            .route("/round", any(|| async { Redirect::temporary("/round") }))
            .route("/long", any(|| async { "x".repeat(5000) }));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { address, heard, answer }
    }

    fn hub(&self) -> String {
        format!("{}/hub", self.address)
    }

    fn heard(&self) -> Vec<String> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

async fn with_hub(world: &World, hub: &str) {
    sqlx::query("insert into discovery (hubs) values ($1)").bind(hub).execute(&world.db.pool).await.unwrap();
}

async fn waiting(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from jobs where kind in ('ping_hub', 'tell_engines')")
        .fetch_one(&world.db.pool)
        .await
        .unwrap()
}

async fn work(world: &World) {
    Runner::new(world.app.clone()).drain().await.unwrap();
}

#[tokio::test]
async fn a_hub_hears_of_every_feed_an_article_is_in() {
    let (world, other) = (World::new().await, Other::new().await);
    with_hub(&world, &other.hub()).await;
    Story::new("Bridge").tags(&["Sea & sand"]).byline("Ada Orrin").publish(&world).await;
    work(&world).await;
    let heard = other.heard();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(heard[0].starts_with("hub.mode=publish&hub.url="), "{heard:?}");
    let topics: Vec<String> = url::form_urlencoded::parse(heard[0].as_bytes())
        .filter(|(name, _)| name == "hub.url")
        .map(|(_, value)| value.into_owned())
        .collect();
    for path in [
        "/feed.xml",
        "/feed.atom",
        "/feed.json",
        "/section/news/feed.atom",
        "/tag/sea-sand/feed.xml",
        "/author/ada-orrin/feed.json",
    ] {
        assert!(topics.contains(&format!("{BASE}{path}")), "{path}: {topics:?}");
    }
    assert_eq!(waiting(&world).await, 0);
}

#[tokio::test]
async fn a_feed_names_its_hubs_in_its_head_and_in_its_text() {
    let world = World::new().await;
    with_hub(&world, "https://hub.example/").await;
    Story::new("Bridge").publish(&world).await;
    for (address, text) in [
        ("/feed.xml", "<atom:link rel=\"hub\" href=\"https://hub.example/\"/>"),
        ("/feed.atom", "<link rel=\"hub\" href=\"https://hub.example/\"/>"),
        ("/feed.json", "\"hubs\":[{\"type\":\"WebSub\",\"url\":\"https://hub.example/\"}]"),
    ] {
        let answer = world.browser().get(address).await;
        assert!(answer.body.contains(text), "{address}: {}", answer.body);
        let links: Vec<&str> =
            answer.headers.get_all("link").iter().map(|link| link.to_str().unwrap()).collect();
        assert_eq!(
            links,
            ["<https://hub.example/>; rel=\"hub\"".to_owned(), format!("<{BASE}{address}>; rel=\"self\"")]
        );
    }
}

#[tokio::test]
async fn a_hub_that_fails_is_asked_again() {
    let (world, other) = (World::new().await, Other::new().await);
    with_hub(&world, &other.hub()).await;
    *other.answer.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    Story::new("Bridge").publish(&world).await;
    work(&world).await;
    assert_eq!((other.heard().len(), waiting(&world).await), (1, 1));
    *other.answer.lock().unwrap() = StatusCode::NO_CONTENT;
    sqlx::query("update jobs set run_at = now()").execute(&world.db.pool).await.unwrap();
    work(&world).await;
    assert_eq!((other.heard().len(), waiting(&world).await), (1, 0));
}

#[tokio::test]
async fn a_hub_hears_of_what_was_committed_and_when_its_time_has_come() {
    let (world, other) = (World::new().await, Other::new().await);
    with_hub(&world, &other.hub()).await;
    let mut story = Story::new("Never").0;
    story.section_id = section(&world, "News").await;
    let mut tx = world.db.pool.begin().await.unwrap();
    save::create(&mut tx, &story, Action::Publish, &Actor::command_line()).await.unwrap();
    tx.rollback().await.unwrap();
    Story::new("Draft").draft(&world).await;
    assert_eq!(waiting(&world).await, 0);
    let at = Utc::now() + TimeDelta::hours(1);
    Story::new("Later").at(at).publish(&world).await;
    work(&world).await;
    let run_at: chrono::DateTime<Utc> = sqlx::query_scalar("select run_at from jobs where kind = 'ping_hub'")
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    assert_eq!((other.heard().len(), run_at.timestamp()), (0, at.timestamp()));
}

#[tokio::test]
async fn a_hub_that_was_taken_out_hears_nothing_more() {
    let (world, other) = (World::new().await, Other::new().await);
    with_hub(&world, &other.hub()).await;
    Story::new("Bridge").publish(&world).await;
    sqlx::query("update discovery set hubs = ''").execute(&world.db.pool).await.unwrap();
    work(&world).await;
    assert_eq!((other.heard().len(), waiting(&world).await), (0, 0));
}

#[tokio::test]
async fn search_engines_hear_of_an_article_with_a_key_that_proves_who_speaks() {
    let (world, other) = (World::new().await, Other::new().await);
    let id = Story::new("Before").publish(&world).await;
    assert_eq!(waiting(&world).await, 0);
    let mut desk = world.logged_in(Role::Admin).await;
    desk.post("/desk/discovery", &[("robots", "all"), ("indexnow", "on")]).await;
    tell_engines::run(&world.app, id, &other.hub()).await.unwrap();
    let told: Value = serde_json::from_str(&other.heard()[0]).unwrap();
    assert_eq!(told["urlList"][0], format!("{BASE}/article/{id}/before"));
    assert_eq!(told["host"], "localhost");
    let key = told["key"].as_str().unwrap();
    let place = told["keyLocation"].as_str().unwrap().strip_prefix(BASE).unwrap();
    assert_eq!((world.browser().get(place).await.body.as_str(), key.len()), (key, 32));
    let other_key = world.browser().get(&format!("/{}.txt", "0".repeat(32))).await;
    assert_eq!(other_key.status, StatusCode::NOT_FOUND);
    let mut saved = Story::new("After").0;
    saved.section_id = section(&world, "News").await;
    let mut tx = world.db.pool.begin().await.unwrap();
    save::update(&mut tx, id, 1, &saved, Action::Save, &Actor::command_line()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert_eq!(waiting(&world).await, 1);
}

#[tokio::test]
async fn a_call_ends_at_its_limits() {
    let other = Other::new().await;
    let ask = |path: &str| Ask {
        method: Method::GET,
        url: format!("{}{path}", other.address),
        content_type: None,
        body: "".into(),
        limit: 1000,
    };
    let open = Outbound::new().unwrap().anywhere();
    assert_eq!(open.send(ask("/round")).await.unwrap_err(), Failed::TooManyRedirects);
    assert_eq!(open.send(ask("/long")).await.unwrap_err(), Failed::TooLarge);
    assert_eq!(open.send(ask("/none")).await.unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(Outbound::new().unwrap().send(ask("/none")).await.unwrap_err(), Failed::Forbidden);
}

#[tokio::test]
async fn what_is_no_page_at_the_root_is_still_none() {
    let world = World::new().await;
    for path in ["/wp-login.php", "/nothing", "/x.txt"] {
        assert_eq!(world.browser().get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
