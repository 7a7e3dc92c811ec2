//! The list of articles: filters, pages, states.

use axum::http::StatusCode;
use broadsheet::accounts::Role;

use super::{Screen, with_section};
use crate::browser::{Browser, World};

const LIST: &str = "/desk/articles";

async fn editor() -> (World, Browser) {
    let world = World::new().await;
    with_section(&world).await;
    let browser = world.logged_in(Role::Editor).await;
    (world, browser)
}

async fn article(browser: &mut Browser, headline: &str, action: &str, publish_at: &str) {
    let typed = [
        ("section", "paper"),
        ("headline", headline),
        ("body", "<p>Text.</p>"),
        ("publish_at", publish_at),
        ("action", action),
    ];
    assert_eq!(browser.upload(LIST, &typed, &[]).await.status, StatusCode::SEE_OTHER);
}

async fn headlines(browser: &mut Browser, path: &str) -> Vec<String> {
    Screen::of(&browser.get(path).await).text("td.title a")
}

#[tokio::test]
async fn a_paper_without_articles_says_so() {
    let (_world, mut browser) = editor().await;
    let screen = Screen::of(&browser.get(LIST).await);
    assert!(screen.text(".empty")[0].starts_with("No articles yet."));
    let screen = Screen::of(&browser.get("/desk/articles?q=bridge").await);
    assert!(screen.text(".empty")[0].starts_with("No article is like this."));
}

#[tokio::test]
async fn each_tab_shows_its_state_and_no_other() {
    let (_world, mut browser) = editor().await;
    article(&mut browser, "A draft", "save", "").await;
    article(&mut browser, "Out", "publish", "2025-01-22T10:00").await;
    article(&mut browser, "Planned", "publish", "2999-01-22T10:00").await;
    assert_eq!(headlines(&mut browser, LIST).await, ["Planned", "Out", "A draft"]);
    for (state, expected, badge) in [
        ("draft", "A draft", "Draft"),
        ("published", "Out", "Published"),
        ("scheduled", "Planned", "Scheduled"),
    ] {
        let screen = Screen::of(&browser.get(&format!("{LIST}?state={state}")).await);
        assert_eq!(screen.text("td.title a"), [expected]);
        assert_eq!(screen.text("td .badge"), [badge]);
        assert_eq!(screen.text(".tabs [aria-current]").len(), 1);
        assert_eq!(screen.has("td.end a[href^='/article/']"), state == "published");
    }
    assert!(headlines(&mut browser, "/desk/articles?state=withdrawn").await.is_empty());
    assert_eq!(browser.get("/desk/articles?state=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn words_and_section_narrow_the_list_and_stay_in_its_links() {
    let (_world, mut browser) = editor().await;
    article(&mut browser, "100% of the bridge", "save", "").await;
    article(&mut browser, "100 ferries", "save", "").await;
    assert_eq!(headlines(&mut browser, "/desk/articles?q=100%25").await, ["100% of the bridge"]);
    assert_eq!(headlines(&mut browser, "/desk/articles?section=paper").await.len(), 2);
    assert!(headlines(&mut browser, "/desk/articles?section=other").await.is_empty());
    let screen = Screen::of(&browser.get("/desk/articles?q=100%25&section=paper").await);
    assert!(screen.has(".tabs a[href='/desk/articles?state=draft&section=paper&q=100%25']"));
}

#[tokio::test]
async fn pages_hold_every_article_once() {
    let (world, mut browser) = editor().await;
    sqlx::query(
        "insert into articles (section_id, headline, slug, updated_at)
         select (select id from sections), 'Article ' || n, 'a', now() - n / 3 * interval '1 minute'
         from generate_series(1, 95) n",
    )
    .execute(&world.db.pool)
    .await
    .unwrap();
    let (mut path, mut seen) = (LIST.to_owned(), Vec::new());
    for size in [40, 40, 15] {
        let screen = Screen::of(&browser.get(&path).await);
        let page = screen.text("td.title a");
        assert_eq!(page.len(), size);
        seen.extend(page);
        path = screen.attribute(".pager a[rel=next]", "href").unwrap_or_default();
    }
    assert_eq!(path, "");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 95);
    assert_eq!(browser.get("/desk/articles?before=x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn offers_come_as_the_lines_and_tags_that_the_fields_take() {
    let (_world, mut browser) = editor().await;
    let typed = [("section", "paper"), ("headline", "The bridge"), ("tags", "Rivers, Ring roads")];
    let answer = browser.upload(LIST, &typed, &[]).await;
    let id = answer.header("location").rsplit('/').next().unwrap().to_owned();
    let offers = browser.get("/desk/articles/suggestions?q=bridge").await;
    assert_eq!(offers.header("content-type"), "application/json");
    assert_eq!(offers.body, format!("[{{\"value\":\"{id} The bridge\",\"note\":\"draft\"}}]"));
    assert_eq!(browser.get(&format!("/desk/articles/suggestions?q=bridge&except={id}")).await.body, "[]");
    assert_eq!(
        browser.get("/desk/tags/suggestions?q=ro").await.body,
        "[{\"value\":\"Ring roads\",\"note\":\"\"}]"
    );
    assert_eq!(browser.get("/desk/tags/suggestions?q=").await.body, "[]");
}
