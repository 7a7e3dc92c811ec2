//! Cards of our pages for other sites.

use axum::http::StatusCode;
use chrono::{TimeDelta, Utc};
use serde_json::Value;

use crate::browser::{BASE, World};
use crate::newsroom::Story;

#[tokio::test]
async fn an_article_names_the_address_of_its_card_in_both_formats() {
    let world = World::new().await;
    let id = Story::new("Tide & time").byline("Ada Orrin").publish(&world).await;
    let page = world.browser().read(&format!("/article/{id}/tide-time")).await;
    let json = page.attribute("link[type='application/json+oembed']", "href");
    let card = world.browser().get(json.strip_prefix(BASE).unwrap()).await;
    let card: Value = serde_json::from_str(&card.body).unwrap();
    assert_eq!(
        (&card["version"], &card["type"], &card["title"]),
        (&"1.0".into(), &"link".into(), &"Tide & time".into())
    );
    assert_eq!(
        (&card["author_name"], &card["author_url"]),
        (&"Ada Orrin".into(), &format!("{BASE}/author/ada-orrin").into())
    );
    assert_eq!(card["provider_name"], "Broadsheet");
    let xml = page.attribute("link[type='text/xml+oembed']", "href");
    let card = world.browser().get(xml.strip_prefix(BASE).unwrap()).await;
    assert_eq!(card.header("content-type"), "text/xml; charset=utf-8");
    assert!(card.body.contains("<title>Tide &amp; time</title>"), "{}", card.body);
}

#[tokio::test]
async fn there_is_no_card_of_what_readers_may_not_see() {
    let world = World::new().await;
    let draft = Story::new("Draft").draft(&world).await;
    let later = Story::new("Later").at(Utc::now() + TimeDelta::days(1)).publish(&world).await;
    let gone = Story::new("Gone").withdrawn(&world).await;
    let mut browser = world.browser();
    for (url, status) in [
        (format!("{BASE}/article/{draft}/draft"), StatusCode::NOT_FOUND),
        (format!("{BASE}/article/{later}/later"), StatusCode::NOT_FOUND),
        (format!("{BASE}/article/{gone}/gone"), StatusCode::GONE),
        ("https://other.example/article/1/x".to_owned(), StatusCode::NOT_FOUND),
        (format!("{BASE}/desk"), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(browser.get(&format!("/oembed?url={url}")).await.status, status, "{url}");
    }
    let yaml = format!("/oembed?url={BASE}/article/{draft}/draft&format=yaml");
    assert_eq!(browser.get(&yaml).await.status, StatusCode::NOT_IMPLEMENTED);
    assert_eq!(browser.get("/oembed").await.status, StatusCode::BAD_REQUEST);
}
