//! robots.txt and its like, as an administrator sets them at the desk.

use axum::http::StatusCode;
use broadsheet::accounts::Role;

use crate::browser::{BASE, World};
use crate::newsroom::{Page, section};

const SCREEN: &str = "/desk/discovery";

#[tokio::test]
async fn robots_are_told_where_the_sitemaps_are_and_where_not_to_go() {
    let world = World::new().await;
    let text = world.browser().get("/robots.txt").await.body;
    for line in [
        "Disallow: /desk",
        "Disallow: /search",
        &format!("Sitemap: {BASE}/sitemap.xml"),
        &format!("Sitemap: {BASE}/sitemap-news.xml"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    assert!(!text.contains("GPTBot"));
}

#[tokio::test]
async fn each_preset_says_who_is_welcome() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Admin).await;
    let answer =
        desk.post(SCREEN, &[("robots", "search"), ("robots_lines", "User-agent: Greedy\nDisallow: /")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let text = world.browser().get("/robots.txt").await.body;
    let groups: Vec<&str> = text.split("\n\n").collect();
    assert!(
        groups[0].starts_with("User-agent: *\nContent-Signal: search=yes, ai-train=no\nDisallow: /desk"),
        "{text}"
    );
    assert!(groups[1].contains("User-agent: GPTBot\n") && groups[1].ends_with("\nDisallow: /"), "{text}");
    assert_eq!(groups[2], "User-agent: Greedy\nDisallow: /");
    desk.post(SCREEN, &[("robots", "none")]).await;
    let text = world.browser().get("/robots.txt").await.body;
    assert!(
        text.contains("User-agent: *\nContent-Signal: search=no, ai-input=no, ai-train=no\nDisallow: /\n"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_wrong_is_named_at_its_field_and_kept() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Admin).await;
    let fields = [
        ("robots", "search"),
        ("robots_lines", "let nobody in"),
        ("hubs", "hub.example"),
        ("ethicsPolicy", "javascript:alert(1)"),
        ("trust_lines", "contact"),
    ];
    let answer = desk.post(SCREEN, &fields).await;
    let page = Page::of(&answer);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (field, typed) in &fields[1..] {
        assert!(page.has(&format!("#{field}-error")), "{field}");
        assert!(answer.body.contains(typed), "{field}");
    }
    assert_eq!(
        desk.post(SCREEN, &[("robots", "all"), ("owner", "me")]).await.status,
        StatusCode::BAD_REQUEST
    );
    let rows: i64 =
        sqlx::query_scalar("select count(*) from discovery").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn what_was_saved_is_in_the_form_and_in_the_audit_log() {
    let world = World::new().await;
    let mut desk = world.logged_in(Role::Admin).await;
    let form = Page::of(&desk.get(SCREEN).await);
    assert!(form.has("#full_text[checked]") && form.has("[name=robots][value=all][checked]"));
    let fields = [
        ("robots", "all"),
        ("hubs", " https://hub.example/ "),
        ("indexnow", "on"),
        ("masthead", "https://news.example/us"),
    ];
    desk.post(SCREEN, &fields).await;
    let form = Page::of(&desk.get(SCREEN).await);
    assert_eq!(
        (form.text("#hubs"), form.attribute("#masthead", "value")),
        ("https://hub.example/".into(), "https://news.example/us".into())
    );
    assert!(!form.has("#full_text[checked]") && form.has("#indexnow[checked]"));
    let audit = "select action || ' ' || noun from audit where noun = 'discovery'";
    assert_eq!(
        sqlx::query_scalar::<_, String>(audit).fetch_one(&world.db.pool).await.unwrap(),
        "change discovery"
    );
}

#[tokio::test]
async fn trust_and_llms_are_there_when_there_is_something_to_say() {
    let world = World::new().await;
    section(&world, "News").await;
    let mut reader = world.browser();
    for path in ["/trust.txt", "/.well-known/trust.txt", "/llms.txt"] {
        assert_eq!(reader.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut desk = world.logged_in(Role::Admin).await;
    let fields = [
        ("robots", "search"),
        ("llms", "on"),
        ("trust_lines", "member=https://union.example"),
        ("ethicsPolicy", "https://news.example/ethics"),
    ];
    desk.post(SCREEN, &fields).await;
    for path in ["/trust.txt", "/.well-known/trust.txt"] {
        let text = reader.get(path).await.body;
        for line in [
            "member=https://union.example",
            "disclosure=https://news.example/ethics",
            "datatrainingallowed=no",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
    }
    let llms = reader.get("/llms.txt").await.body;
    assert!(
        llms.starts_with("# Broadsheet\n") && llms.contains(&format!("[News]({BASE}/section/news/feed.xml)")),
        "{llms}"
    );
}
