//! The board of the editor's choice.

use axum::http::StatusCode;
use broadsheet::news::front;

use super::scene::Scene;

async fn chosen(scene: &Scene) -> Vec<String> {
    let cards = front::editors_choice(&scene.world.db.pool, 10).await.unwrap();
    cards.into_iter().map(|card| card.headline).collect()
}

#[tokio::test]
async fn articles_are_added_by_number_address_or_headline() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    scene.article("Bread is dearer").await;
    for article in
        [a.to_string(), format!("http://localhost/article/{b}/anything"), "bread is DEARER".to_owned()]
    {
        let answer = scene.browser.post("/desk/front", &[("article", &article)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{article}");
    }
    assert_eq!(chosen(&scene).await, ["The bridge reopens", "The river is low", "Bread is dearer"]);
    assert_eq!(scene.acts().await, ["add editor's choice by Mira Holt"; 3]);
}

#[tokio::test]
async fn what_is_no_article_is_named_and_kept() {
    let mut scene = Scene::new().await;
    let answer = scene
        .browser
        .post("/desk/front", &[("article", "99999 <i>"), ("starts_at", "2030-01-01T10:00")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("No article has this number, address or headline."));
    assert!(
        answer.body.contains("value=\"99999 &#60;i&#62;\"")
            && answer.body.contains("value=\"2030-01-01T10:00\"")
    );
}

#[tokio::test]
async fn an_article_is_shown_within_its_times_alone() {
    let mut scene = Scene::new().await;
    let id = scene.article("The bridge reopens").await;
    scene.browser.post("/desk/front", &[("article", &id.to_string())]).await;
    let path = format!("/desk/front/{id}");
    for (starts, ends, shown, reason) in [
        ("2020-01-01T10:00", "", true, "Shown now"),
        ("2099-01-01T10:00", "", false, "its time here starts 1 Jan 2099, 10:00"),
        ("", "2020-01-01T10:00", false, "its time here ended 1 Jan 2020, 10:00"),
        ("", "", true, "Shown now"),
    ] {
        let answer = scene.browser.post(&path, &[("starts_at", starts), ("ends_at", ends)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(chosen(&scene).await.len(), usize::from(shown), "{starts} {ends}");
        assert!(scene.browser.get("/desk/front").await.body.contains(reason), "{reason}");
    }
}

#[tokio::test]
async fn an_end_before_its_start_is_refused_in_its_own_row() {
    let mut scene = Scene::new().await;
    let id = scene.article("The bridge reopens").await;
    scene.browser.post("/desk/front", &[("article", &id.to_string())]).await;
    let times = [("starts_at", "2030-01-02T10:00"), ("ends_at", "2030-01-01T10:00")];
    let answer = scene.browser.post(&format!("/desk/front/{id}"), &times).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains(&format!("id=\"ends-{id}-error\">The end lies before the start.")),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("value=\"2030-01-01T10:00\""));
}

#[tokio::test]
async fn the_order_of_the_board_holds_and_a_removed_article_is_gone_from_it() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    for id in [a, b] {
        scene.browser.post("/desk/front", &[("article", &id.to_string())]).await;
    }
    scene.browser.post("/desk/front/order", &[("id", &b.to_string()), ("to", "up")]).await;
    assert_eq!(chosen(&scene).await, ["The river is low", "The bridge reopens"]);
    let answer = scene.browser.post(&format!("/desk/front/{b}/delete"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(chosen(&scene).await, ["The bridge reopens"]);
    assert_eq!(
        scene.acts().await[2..],
        ["move editor's choice by Mira Holt", "remove editor's choice by Mira Holt"]
    );
}

#[tokio::test]
async fn the_board_says_why_an_article_is_not_shown() {
    let mut scene = Scene::new().await;
    let draft = scene.article("The bridge reopens").await;
    let ahead = scene.article("The river is low").await;
    for (id, change) in [(draft, "state = 'draft'"), (ahead, "publish_at = '2099-01-01 10:00Z'")] {
        scene.browser.post("/desk/front", &[("article", &id.to_string())]).await;
        let update = sqlx::AssertSqlSafe(format!("update articles set {change} where id = {id}"));
        sqlx::query(update).execute(&scene.world.db.pool).await.unwrap();
    }
    let page = scene.browser.get("/desk/front").await.body;
    assert!(
        page.contains("the article is a draft") && page.contains("the article is scheduled for 1 Jan 2099")
    );
    assert!(chosen(&scene).await.is_empty());
}
