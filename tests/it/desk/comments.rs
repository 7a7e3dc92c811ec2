//! Moderation.

use axum::http::StatusCode;
use broadsheet::news::article::ArticleId;
use broadsheet::news::comment::thread;

use super::Screen;
use super::scene::Scene;

#[tokio::test]
async fn an_approved_comment_is_shown_and_a_rejected_one_is_not() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    let good = scene.comment(article, "Ines", "At last.").await;
    let bad = scene.comment(article, "Tomas", "Never.").await;
    for (id, state) in [(good, "approved"), (bad, "rejected")] {
        let answer = scene.browser.post(&format!("/desk/comments/{id}"), &[("state", state)]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, "/desk/comments?state=pending")
        );
    }
    let (_, shown) = thread::of(&scene.world.db.pool, ArticleId(article)).await.unwrap().unwrap();
    assert_eq!(shown.iter().map(|branch| branch.comment.name.as_str()).collect::<Vec<_>>(), ["Ines"]);
    assert_eq!(scene.acts().await, ["approve comment by Mira Holt", "reject comment by Mira Holt"]);
}

#[tokio::test]
async fn a_comment_that_was_approved_can_go_back_to_pending() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    let id = scene.comment(article, "Ines", "At last.").await;
    let path = format!("/desk/comments/{id}");
    scene.browser.post(&path, &[("state", "approved")]).await;
    let answer = scene.browser.post(&path, &[("state", "pending"), ("from", "approved")]).await;
    assert_eq!(answer.header("location"), "/desk/comments?state=approved");
    let (_, shown) = thread::of(&scene.world.db.pool, ArticleId(article)).await.unwrap().unwrap();
    assert!(shown.is_empty());
    let page = scene.browser.get("/desk/comments").await.body;
    assert!(page.contains("The comment waits again.") && page.contains("At last."), "{page}");
}

#[tokio::test]
async fn each_tab_shows_its_own_state() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    let id = scene.comment(article, "Ines", "Cheap watches!").await;
    scene.browser.post(&format!("/desk/comments/{id}"), &[("state", "spam")]).await;
    assert!(!scene.browser.get("/desk/comments").await.body.contains("Cheap watches!"));
    assert!(scene.browser.get("/desk/comments?state=spam").await.body.contains("Cheap watches!"));
    assert_eq!(scene.browser.get("/desk/comments?state=gone").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn older_comments_are_on_the_next_page_and_none_is_lost() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    for n in 0..53 {
        scene.comment(article, "Ines", &format!("Comment number {n} of many.")).await;
    }
    let answer = scene.browser.get("/desk/comments").await;
    let next = Screen::of(&answer).attribute(".pager a[rel=next]", "href").unwrap();
    assert!(next.starts_with("/desk/comments?state=pending&before="), "{next}");
    let first = answer.body;
    let second = scene.browser.get(&next).await.body;
    assert_eq!(first.matches("of many.").count(), 50);
    assert_eq!(second.matches("of many.").count(), 3);
}

#[tokio::test]
async fn a_state_that_does_not_exist_is_refused() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    let id = scene.comment(article, "Ines", "At last.").await;
    let answer = scene.browser.post(&format!("/desk/comments/{id}"), &[("state", "loved")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let smuggled = [("state", "approved"), ("article_id", "1")];
    let answer = scene.browser.post(&format!("/desk/comments/{id}"), &smuggled).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(scene.acts().await.is_empty());
}
