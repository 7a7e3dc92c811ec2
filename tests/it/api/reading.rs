//! `/api/v1`: what everybody may read.

use axum::body::Body;
use axum::http::{Method, Request};
use broadsheet::accounts::Role;
use chrono::{TimeDelta, Utc};

use crate::browser::{BASE, World, bare};
use crate::newsroom::Story;

/// Five stories of five hours, the newest last.
async fn five(world: &World) {
    for (hours, headline) in [(5, "One"), (4, "Two"), (3, "Three"), (2, "Four"), (1, "Five")] {
        Story::new(headline).hours_ago(hours).publish(world).await;
    }
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended_until_everything_was_told_once() {
    let world = World::new().await;
    five(&world).await;
    let mut browser = world.browser();
    let mut path = "/api/v1/articles?limit=2&fields=headline".to_owned();
    let mut told = Vec::new();
    loop {
        let answer = browser.get(&path).await;
        let list = answer.json();
        told.extend(list["items"].as_array().unwrap().iter().map(|item| item["headline"].to_string()));
        let Some(next) = list["next"].as_str() else { break };
        assert_eq!(answer.header("link"), format!("<{next}>; rel=\"next\""));
        path = next.strip_prefix(BASE).unwrap().to_owned();
    }
    assert_eq!(told, ["\"Five\"", "\"Four\"", "\"Three\"", "\"Two\"", "\"One\""]);
}

#[tokio::test]
async fn what_readers_do_not_see_is_nowhere() {
    const CANARY: &str = "zanzibar";
    let world = World::new().await;
    let hidden = |story: Story| story.tags(&[CANARY]).byline("Zanzibar Quill");
    let draft = hidden(Story::new("Zanzibar draft")).draft(&world).await;
    hidden(Story::new("Zanzibar soon")).at(Utc::now() + TimeDelta::hours(2)).publish(&world).await;
    let over = |story: &mut broadsheet::news::article::save::Fields| story.expire_at = Some(Utc::now());
    hidden(Story::new("Zanzibar over")).hours_ago(3).with(over).publish(&world).await;
    Story::new("Seen").publish(&world).await;
    // An administrator's cookie changes nothing.
    for mut browser in [world.browser(), world.logged_in(Role::Admin).await] {
        for path in ["articles", "tags", "authors", "sections", "topics", "most-viewed", "search?q=zanzibar"]
        {
            let answer = browser.get(&format!("/api/v1/{path}")).await;
            assert_eq!(answer.status, 200, "{path}");
            assert!(
                !answer.body.to_lowercase().contains(CANARY)
                    || path.starts_with("search?q=") && answer.json()["items"].as_array().unwrap().is_empty(),
                "{path}: {}",
                answer.body
            );
        }
        for path in
            [format!("articles/{draft}"), "tags/zanzibar".to_owned(), "authors/zanzibar-quill".to_owned()]
        {
            let answer = browser.get(&format!("/api/v1/{path}")).await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(!answer.body.contains(CANARY), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn filters_narrow_a_list_together() {
    let world = World::new().await;
    Story::new("Ice and ships").tags(&["ice", "ships"]).byline("Ines Ott").hours_ago(1).publish(&world).await;
    Story::new("Ice alone").tags(&["ice"]).byline("Jo Lund").hours_ago(2).publish(&world).await;
    Story::new("Ships alone").tags(&["ships"]).byline("Ines Ott").hours_ago(30).publish(&world).await;
    let mut browser = world.browser();
    let day = broadsheet::paths::encode(&(Utc::now() - TimeDelta::days(1)).to_rfc3339());
    for (query, found) in [
        ("tag=ice", &["Ice and ships", "Ice alone"][..]),
        ("author=ines-ott", &["Ice and ships", "Ships alone"]),
        ("tag=ice&author=ines-ott", &["Ice and ships"]),
        ("section=news&tag=ships", &["Ice and ships", "Ships alone"]),
        (&format!("tag=ships&from={day}"), &["Ice and ships"]),
        (&format!("to={day}"), &["Ships alone"]),
        ("work=opinion", &[]),
    ] {
        assert_eq!(browser.items(&format!("/api/v1/articles?{query}"), "headline").await, found, "{query}");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_named() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (query, names) in [
        ("articles?sort=asc&limit=2", &["sort"][..]),
        ("articles?limit=0", &["limit"]),
        ("articles?limit=many", &["limit"]),
        ("articles?limit=1&limit=2", &["limit"]),
        ("articles?work=poetry&cursor=x&nonsense=", &["work", "nonsense"]),
        ("articles?cursor=zz", &["cursor"]),
        ("articles?fields=id,secret", &["fields"]),
        ("articles?section=nowhere", &["section"]),
        ("articles?from=yesterday", &["from"]),
        ("articles?topic=a&tag=b", &["topic"]),
        ("search", &["q"]),
        ("search?q=%00", &["q"]),
        ("most-viewed?span=year", &["span"]),
        ("tags?cursor=Not%20A%20Slug", &["cursor"]),
    ] {
        let answer = browser.get(&format!("/api/v1/{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.wrong(), names, "{query}: {}", answer.body);
        assert_eq!(answer.json()["type"], "http://localhost/api/v1/docs#problem-parameter");
        assert_eq!(answer.header("cache-control"), "private, no-store");
    }
}

#[tokio::test]
async fn only_the_fields_that_were_asked_for_come() {
    let world = World::new().await;
    let id = Story::new("Five fields").publish(&world).await;
    let mut browser = world.browser();
    let one = browser.json(&format!("/api/v1/articles/{id}?fields=id,headline")).await;
    assert_eq!(one, serde_json::json!({ "id": id.0, "headline": "Five fields" }));
    let list = browser.json("/api/v1/articles").await;
    assert!(list["items"][0]["body_html"].is_null(), "a list carries no bodies: {list}");
    let list = browser.json("/api/v1/articles?fields=body_html").await;
    assert_eq!(list["items"][0]["body_html"], "<p>The water stood to the third step.</p>");
}

#[tokio::test]
async fn what_has_not_changed_answers_304() {
    let world = World::new().await;
    let id = Story::new("The same").publish(&world).await;
    let mut browser = world.browser();
    let path = format!("/api/v1/articles/{id}");
    let tag = browser.get(&path).await.header("etag").to_owned();
    assert_eq!(browser.get_with(&path, &[("if-none-match", &tag)]).await.status, 304);
    Story::new("Another").over(&world, id).await;
    let changed = browser.get_with(&path, &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.header("cache-control"), "public, max-age=0, must-revalidate");
}

#[tokio::test]
async fn pages_of_other_sites_may_read_without_cookies() {
    let world = World::new().await;
    let mut browser = world.browser();
    let answer = browser.get_with("/api/v1/articles", &[("origin", "https://evil.example")]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let ask = Request::options("/api/v1/articles").header("origin", "https://evil.example");
    let preflight = browser.send(ask.body(Body::empty()).unwrap()).await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-methods"), "GET, HEAD");
}

#[tokio::test]
async fn every_refusal_is_a_problem_for_programs() {
    let world = World::new().await;
    let gone = Story::new("Gone").with(|story| story.withdrawn_note = "We were wrong.".into());
    let gone = gone.withdrawn(&world).await;
    let mut browser = world.browser();
    for (method, path, status) in [
        (Method::GET, format!("/api/v1/articles/{gone}"), 410),
        (Method::GET, "/api/v1/articles/0".to_owned(), 404),
        (Method::GET, "/api/v1/articles/x".to_owned(), 404),
        (Method::GET, "/api/nothing".to_owned(), 404),
        (Method::DELETE, "/api/v1/articles".to_owned(), 405),
    ] {
        let answer = browser.send(bare(method, &path)).await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.json()["status"], status, "{path}");
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"), "{path}");
    }
    let gone = browser.get(&format!("/api/v1/articles/{gone}")).await;
    assert_eq!(gone.json()["detail"], "We were wrong.");
}
