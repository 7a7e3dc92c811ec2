//! A feed that a person opened, and a page with its block of facts: shown, and nothing complained of.

use crate::newsroom::Story;
use crate::stage::Stage;

#[tokio::test]
async fn a_feed_opened_in_a_browser_is_a_page_that_can_be_read() {
    let stage = Stage::new().await;
    Story::new("Bridge").publish(&stage.world).await;
    let window = stage.reader().await;
    for (path, title) in [("/feed.xml", "item > title"), ("/feed.atom", "entry > title")] {
        window.go(path).await;
        let shown = format!("getComputedStyle(document.querySelector('{title}')).display");
        assert_eq!(window.text(&shown).await, "block", "{path}");
        assert_eq!(
            window.text(&format!("document.querySelector('{title}').textContent")).await,
            "Bridge",
            "{path}"
        );
        let lead = "getComputedStyle(document.documentElement, '::before').content";
        assert!(window.text(lead).await.contains("Copy the address"), "{path}");
        let hidden = if path == "/feed.xml" { "item > guid" } else { "entry > id" };
        let display = format!("getComputedStyle(document.querySelector('{hidden}')).display");
        assert_eq!(window.text(&display).await, "none", "{path}");
    }
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn the_block_of_facts_runs_nothing_and_breaks_no_policy() {
    let stage = Stage::new().await;
    let hostile = "</script><script>document.title = 'broken'</script>";
    let id = Story::new(hostile).publish(&stage.world).await;
    let slug: String = sqlx::query_scalar("select slug from articles where id = $1")
        .bind(id.0)
        .fetch_one(&stage.world.db.pool)
        .await
        .unwrap();
    let window = stage.reader().await;
    window.go(&format!("/article/{id}/{slug}")).await;
    let headline = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)['@graph'][0].headline";
    assert_eq!(window.text(headline).await, hostile);
    assert_ne!(window.text("document.title").await, "broken");
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}
