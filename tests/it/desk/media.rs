//! The pictures that were uploaded.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use serde_json::{Value, json};

use super::scene::{Scene, jpeg};
use crate::browser::Answer;

const SCRIPT: (&str, &str) = ("accept", "application/json");

impl Scene {
    /// As a script of the desk sends one.
    async fn send_picture(&mut self, name: &str, bytes: &[u8]) -> Answer {
        self.browser.upload_with("/desk/media", &[SCRIPT], &[], &[("file", name, bytes)]).await
    }

    /// What the library tells a script.
    async fn library(&mut self, query: &str) -> Value {
        let answer = self.browser.get_with(&format!("/desk/media{query}"), &[SCRIPT]).await;
        serde_json::from_str(&answer.body).unwrap()
    }
}

fn names(library: &Value) -> Vec<&str> {
    library["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_script_is_given_a_picture_that_can_be_seen_at_once() {
    let mut scene = Scene::with(Role::Author).await;
    let answer = scene.send_picture("Sea of ice.jpg", &jpeg(41)).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (201, "application/json"));
    let item: Value = serde_json::from_str(&answer.body).unwrap();
    let url = item["url"].as_str().unwrap();
    assert!(url.starts_with("/media/") && url.ends_with("/sea-of-ice-64.jpg"), "{url}");
    assert_eq!(
        (&item["width"], &item["height"], &item["duplicate"]),
        (&json!(64), &json!(48), &json!(false))
    );
    let picture = scene.browser.get(url).await;
    assert_eq!((picture.status.as_u16(), picture.header("content-type")), (200, "image/jpeg"));
    assert_eq!(scene.library("").await["items"][0]["url"], url);
}

#[tokio::test]
async fn the_address_of_a_picture_stays_when_its_sizes_are_made() {
    let mut scene = Scene::new().await;
    let answer = scene.send_picture("ice.jpg", &jpeg(42)).await;
    let url = serde_json::from_str::<Value>(&answer.body).unwrap()["url"].as_str().unwrap().to_owned();
    broadsheet::jobs::Runner::new(scene.world.app.clone()).drain().await.unwrap();
    assert_eq!(scene.browser.get(&url).await.status, 200);
    assert_eq!(scene.library("").await["items"][0]["url"], url.as_str());
}

#[tokio::test]
async fn the_same_picture_again_is_the_one_that_is_there() {
    let mut scene = Scene::new().await;
    let first: Value = serde_json::from_str(&scene.send_picture("a.jpg", &jpeg(43)).await.body).unwrap();
    let again: Value = serde_json::from_str(&scene.send_picture("b.jpg", &jpeg(43)).await.body).unwrap();
    assert_eq!(
        (&again["id"], &again["duplicate"], &again["name"]),
        (&first["id"], &json!(true), &json!("a.jpg"))
    );
}

#[tokio::test]
async fn a_script_is_told_what_is_wrong_with_its_file() {
    let mut scene = Scene::new().await;
    for (bytes, status, words) in [
        (b"<svg></svg>".to_vec(), 422, "SVG"),
        (Vec::new(), 422, "Choose a picture"),
        (vec![0; 21 * 1024 * 1024], 413, "larger than 20 MiB"),
        (vec![0; 65 * 1024 * 1024], 413, "larger than 20 MiB"),
    ] {
        let answer = scene.send_picture("x.jpg", &bytes).await;
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        let message = told["errors"]["file"].as_str().unwrap();
        assert_eq!(answer.status, status, "{message}");
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(scene.values("select name from media").await, [""; 0]);
}

#[tokio::test]
async fn the_library_is_searched_by_every_word_and_read_on_from_a_cursor() {
    let mut scene = Scene::new().await;
    for shade in 0..32_u8 {
        scene.send_picture(&format!("river {shade}.jpg"), &jpeg(shade * 7)).await;
    }
    sqlx::query("update media set credit = 'Ada Löf', caption = 'Low 100% water' where name = 'river 7.jpg'")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    for query in ["?q=l%C3%B6f", "?q=RIVER+L%C3%96F", "?q=100%25+river"] {
        assert_eq!(names(&scene.library(query).await), ["river 7.jpg"], "{query}");
    }
    assert_eq!(scene.library("?q=100_").await, json!({ "items": [], "next": null }));
    let page = scene.library("").await;
    assert_eq!((names(&page).len(), names(&page)[0]), (30, "river 31.jpg"));
    let rest = scene.library(&format!("?before={}", page["next"].as_str().unwrap())).await;
    assert_eq!((names(&rest), &rest["next"]), (vec!["river 1.jpg", "river 0.jpg"], &Value::Null));
}

#[tokio::test]
async fn an_author_finds_only_what_is_theirs_or_public() {
    let mut scene = Scene::new().await;
    for (name, shade) in [("secret.jpg", 1), ("shown.jpg", 2)] {
        scene.send_picture(name, &jpeg(shade)).await;
    }
    let article = scene.article("The river is low").await;
    sqlx::query(
        "update articles set picture_id = (select id from media where name = 'shown.jpg') where id = $1",
    )
    .bind(article)
    .execute(&scene.world.db.pool)
    .await
    .unwrap();
    scene.browser = scene.world.logged_in(Role::Author).await;
    scene.send_picture("own.jpg", &jpeg(3)).await;
    assert_eq!(names(&scene.library("").await), ["own.jpg", "shown.jpg"]);
}

#[tokio::test]
async fn an_uploaded_picture_waits_for_its_sizes() {
    let mut scene = Scene::new().await;
    let picture = jpeg(31);
    let answer = scene.browser.upload("/desk/media", &[], &[("file", "../river <b>.jpg", &picture)]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/media"));
    let page = scene.browser.get("/desk/media").await.body;
    assert!(
        page.contains("river &#60;b&#62;.jpg")
            && page.contains("64 × 48")
            && page.contains("Sizes are being made"),
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
    scene.browser.upload("/desk/media", &[], &[("file", "river.jpg", &picture)]).await;
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
    let files: [(&str, &str, &[u8]); 2] = [("file", "good.jpg", &picture), ("file", "bad.jpg", b"GIF89a?")];
    let answer = scene.browser.upload("/desk/media", &[], &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("bad.jpg: ") && answer.body.contains("The picture is uploaded"),
        "{}",
        answer.body
    );
    assert_eq!(scene.values("select name from media").await, ["good.jpg"]);
}
