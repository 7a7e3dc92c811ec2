//! Corrections: what is told to readers, and what moves only then.

use axum::http::StatusCode;
use broadsheet::news::article::ArticleId;

use super::Screen;
use super::newsdesk::Newsdesk;
use crate::newsroom::{Page, Story};

const NOTE: &str = "An earlier version gave the depth as nine metres; it is ten.";

async fn corrected(desk: &mut Newsdesk) -> ArticleId {
    let id = desk.published("The depth").await;
    let changes = [
        ("body", "<p>The water stood to the fourth step.</p>"),
        ("change", "correction"),
        ("correction_note", NOTE),
    ];
    desk.saved(id, &changes).await;
    id
}

#[tokio::test]
async fn a_correction_stands_below_the_article_in_the_list_and_in_the_feed() {
    let mut desk = Newsdesk::new().await;
    let id = corrected(&mut desk).await;
    let mut reader = desk.world.browser();
    let article = reader.read(&desk.article(id).await.href()).await;
    assert!(article.text(".article-corrections li").contains(NOTE));
    let href = article.attribute(".article-corrections a", "href");
    let list = reader.read("/corrections").await;
    assert!(
        list.text(".corrections-list").contains(NOTE) && list.text(".corrections-list").contains("The depth")
    );
    let feed = reader.get("/corrections/feed.xml").await;
    assert!(feed.header("content-type").starts_with("application/rss+xml"));
    assert!(feed.body.contains("ten.") && feed.body.contains(&href), "{}", feed.body);
    let difference = reader.read(&href).await;
    assert_eq!(
        (difference.text(".diff-text del"), difference.text(".diff-text ins")),
        ("third".into(), "fourth".into())
    );
    assert!(reader.get("/").await.body.contains("href=\"/corrections\""));
    assert!(reader.get("/feeds").await.body.contains("/corrections/feed.xml"));
}

#[tokio::test]
async fn only_a_correction_moves_the_date_of_change() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("The depth").await;
    // It came out two hours ago, as it says: a date in seconds tells then from now.
    let released = sqlx::query("update articles set released_at = publish_at");
    released.execute(&desk.world.db.pool).await.unwrap();
    let href = desk.article(id).await.href();
    let mut reader = desk.world.browser();
    let modified = async |reader: &mut crate::browser::Browser| {
        let page = Page::of(&reader.get(&href).await);
        let month = reader.get("/sitemap.xml").await.body;
        let month = month
            .split("<loc>")
            .skip(1)
            .find_map(|part| part.split("</loc>").next().filter(|loc| loc.contains("/sitemap/")));
        let path = month.unwrap().trim_start_matches(crate::browser::BASE).to_owned();
        let lastmod = reader.get(&path).await.body;
        let feed = reader.get("/feed.xml").await.body;
        let built = feed.split("<lastBuildDate>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        (page.attribute("meta[property='article:modified_time']", "content"), lastmod, built)
    };
    let before = modified(&mut reader).await;
    desk.saved(id, &[("body", "<p>Silently better.</p>"), ("change", "minor")]).await;
    assert_eq!(modified(&mut reader).await, before);
    desk.saved(id, &[("body", "<p>Right.</p>"), ("change", "correction"), ("correction_note", NOTE)]).await;
    let after = modified(&mut reader).await;
    assert!(after.0 != before.0 && after.1 != before.1 && after.2 != before.2, "{before:?} {after:?}");
    assert!(!reader.get(&href).await.body.contains("Silently"));
}

#[tokio::test]
async fn a_correction_needs_a_note_and_readers() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("The depth").await;
    let answer = desk.save(id, &[("change", "correction"), ("correction_note", "")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).has("#correction_note-error"));
    let ahead = Story::new("Tomorrow").hours_ago(-24).publish(&desk.world).await;
    let answer = desk.save(ahead, &[("change", "correction"), ("correction_note", NOTE)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).has("#change-error"));
    assert_eq!(desk.value("select count(*)::text from corrections").await, "0");
}

#[tokio::test]
async fn no_version_but_those_around_a_correction_is_public() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("The depth").await;
    desk.saved(id, &[("body", "<p>Canary of the second version.</p>")]).await;
    desk.saved(id, &[("body", "<p>Clean.</p>")]).await;
    desk.saved(id, &[("body", "<p>Right.</p>"), ("change", "correction"), ("correction_note", NOTE)]).await;
    let mut reader = desk.world.browser();
    let page = reader.get(&format!("/article/{id}/corrections/1")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("Canary"));
    for path in [
        format!("/article/{id}/corrections/2"),
        format!("/article/{id}/corrections/0"),
        format!("/article/{id}/corrections/x"),
    ] {
        assert_eq!(reader.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn with_the_article_its_corrections_go() {
    let mut desk = Newsdesk::new().await;
    let id = corrected(&mut desk).await;
    desk.saved(id, &[("action", "withdraw")]).await;
    let mut reader = desk.world.browser();
    assert_eq!(reader.get(&format!("/article/{id}/corrections/1")).await.status, StatusCode::GONE);
    assert!(!reader.get("/corrections").await.body.contains("ten."));
    assert!(!reader.get("/corrections/feed.xml").await.body.contains("ten."));
}

#[tokio::test]
async fn a_scheduled_correction_is_told_when_it_takes_effect() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("The depth").await;
    let changes = [
        ("body", "<p>The water stood to the fourth step.</p>"),
        ("change", "correction"),
        ("correction_note", NOTE),
        ("effective_at", "2999-06-01T10:00"),
        ("action", "schedule"),
    ];
    desk.saved(id, &changes).await;
    let mut reader = desk.world.browser();
    assert!(!reader.get("/corrections").await.body.contains("ten."));
    desk.let_time_pass().await;
    broadsheet::news::article::scheduled::settle_all(&desk.world.db.pool).await.unwrap();
    assert!(reader.get("/corrections").await.body.contains("ten."));
}

#[tokio::test]
async fn the_list_of_corrections_goes_on_by_its_cursor() {
    let mut desk = Newsdesk::new().await;
    let id = corrected(&mut desk).await;
    let many = "insert into corrections (article_id, number, note, at, from_version, to_version)
                select $2, n + 1, 'Older ' || n, now() - n * interval '1 hour', 1, 2 from generate_series(1, $1) n";
    sqlx::query(many).bind(25_i32).bind(id.0).execute(&desk.world.db.pool).await.unwrap();
    let mut reader = desk.world.browser();
    let first = reader.read("/corrections").await;
    assert_eq!(first.texts(".corrections-list li").len(), 20);
    let second = reader.read(&first.attribute(".pager-older", "href")).await;
    assert_eq!(second.texts(".corrections-list li").len(), 6);
}
