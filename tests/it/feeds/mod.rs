//! The feeds, the sitemap and robots.txt as feed readers and crawlers meet them.

mod aliases;
mod announce;
mod conditional;
mod formats;
mod lists;
mod oembed;
mod odd;
mod robots;
mod sitemaps;

use axum::http::StatusCode;
use broadsheet::paths::feeds::Format;
use chrono::{TimeDelta, Utc};
use feed_rs::model::Feed;

use crate::browser::{Answer, BASE, World};
use crate::newsroom::Story;

fn parse(answer: &Answer) -> Feed {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    feed_rs::parser::parse(answer.body.as_bytes()).unwrap()
}

/// The addresses of the same feed: RSS, Atom, JSON Feed.
fn addresses(rss: &str) -> [String; 3] {
    Format::ALL.map(|format| broadsheet::paths::feeds::in_format(rss, format))
}

fn titles(feed: &Feed) -> Vec<&str> {
    feed.entries.iter().filter_map(|entry| entry.title.as_ref()).map(|title| title.content.as_str()).collect()
}

#[tokio::test]
async fn an_item_carries_the_whole_article_with_whole_addresses() {
    let world = World::new().await;
    let id = Story::new("Harbour wall holds")
        .with(|fields| fields.standfirst = "It was a near thing.".to_owned())
        .body("<h2>Night</h2><p>The <a href=\"/tag/sea\">sea</a> rose.</p>")
        .byline("Mira Aldan, Tomas Reyl")
        .tags(&["Sea", "Ports"])
        .publish(&world)
        .await;
    let feed = parse(&world.browser().get("/feed.xml").await);
    let entry = &feed.entries[0];
    assert_eq!(entry.id, format!("{BASE}/article/{id}"));
    assert_eq!(entry.links[0].href, format!("{BASE}/article/{id}/harbour-wall-holds"));
    assert_eq!(entry.summary.as_ref().unwrap().content, "It was a near thing.");
    let body = entry.content.as_ref().unwrap().body.as_ref().unwrap();
    assert!(body.contains("<h2>Night</h2>"), "{body}");
    assert!(body.contains(&format!("<a href=\"{BASE}/tag/sea\"")), "{body}");
    let people: Vec<&str> = entry.authors.iter().filter_map(|person| person.name.as_deref()).collect();
    assert_eq!(people, ["Mira Aldan", "Tomas Reyl"]);
    let terms: Vec<&str> = entry.categories.iter().map(|category| category.term.as_str()).collect();
    assert_eq!(terms, ["News", "Sea", "Ports"]);
}

#[tokio::test]
async fn what_readers_may_not_see_is_in_no_feed_and_no_sitemap() {
    let world = World::new().await;
    let tomorrow = Utc::now() + TimeDelta::days(1);
    let story = |headline: &str| Story::new(headline).tags(&["Canary"]);
    story("Canary draft").draft(&world).await;
    story("Canary scheduled").at(tomorrow).publish(&world).await;
    story("Canary withdrawn").withdrawn(&world).await;
    story("Canary expired")
        .hours_ago(3)
        .with(|it| it.expire_at = Some(Utc::now() - TimeDelta::hours(1)))
        .publish(&world)
        .await;
    Story::new("Seen").publish(&world).await;
    let month = Utc::now().format("/sitemap/%Y-%m.xml").to_string();
    let mut browser = world.browser();
    assert_eq!(browser.get("/tag/canary/feed.xml").await.status, StatusCode::NOT_FOUND);
    for path in ["/feed.xml", "/section/news/feed.xml", "/sitemap.xml", &month] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(
            !answer.body.to_lowercase().contains("canary-") && !answer.body.contains("Canary "),
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_item_keeps_its_id_when_headline_and_slug_change() {
    let world = World::new().await;
    let id = Story::new("Before").publish(&world).await;
    let before = parse(&world.browser().get("/feed.xml").await).entries[0].id.clone();
    Story::new("After").over(&world, id).await;
    let feed = parse(&world.browser().get("/feed.xml").await);
    assert_eq!((titles(&feed), &feed.entries[0].id), (vec!["After"], &before));
}

#[tokio::test]
async fn a_feed_holds_the_thirty_newest() {
    let world = World::new().await;
    for number in 1..=32 {
        let at = Utc::now() - TimeDelta::minutes(number);
        Story::new(&format!("Story {number}")).at(at).publish(&world).await;
    }
    let feed = parse(&world.browser().get("/feed.xml").await);
    assert_eq!((feed.entries.len(), titles(&feed)[0], titles(&feed)[29]), (30, "Story 1", "Story 30"));
}

#[tokio::test]
async fn what_comes_out_with_an_older_date_is_in_the_feed_all_the_same() {
    let world = World::new().await;
    for number in 1..=30 {
        let at = Utc::now() - TimeDelta::minutes(number);
        Story::new(&format!("Story {number}")).at(at).publish(&world).await;
    }
    let old = Utc::now() - TimeDelta::days(600);
    Story::new("From the archive").at(old).tags(&["Archive"]).publish(&world).await;
    let feed = parse(&world.browser().get("/feed.xml").await);
    assert_eq!((feed.entries.len(), titles(&feed)[29]), (30, "From the archive"));
    sqlx::query("update articles set released_at = now() - interval '3 days' where publish_at = $1")
        .bind(old)
        .execute(&world.db.pool)
        .await
        .unwrap();
    let feed = parse(&world.browser().get("/feed.xml").await);
    assert_eq!(titles(&feed)[29], "Story 30");
}
