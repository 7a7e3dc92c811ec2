//! Readers that ask again: by ETag, by date, packed, after a restart; and people who open a feed in a browser.

use axum::http::StatusCode;
use broadsheet::server;
use broadsheet::web::App;
use broadsheet::web::rates::Quotas;

use super::addresses;
use crate::browser::{BASE, Browser, Folder, World, config};
use crate::newsroom::Story;

#[tokio::test]
async fn a_reader_that_has_the_feed_is_told_so() {
    let world = World::new().await;
    let id = Story::new("Before").publish(&world).await;
    let mut browser = world.browser();
    let mut firsts = Vec::new();
    for address in addresses("/feed.xml") {
        let first = browser.get(&address).await;
        assert_eq!(first.header("cache-control"), "public, max-age=900, stale-while-revalidate=3600");
        for (name, value) in
            [("if-none-match", first.header("etag")), ("if-modified-since", first.header("last-modified"))]
        {
            let again = browser.get_with(&address, &[(name, value)]).await;
            assert_eq!(
                (again.status, again.body.as_str()),
                (StatusCode::NOT_MODIFIED, ""),
                "{address} {name}"
            );
        }
        firsts.push((address, first));
    }
    Story::new("After").over(&world, id).await;
    for (address, first) in firsts {
        let changed = browser.get_with(&address, &[("if-none-match", first.header("etag"))]).await;
        assert_eq!(changed.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn packing_and_another_instance_change_no_tag() {
    let world = World::new().await;
    let body = format!("<p>{}</p>", "The water stood to the third step. ".repeat(40));
    Story::new("Long enough to be packed").body(&body).publish(&world).await;
    let folder = Folder::new();
    let other = App::assemble(config(&folder), BASE, world.db.pool.clone(), Quotas::open()).await.unwrap();
    for address in addresses("/feed.xml") {
        let plain = world.browser().get(&address).await;
        for encoding in ["gzip", "br"] {
            let packed = Browser::on(server::router(other.clone()))
                .get_with(&address, &[("accept-encoding", encoding)])
                .await;
            assert_eq!(packed.header("content-encoding"), encoding, "{address}");
            assert_eq!(packed.header("etag"), plain.header("etag"), "{address} {encoding}");
            assert_eq!(packed.header("last-modified"), plain.header("last-modified"), "{address} {encoding}");
            let asked = [("accept-encoding", encoding), ("if-none-match", packed.header("etag"))];
            let again = world.browser().get_with(&address, &asked).await;
            assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{address} {encoding}");
        }
    }
}

#[tokio::test]
async fn a_reader_that_asks_by_date_hears_of_what_went_away() {
    let world = World::new().await;
    let id = Story::new("Goes").hours_ago(3).publish(&world).await;
    Story::new("Stays").hours_ago(3).publish(&world).await;
    let pool = &world.db.pool;
    sqlx::query("update articles set updated_at = now() - interval '2 hours', released_at = publish_at")
        .execute(pool)
        .await
        .unwrap();
    let first = world.browser().get("/feed.xml").await;
    let asked = [("if-modified-since", first.header("last-modified"))];
    assert_eq!(world.browser().get_with("/feed.xml", &asked).await.status, StatusCode::NOT_MODIFIED);
    sqlx::query("update articles set expire_at = now() - interval '1 hour' where id = $1")
        .bind(id.0)
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(world.browser().get_with("/feed.xml", &asked).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_person_who_opens_a_feed_gets_a_page_and_a_reader_gets_a_feed() {
    let world = World::new().await;
    Story::new("Bridge").publish(&world).await;
    let mut browser = world.browser();
    for (address, to_a_person, to_a_reader) in [
        ("/feed.xml", "text/xml; charset=utf-8", "application/rss+xml; charset=utf-8"),
        ("/feed.atom", "text/xml; charset=utf-8", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/json; charset=utf-8", "application/feed+json; charset=utf-8"),
    ] {
        let page = browser.get_with(address, &[("sec-fetch-dest", "document")]).await;
        let feed = browser.get(address).await;
        assert_eq!((page.header("content-type"), feed.header("content-type")), (to_a_person, to_a_reader));
        assert_eq!(page.body, feed.body);
        let vary: Vec<&str> =
            feed.headers.get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(vary.join(",").to_lowercase().contains("sec-fetch-dest"), "{address}: {vary:?}");
        assert_eq!(feed.header("access-control-allow-origin"), "*");
    }
    let feed = browser.get("/feed.xml").await.body;
    let style =
        feed.split("<?xml-stylesheet type=\"text/css\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(browser.get(style).await.status, StatusCode::OK);
}
