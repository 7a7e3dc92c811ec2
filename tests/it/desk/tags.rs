//! Renaming, merging and deleting tags.

use axum::http::StatusCode;
use broadsheet::news::tag::{self, Found};

use super::scene::Scene;

#[tokio::test]
async fn merging_moves_the_articles_and_redirects_the_address() {
    let mut scene = Scene::new().await;
    let (old, new) = (scene.tag("Drought").await, scene.tag("Dry years").await);
    let article = scene.article("The river is low").await;
    scene.carry(article, old).await;
    let answer = scene.browser.post(&format!("/desk/tags/{old}/merge"), &[("into", "dry years")]).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, format!("/desk/tags/{new}").as_str())
    );
    assert_eq!(scene.value("select string_agg(tag_id::text, ' ') from article_tags").await, new.to_string());
    let found = tag::by_slug(&scene.world.db.pool, "drought").await.unwrap();
    assert!(matches!(found, Found::Moved(tag) if tag.name == "Dry years"));
    assert_eq!(scene.acts().await, ["merge tag by Mira Holt"]);
}

#[tokio::test]
async fn a_new_name_brings_a_new_address_and_the_old_one_redirects() {
    let mut scene = Scene::new().await;
    let id = scene.tag("Drought").await;
    let answer = scene.browser.post(&format!("/desk/tags/{id}"), &[("name", " Water  shortage ")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let found = tag::by_slug(&scene.world.db.pool, "drought").await.unwrap();
    assert!(
        matches!(found, Found::Moved(tag) if tag.slug == "water-shortage" && tag.name == "Water shortage")
    );
    assert_eq!(scene.acts().await, ["rename tag by Mira Holt"]);
}

#[tokio::test]
async fn a_name_that_is_taken_is_offered_as_a_merge() {
    let mut scene = Scene::new().await;
    let (id, other) = (scene.tag("Drought").await, scene.tag("Rivers").await);
    let answer = scene.browser.post(&format!("/desk/tags/{id}"), &[("name", "RIVERS")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in [
        "value=\"RIVERS\"",
        "Another tag has the address rivers already.",
        "Merge them",
        &format!("/desk/tags/{other}"),
    ] {
        assert!(answer.body.contains(part), "{part}");
    }
    assert!(scene.acts().await.is_empty());
}

#[tokio::test]
async fn a_merge_into_nothing_or_into_itself_is_refused_at_its_field() {
    let mut scene = Scene::new().await;
    let id = scene.tag("Drought").await;
    for (into, message) in
        [("Nowhere", "There is no tag of this name."), ("drought", "A tag cannot be merged into itself.")]
    {
        let answer = scene.browser.post(&format!("/desk/tags/{id}/merge"), &[("into", into)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(message) && answer.body.contains(&format!("value=\"{into}\"")));
    }
}

#[tokio::test]
async fn only_a_tag_that_nothing_carries_is_deleted() {
    let mut scene = Scene::new().await;
    let (used, unused) = (scene.tag("Drought").await, scene.tag("Rivers").await);
    let article = scene.article("The river is low").await;
    scene.carry(article, used).await;
    let answer = scene.browser.post(&format!("/desk/tags/{used}/delete"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let answer = scene.browser.post(&format!("/desk/tags/{unused}/delete"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.values("select name from tags").await, ["Drought"]);
    assert_eq!(scene.acts().await, ["delete tag by Mira Holt"]);
}

#[tokio::test]
async fn the_list_is_searched_by_words_and_goes_on_after_a_name() {
    let mut scene = Scene::new().await;
    for n in 0..60 {
        scene.tag(&format!("River {n:02}")).await;
    }
    scene.tag("Bread").await;
    let first = scene.browser.get("/desk/tags?q=river").await.body;
    assert!(first.contains("River 00") && first.contains("River 49"));
    assert!(!first.contains("River 50") && !first.contains("Bread"));
    let second = scene.browser.get("/desk/tags?q=river&after=River%2049").await.body;
    assert!(
        first.contains("after=River%2049") && second.contains("River 50") && !second.contains("River 49</a>")
    );
    assert!(scene.browser.get("/desk/tags?q=100%25").await.body.contains("No tags here."));
}
