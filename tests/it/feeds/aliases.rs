//! Addresses of feeds elsewhere lead to ours, at once.

use axum::http::StatusCode;

use crate::browser::World;

#[tokio::test]
async fn the_names_that_other_programs_use_lead_to_the_feed() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (alias, feed) in [
        ("/feed", "/feed.xml"),
        ("/feed/", "/feed.xml"),
        ("/rss", "/feed.xml"),
        ("/rss/", "/feed.xml"),
        ("/index.xml", "/feed.xml"),
        ("/feed/atom/", "/feed.atom"),
        ("/atom.xml", "/feed.atom"),
        ("/feed/json", "/feed.json"),
        ("/tag/sea/feed/", "/tag/sea/feed.xml"),
        ("/tag/sea/rss/", "/tag/sea/feed.xml"),
        ("/tag/sea/feed/atom/", "/tag/sea/feed.atom"),
        ("/category/news/feed/", "/section/news/feed.xml"),
        ("/section/news/rss", "/section/news/feed.xml"),
        ("/author/ada-orrin/feed/", "/author/ada-orrin/feed.xml"),
        ("/article/7/bridge/feed/", "/article/7/comments/feed.xml"),
    ] {
        let answer = browser.get(alias).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::MOVED_PERMANENTLY, feed),
            "{alias}"
        );
    }
}

#[tokio::test]
async fn an_alias_leads_to_nowhere_else() {
    let world = World::new().await;
    let answer = world.browser().get("/tag/%2F%2Fevil.example%0Ax/feed").await;
    assert_eq!(answer.header("location"), "/tag/%2F%2Fevil.example%0Ax/feed.xml");
}
