//! The lead picture in the form of an article.

use axum::http::StatusCode;

use super::article_form::{NEW, count, editor, id, stored};
use super::{Screen, png};

#[tokio::test]
async fn a_refused_form_keeps_the_picture() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "nowhere")];
    let answer = browser.upload(NEW, &typed, &[("picture", "bridge.png", &png(1))]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("bridge.png"));
    let key = Screen::of(&answer).field("picture_id");
    assert!(!key.is_empty());
    let typed = [("headline", "A bridge"), ("section", "paper"), ("picture_id", &key)];
    let id = id(&browser.upload(NEW, &typed, &[]).await);
    assert_eq!(stored(&world, id).await.picture_name.as_deref(), Some("bridge.png"));
    assert_eq!(count(&world, "media").await, 1);
}

#[tokio::test]
async fn what_an_article_says_of_a_picture_is_known_in_the_library_unless_it_says_something_already() {
    let (world, mut browser) = editor().await;
    let alts = async || {
        sqlx::query_scalar::<_, String>("select alt from media").fetch_all(&world.db.pool).await.unwrap()
    };
    let typed = [("headline", "A bridge"), ("section", "paper"), ("picture_alt", "A bridge of stone")];
    browser.upload(NEW, &typed, &[("picture", "bridge.png", &png(1))]).await;
    assert_eq!(alts().await, ["A bridge of stone"]);
    let typed = [("headline", "Again"), ("section", "paper"), ("picture_alt", "Something else")];
    browser.upload(NEW, &typed, &[("picture", "bridge.png", &png(1))]).await;
    assert_eq!(alts().await, ["A bridge of stone"]);
}

#[tokio::test]
async fn a_lead_picture_that_the_library_has_already_is_named_at_its_field() {
    let (_world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper")];
    browser.upload(NEW, &typed, &[("picture", "bridge.png", &png(1))]).await;
    let refused = [("headline", "A bridge again"), ("section", "nowhere")];
    let answer = browser.upload(NEW, &refused, &[("picture", "copy.png", &png(1))]).await;
    let said = Screen::of(&answer).text("#picture-known").join(" ");
    assert!(said.contains("in the library already, as “bridge.png”"), "{said}");
    let answer = browser.upload(NEW, &typed, &[("picture", "copy.png", &png(1))]).await;
    let said = Screen::of(&browser.get(answer.header("location")).await).text(".notice").join(" ");
    assert!(said.contains("Saved. This picture was in the library already"), "{said}");
}

#[tokio::test]
async fn a_picture_is_enqueued_with_its_row() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper")];
    browser.upload(NEW, &typed, &[("picture", "bridge.png", &png(2))]).await;
    let jobs: i64 = sqlx::query_scalar(
        "select count(*) from jobs j join media m on m.id = (j.payload->>'media_id')::bigint
         where j.kind = 'make_renditions'",
    )
    .fetch_one(&world.db.pool)
    .await
    .unwrap();
    assert_eq!(jobs, 1);
}

#[tokio::test]
async fn a_picture_can_be_taken_out_or_left_alone() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper")];
    let id = id(&browser.upload(NEW, &typed, &[("picture", "bridge.png", &png(3))]).await);
    let form = format!("/desk/articles/{id}");
    let typed = [("headline", "A bridge"), ("section", "paper"), ("version", "1")];
    browser.upload(&form, &typed, &[]).await;
    assert!(stored(&world, id).await.picture_id.is_some());
    let key = Screen::of(&browser.get(&form).await).field("picture_id");
    let typed = [
        ("headline", "A bridge"),
        ("section", "paper"),
        ("version", "2"),
        ("picture_id", &key),
        ("remove_picture", "on"),
    ];
    browser.upload(&form, &typed, &[]).await;
    assert!(stored(&world, id).await.picture_id.is_none());
}

#[tokio::test]
async fn a_number_alone_attaches_no_picture() {
    let (_world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper")];
    let id = id(&browser.upload(NEW, &typed, &[("picture", "bridge.png", &png(4))]).await);
    let key = Screen::of(&browser.get(&format!("/desk/articles/{id}")).await).field("picture_id");
    let number = key.split('-').next().unwrap().to_owned();
    for guess in [number.clone(), format!("{number}-{}", "0".repeat(64))] {
        let typed = [("headline", "Another"), ("section", "paper"), ("picture_id", guess.as_str())];
        let answer = browser.upload(NEW, &typed, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(Screen::of(&answer).has("#picture-error"));
    }
}

#[tokio::test]
async fn a_picture_that_is_too_large_is_named_and_the_rest_is_kept() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper"), ("body", "<p>Open.</p>")];
    let large = vec![0; 20 * 1024 * 1024 + 1];
    let answer = browser.upload(NEW, &typed, &[("picture", "large.png", &large)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let screen = Screen::of(&answer);
    assert!(screen.text("#picture-error")[0].contains("20 MiB"));
    assert_eq!((screen.field("headline"), screen.field("body")), ("A bridge".into(), "<p>Open.</p>".into()));
    assert_eq!(screen.field("section"), "paper");
    assert_eq!(count(&world, "articles").await, 0);
}

#[tokio::test]
async fn a_drawing_is_refused_whatever_it_is_called() {
    let (world, mut browser) = editor().await;
    let typed = [("headline", "A bridge"), ("section", "paper")];
    let svg: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let answer = browser.upload(NEW, &typed, &[("picture", "bridge.png", svg)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Screen::of(&answer).text("#picture-error")[0].contains("SVG"));
    assert_eq!(count(&world, "media").await, 0);
}
