//! The pictures that were uploaded.

use axum::http::StatusCode;

use super::scene::{Scene, jpeg};

#[tokio::test]
async fn an_uploaded_picture_waits_for_its_sizes() {
    let mut scene = Scene::new().await;
    let picture = jpeg(31);
    let answer = scene.browser.upload("/desk/media", &[], &[("picture", "../river <b>.jpg", &picture)]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/media"));
    let page = scene.browser.get("/desk/media").await.body;
    assert!(
        page.contains("river &#60;b&#62;.jpg") && page.contains("64 × 48") && page.contains("Waiting"),
        "{page}"
    );
    assert!(page.contains("Not used"));
    assert_eq!(
        scene.value("select string_agg(payload::text, '') from jobs").await.matches("media_id").count(),
        1
    );
    assert_eq!(scene.acts().await, ["upload picture by Mira Holt"]);
}

#[tokio::test]
async fn a_failed_picture_says_why_and_a_used_one_says_where() {
    let mut scene = Scene::new().await;
    let picture = jpeg(32);
    scene.browser.upload("/desk/media", &[], &[("picture", "river.jpg", &picture)]).await;
    let article = scene.article("The river is low").await;
    for change in [
        "update media set failed = 'It is damaged.'",
        "update articles set picture_id = (select id from media)",
    ] {
        sqlx::query(change).execute(&scene.world.db.pool).await.unwrap();
    }
    let page = scene.browser.get("/desk/media").await.body;
    assert!(
        page.contains("It is damaged.") && page.contains(&format!("href=\"/desk/articles/{article}\"")),
        "{page}"
    );
}

#[tokio::test]
async fn the_good_ones_are_kept_when_one_is_refused() {
    let mut scene = Scene::new().await;
    let picture = jpeg(33);
    let files: [(&str, &str, &[u8]); 2] =
        [("picture", "good.jpg", &picture), ("picture", "bad.jpg", b"GIF89a?")];
    let answer = scene.browser.upload("/desk/media", &[], &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("bad.jpg: ") && answer.body.contains("The picture is uploaded"),
        "{}",
        answer.body
    );
    assert_eq!(scene.values("select name from media").await, ["good.jpg"]);
}
