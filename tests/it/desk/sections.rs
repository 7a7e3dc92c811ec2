//! The order of the menu, and what is in it.

use axum::http::StatusCode;
use broadsheet::accounts::Role;

use super::Screen;
use super::scene::Scene;

const ORDER: &str = "select name from sections order by position, id";

#[tokio::test]
async fn a_section_moves_up_and_stays_there() {
    let mut scene = Scene::new().await;
    let paper = scene.section("Paper", 2).await;
    scene.section("Interview", 3).await;
    let step = [("id", paper.to_string()), ("to", "up".to_owned())];
    let step: Vec<(&str, &str)> = step.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let answer = scene.browser.post("/desk/sections/order", &step).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/sections"));
    assert_eq!(scene.values(ORDER).await, ["Paper", "News", "Interview"]);
    assert_eq!(scene.acts().await, ["move section by Mira Holt"]);
}

#[tokio::test]
async fn the_address_follows_the_name_of_a_new_section_and_may_be_taken() {
    let mut scene = Scene::with(Role::Admin).await;
    let fields = [("name", "The Long Read"), ("slug", ""), ("description", "")];
    assert_eq!(scene.browser.post("/desk/sections", &fields).await.status, StatusCode::SEE_OTHER);
    let fields = [("name", "A Long Read"), ("slug", "The long read"), ("description", "Kept <b>")];
    let answer = scene.browser.post("/desk/sections", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("There is a section with the address the-long-read already."));
    assert!(answer.body.contains("value=\"A Long Read\"") && answer.body.contains("Kept &#60;b&#62;"));
    assert_eq!(scene.values("select slug from sections order by id").await, ["news", "the-long-read"]);
}

#[tokio::test]
async fn renaming_keeps_the_address() {
    let mut scene = Scene::new().await;
    let path = format!("/desk/sections/{}", scene.section);
    let answer = scene.browser.post(&path, &[("name", "Reports"), ("description", "All of them.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        scene.value("select slug || ' ' || name || ' ' || description from sections").await,
        "news Reports All of them."
    );
    let answer = scene.browser.post(&path, &[("name", " "), ("description", "")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Give the section a name."));
    // Its line still says which one it is.
    assert_eq!(Screen::of(&answer).text(".row-title a"), ["Reports"]);
}

#[tokio::test]
async fn a_section_with_articles_cannot_be_deleted() {
    let mut scene = Scene::with(Role::Admin).await;
    let empty = scene.section("Empty", 2).await;
    scene.article("The bridge reopens").await;
    let answer = scene.browser.post(&format!("/desk/sections/{}/delete", scene.section), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("The section News holds articles."), "{}", answer.body);
    let answer = scene.browser.post(&format!("/desk/sections/{empty}/delete"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.values(ORDER).await, ["News"]);
    assert_eq!(scene.acts().await, ["delete section by Mira Holt"]);
}
