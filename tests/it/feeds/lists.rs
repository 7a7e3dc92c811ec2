//! What has a feed: every list of articles, the corrections, the comments on an article; and how readers find them.

use axum::http::StatusCode;
use broadsheet::news::article::save::{self, Act, Action};
use broadsheet::news::audit::Actor;
use chrono::{TimeDelta, Utc};

use super::{addresses, parse, titles};
use crate::browser::{BASE, World};
use crate::newsroom::{Page, Story, section};

#[tokio::test]
async fn each_list_has_a_feed_of_its_own_articles() {
    let world = World::new().await;
    let paper = section(&world, "Paper").await;
    let ours = Story::new("One of ours").with(|fields| fields.section_id = paper);
    ours.tags(&["Rivers"]).byline("Ada Orrin").publish(&world).await;
    Story::new("Of others").tags(&["Trams"]).byline("Ben Lorne").publish(&world).await;
    let mut browser = world.browser();
    for list in ["/section/paper", "/tag/rivers", "/author/ada-orrin", "/author/ada-orrin/tag/rivers"] {
        for address in addresses(&format!("{list}/feed.xml")) {
            assert_eq!(titles(&parse(&browser.get(&address).await)), ["One of ours"], "{address}");
        }
    }
    for list in ["/section/none", "/tag/none", "/author/none", "/focus/none", "/author/ada-orrin/tag/trams"] {
        for address in addresses(&format!("{list}/feed.xml")) {
            assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
        }
    }
}

#[tokio::test]
async fn a_search_has_a_feed_of_what_it_finds_newest_first() {
    let world = World::new().await;
    Story::new("Ferry sails").hours_ago(2).tags(&["Ports"]).publish(&world).await;
    Story::new("Ferry returns").hours_ago(1).publish(&world).await;
    Story::new("Tram stops").publish(&world).await;
    let mut browser = world.browser();
    for address in addresses("/search/feed.xml?q=ferry") {
        assert_eq!(
            titles(&parse(&browser.get(&address).await)),
            ["Ferry returns", "Ferry sails"],
            "{address}"
        );
    }
    assert_eq!(titles(&parse(&browser.get("/search/feed.xml?q=ferry&tag=ports").await)), ["Ferry sails"]);
    assert_eq!(browser.get("/search/feed.xml?q=ferry&tag=none").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/search/feed.xml").await.status, StatusCode::BAD_REQUEST);
    let page = browser.read("/search?q=ferry").await;
    let found = page.attributes("link[rel=alternate][type='application/atom+xml']", "href");
    assert!(found.contains(&"/search/feed.atom?q=ferry".to_owned()), "{found:?}");
}

#[tokio::test]
async fn corrections_have_a_feed_in_every_format() {
    let world = World::new().await;
    let id = Story::new("Bridge").hours_ago(2).publish(&world).await;
    let mut fields = Story::new("Bridge").hours_ago(2).0;
    fields.section_id = section(&world, "News").await;
    let act = Act { correction: Some("It is in the north.".to_owned()), ..Act::from(Action::Save) };
    let mut tx = world.db.pool.begin().await.unwrap();
    save::update(&mut tx, id, 1, &fields, act, &Actor::command_line()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    for address in addresses("/corrections/feed.xml") {
        let feed = parse(&world.browser().get(&address).await);
        assert_eq!(titles(&feed), ["Bridge"], "{address}");
        assert_eq!(feed.entries[0].id, format!("{BASE}/article/{id}/corrections/1"), "{address}");
        assert_eq!(feed.entries[0].summary.as_ref().unwrap().content, "It is in the north.", "{address}");
    }
}

#[tokio::test]
async fn only_approved_comments_are_in_the_feed_of_an_article() {
    let world = World::new().await;
    let id = Story::new("Bridge").publish(&world).await;
    for (name, body, state, removed) in [
        ("Ann", "Well <b>said</b>.", "approved", false),
        ("Canary one", "canary", "pending", false),
        ("Canary two", "canary", "spam", false),
        ("Canary three", "canary", "approved", true),
    ] {
        sqlx::query(
            "insert into comments (article_id, name, email, body, state, removed_at)
             values ($1, $2, 'canary@example.org', $3, $4, case when $5 then now() end)",
        )
        .bind(id.0)
        .bind(name)
        .bind(body)
        .bind(state)
        .bind(removed)
        .execute(&world.db.pool)
        .await
        .unwrap();
    }
    for address in addresses(&format!("/article/{id}/comments/feed.xml")) {
        let answer = world.browser().get(&address).await;
        let feed = parse(&answer);
        assert_eq!(titles(&feed), ["Ann on “Bridge”"], "{address}");
        let body = feed.entries[0].content.as_ref().unwrap().body.as_ref().unwrap();
        assert!(body.contains("<p>Well &#60;b&#62;said&#60;/b&#62;.</p>"), "{address}: {body}");
        assert!(!answer.body.to_lowercase().contains("canary"), "{address}");
    }
}

#[tokio::test]
async fn what_readers_may_not_see_has_no_feed_of_comments() {
    let world = World::new().await;
    let draft = Story::new("Draft").draft(&world).await;
    let later = Story::new("Later").at(Utc::now() + TimeDelta::days(1)).publish(&world).await;
    let gone = Story::new("Gone").withdrawn(&world).await;
    for (id, status) in [(draft, 404), (later, 404), (gone, 410)] {
        let answer = world.browser().get(&format!("/article/{id}/comments/feed.json")).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn what_is_withdrawn_leaves_the_feed() {
    let world = World::new().await;
    let id = Story::new("Canary").publish(&world).await;
    Story::new("Stays").publish(&world).await;
    sqlx::query("update articles set state = 'withdrawn' where id = $1")
        .bind(id.0)
        .execute(&world.db.pool)
        .await
        .unwrap();
    for address in addresses("/feed.xml") {
        assert_eq!(titles(&parse(&world.browser().get(&address).await)), ["Stays"], "{address}");
    }
}

#[tokio::test]
async fn pages_name_their_feeds_in_every_format() {
    let world = World::new().await;
    let id = Story::new("Bridge").byline("Ada Orrin").tags(&["Rivers"]).publish(&world).await;
    for (page, feed) in [
        ("/".to_owned(), "/feed.xml".to_owned()),
        ("/section/news".to_owned(), "/section/news/feed.xml".to_owned()),
        ("/tag/rivers".to_owned(), "/tag/rivers/feed.xml".to_owned()),
        ("/author/ada-orrin".to_owned(), "/author/ada-orrin/feed.xml".to_owned()),
        (format!("/article/{id}/bridge"), format!("/article/{id}/comments/feed.xml")),
    ] {
        let answer = world.browser().get(&page).await;
        let found = Page::of(&answer).attributes("link[rel=alternate]", "href");
        for address in addresses(&feed) {
            assert!(found.contains(&address), "{page}: {address}: {found:?}");
        }
    }
}

#[tokio::test]
async fn the_page_of_feeds_and_the_opml_lead_to_feeds_that_are_there() {
    let world = World::new().await;
    Story::new("Bridge").publish(&world).await;
    section(&world, "Paper & Ink").await;
    let mut browser = world.browser();
    let listed = browser.read("/feeds").await.attributes("a.feed", "href");
    assert_eq!(listed.len(), 4 * 3, "{listed:?}");
    let opml = browser.get("/feeds.opml").await;
    assert_eq!(opml.header("content-type"), "text/x-opml; charset=utf-8");
    assert!(opml.body.contains("title=\"Paper &amp; Ink\""), "{}", opml.body);
    let from_opml = opml
        .body
        .split("xmlUrl=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().strip_prefix(BASE).unwrap().to_owned());
    let from_opml: Vec<String> = from_opml.collect();
    assert_eq!(from_opml.len(), 4);
    for address in listed.iter().chain(&from_opml) {
        assert_eq!(browser.get(address).await.status, StatusCode::OK, "{address}");
    }
}
