//! The board of the front page.

use axum::http::StatusCode;
use broadsheet::news::front;
use broadsheet::news::front::store;

use super::Screen;
use super::scene::Scene;
use crate::browser::Answer;

/// What readers see of the editor's choice.
async fn chosen(scene: &Scene) -> Vec<String> {
    let cards = front::editors_choice(&scene.world.db.pool, 10).await.unwrap();
    cards.into_iter().map(|card| card.headline).collect()
}

/// The number of the version that the forms of the board name.
async fn version(scene: &Scene) -> String {
    store::draft(&scene.world.db.pool).await.unwrap().version.to_string()
}

async fn place(scene: &mut Scene, article: i64) -> i64 {
    let answer = scene.browser.post("/desk/front", &[("article", &article.to_string())]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let draft = store::draft(&scene.world.db.pool).await.unwrap();
    let placings = draft.board.blocks.iter().flat_map(|block| &block.placings);
    placings.filter(|placing| placing.article.0 == article).map(|placing| placing.id.0).next().unwrap()
}

async fn publish(scene: &mut Scene) -> Answer {
    let version = version(scene).await;
    scene.browser.post("/desk/front/publish", &[("version", &version)]).await
}

/// The id of a block of this kind in the draft.
async fn block(scene: &Scene, kind: front::Kind) -> String {
    let draft = store::draft(&scene.world.db.pool).await.unwrap();
    draft.board.of_kind(kind).unwrap().id.to_string()
}

#[tokio::test]
async fn articles_are_placed_by_number_address_or_headline() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    scene.article("Bread is dearer").await;
    for article in
        [a.to_string(), format!("http://localhost/article/{b}/anything"), "bread is DEARER".to_owned()]
    {
        let answer = scene.browser.post("/desk/front", &[("article", &article)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{article}");
    }
    publish(&mut scene).await;
    assert_eq!(chosen(&scene).await, ["The bridge reopens", "The river is low", "Bread is dearer"]);
    let acts = scene.acts().await;
    assert_eq!(acts[..3], ["place front page by Mira Holt"; 3]);
    assert_eq!(acts[3..], ["publish front page by Mira Holt"]);
}

#[tokio::test]
async fn readers_see_nothing_of_a_draft_until_it_is_published() {
    let mut scene = Scene::new().await;
    let id = scene.article("The bridge reopens").await;
    place(&mut scene, id).await;
    assert!(chosen(&scene).await.is_empty());
    assert!(scene.browser.get("/desk/front").await.body.contains("Not published yet"));
    assert_eq!(publish(&mut scene).await.status, StatusCode::SEE_OTHER);
    assert_eq!(chosen(&scene).await, ["The bridge reopens"]);
    assert!(!scene.browser.get("/desk/front").await.body.contains("Not published yet"));
}

#[tokio::test]
async fn what_is_no_article_is_named_and_kept() {
    let mut scene = Scene::new().await;
    let typed = [("article", "99999 <i>"), ("starts_at", "2030-01-01T10:00")];
    let answer = scene.browser.post("/desk/front", &typed).await;
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
    let article = scene.article("The bridge reopens").await;
    let placing = place(&mut scene, article).await;
    let path = format!("/desk/front/{placing}");
    for (starts, ends, shown, reason) in [
        ("2020-01-01T10:00", "", true, "Shown now"),
        ("2099-01-01T10:00", "", false, "its time here starts 1 Jan 2099, 10:00"),
        ("", "2020-01-01T10:00", false, "its time here ended 1 Jan 2020, 10:00"),
        ("", "", true, "Shown now"),
    ] {
        let answer = scene.browser.post(&path, &[("starts_at", starts), ("ends_at", ends)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        publish(&mut scene).await;
        assert_eq!(chosen(&scene).await.len(), usize::from(shown), "{starts} {ends}");
        assert!(scene.browser.get("/desk/front").await.body.contains(reason), "{reason}");
    }
}

#[tokio::test]
async fn an_end_before_its_start_is_refused_at_its_own_place() {
    let mut scene = Scene::new().await;
    let article = scene.article("The bridge reopens").await;
    let placing = place(&mut scene, article).await;
    let times = [("starts_at", "2030-01-02T10:00"), ("ends_at", "2030-01-01T10:00")];
    let answer = scene.browser.post(&format!("/desk/front/{placing}"), &times).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let error = format!("#slot-{placing}-ends_at-error");
    assert_eq!(Screen::of(&answer).text(&error), ["The end lies before the start."]);
    assert!(answer.body.contains("value=\"2030-01-01T10:00\""));
}

#[tokio::test]
async fn the_order_of_the_board_holds_and_a_removed_article_is_gone_from_it() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    place(&mut scene, a).await;
    let second = place(&mut scene, b).await;
    scene.browser.post("/desk/front/order", &[("id", &second.to_string()), ("to", "up")]).await;
    publish(&mut scene).await;
    assert_eq!(chosen(&scene).await, ["The river is low", "The bridge reopens"]);
    let answer = scene.browser.post(&format!("/desk/front/{second}/delete"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    publish(&mut scene).await;
    assert_eq!(chosen(&scene).await, ["The bridge reopens"]);
}

#[tokio::test]
async fn a_placing_is_dropped_before_another_in_another_block() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    let (first, second) = (place(&mut scene, a).await, place(&mut scene, b).await);
    let news = block(&scene, front::Kind::News).await;
    let drop = [("id", &*second.to_string()), ("block", &*news), ("before", "")];
    assert_eq!(scene.browser.post("/desk/front/order", &drop).await.status, StatusCode::SEE_OTHER);
    let into = [("id", &*first.to_string()), ("block", &*news), ("before", &*second.to_string())];
    scene.browser.post("/desk/front/order", &into).await;
    let draft = store::draft(&scene.world.db.pool).await.unwrap();
    let ids: Vec<i64> =
        draft.board.of_kind(front::Kind::News).unwrap().placings.iter().map(|one| one.id.0).collect();
    assert_eq!(ids, [first, second]);
    assert!(draft.board.of_kind(front::Kind::Choice).unwrap().placings.is_empty());
}

#[tokio::test]
async fn the_board_says_which_placings_the_block_has_no_room_for() {
    let mut scene = Scene::new().await;
    for n in 0..7 {
        let article = scene.article(&format!("Story {n}")).await;
        place(&mut scene, article).await;
    }
    let screen = Screen::of(&scene.browser.get("/desk/front").await);
    assert_eq!(screen.text(".slot .badge.ok").len(), 5);
    assert_eq!(screen.text(".slot .hint"), ["Not shown: those before it fill the block."; 2]);
}

#[tokio::test]
async fn the_board_says_why_an_article_is_not_shown() {
    let mut scene = Scene::new().await;
    let draft = scene.article("The bridge reopens").await;
    let ahead = scene.article("The river is low").await;
    for (id, change) in [(draft, "state = 'draft'"), (ahead, "publish_at = '2099-01-01 10:00Z'")] {
        place(&mut scene, id).await;
        let update = sqlx::AssertSqlSafe(format!("update articles set {change} where id = {id}"));
        sqlx::query(update).execute(&scene.world.db.pool).await.unwrap();
    }
    let page = scene.browser.get("/desk/front").await.body;
    assert!(
        page.contains("the article is a draft") && page.contains("the article is scheduled for 1 Jan 2099")
    );
    publish(&mut scene).await;
    assert!(chosen(&scene).await.is_empty());
}

#[tokio::test]
async fn a_form_of_an_older_version_changes_nothing_and_keeps_what_was_typed() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    let old = version(&scene).await;
    place(&mut scene, a).await;
    let typed = [("article", &*format!("#{b}")), ("starts_at", "2030-01-01T10:00"), ("version", &*old)];
    let answer = scene.browser.post("/desk/front", &typed).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let screen = Screen::of(&answer);
    assert!(screen.text("[role=alert]")[0].starts_with("Mira Holt changed the board meanwhile"));
    assert!(answer.body.contains(&format!("value=\"#{b}\"")) && answer.body.contains("2030-01-01T10:00"));
    let version = version(&scene).await;
    assert_eq!(screen.field("version"), version);
    for path in ["/desk/front/publish", "/desk/front/discard"] {
        let answer = scene.browser.post(path, &[("version", &old)]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{path}");
    }
    assert!(chosen(&scene).await.is_empty());
}

#[tokio::test]
async fn a_block_is_switched_off_shortened_and_given_a_rule() {
    let mut scene = Scene::new().await;
    scene.article("The bridge reopens").await;
    let wet = scene.article("The river is low").await;
    let tag = scene.tag("Rivers").await;
    scene.carry(wet, tag).await;
    let choice = block(&scene, front::Kind::Choice).await;
    let path = format!("/desk/front/blocks/{choice}");
    let by_tag = [("on", "on"), ("size", "3"), ("rule", "tag"), ("tag", "rivers")];
    assert_eq!(scene.browser.post(&path, &by_tag).await.status, StatusCode::SEE_OTHER);
    publish(&mut scene).await;
    assert_eq!(chosen(&scene).await, ["The river is low"]);
    let off = [("size", "3"), ("rule", "latest")];
    scene.browser.post(&path, &off).await;
    publish(&mut scene).await;
    let page = scene.browser.read("/").await;
    assert!(page.has(".news") && !page.has(".editors-choice-block"));
}

#[tokio::test]
async fn settings_that_are_refused_are_named_and_kept() {
    let mut scene = Scene::new().await;
    let choice = block(&scene, front::Kind::Choice).await;
    let typed = [("on", "on"), ("size", "99"), ("rule", "tag"), ("tag", "Nothing of the kind")];
    let answer = scene.browser.post(&format!("/desk/front/blocks/{choice}"), &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let screen = Screen::of(&answer);
    assert_eq!(screen.text(&format!("#size-{choice}-error")), ["A number from 1 to 24."]);
    assert_eq!(screen.text(&format!("#tag-{choice}-error")), ["There is no tag of this name."]);
    assert_eq!(screen.attribute(&format!("#tag-{choice}"), "value").unwrap(), "Nothing of the kind");
}

#[tokio::test]
async fn a_block_of_the_editors_own_is_added_moved_and_taken_away() {
    let mut scene = Scene::new().await;
    let id = scene.article("The bridge reopens").await;
    assert_eq!(
        scene
            .browser
            .post("/desk/front/blocks", &[("kind", "stories"), ("title", "Water & wind")])
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let own = block(&scene, front::Kind::Stories).await;
    scene.browser.post("/desk/front", &[("block", &own), ("article", &id.to_string())]).await;
    scene.browser.post("/desk/front/blocks/order", &[("id", &own), ("before", "1")]).await;
    publish(&mut scene).await;
    let page = scene.browser.read("/").await;
    assert_eq!(page.texts("main h2")[0], "Water & wind");
    assert_eq!(page.text(".stories-block .headline"), "The bridge reopens");
    scene.browser.post(&format!("/desk/front/blocks/{own}/delete"), &[]).await;
    publish(&mut scene).await;
    assert!(!scene.browser.read("/").await.has(".stories-block"));
}

#[tokio::test]
async fn an_older_board_is_brought_back_and_the_history_says_so() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    place(&mut scene, a).await;
    publish(&mut scene).await;
    place(&mut scene, b).await;
    publish(&mut scene).await;
    assert_eq!(chosen(&scene).await.len(), 2);
    let screen = Screen::of(&scene.browser.get("/desk/front").await);
    let undo = screen.attribute(".board-acts form:last-child", "action").unwrap();
    assert_eq!(scene.browser.post(&undo, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(chosen(&scene).await, ["The bridge reopens"]);
    // The draft had nothing of its own: it follows.
    assert!(!scene.browser.get("/desk/front").await.body.contains("Not published yet"));
    let history = Screen::of(&scene.browser.get("/desk/front/history").await);
    assert_eq!(history.text(".row").len(), 3);
    assert!(history.text(".row .hint")[0].starts_with("Published by Mira Holt; brought back the board of"));
    assert_eq!(scene.acts().await.last().unwrap(), "restore front page by Mira Holt");
}

#[tokio::test]
async fn a_draft_with_changes_survives_an_undo() {
    let mut scene = Scene::new().await;
    let (a, b) = (scene.article("The bridge reopens").await, scene.article("The river is low").await);
    let c = scene.article("Bread is dearer").await;
    for id in [a, b] {
        place(&mut scene, id).await;
        publish(&mut scene).await;
    }
    place(&mut scene, c).await;
    let first: i64 = scene.value("select min(id)::text from boards").await.parse().unwrap();
    scene.browser.post(&format!("/desk/front/history/{first}"), &[]).await;
    assert_eq!(chosen(&scene).await, ["The bridge reopens"]);
    publish(&mut scene).await;
    assert_eq!(chosen(&scene).await.len(), 3);
}

#[tokio::test]
async fn changes_are_thrown_away() {
    let mut scene = Scene::new().await;
    let id = scene.article("The bridge reopens").await;
    place(&mut scene, id).await;
    let version = version(&scene).await;
    let answer = scene.browser.post("/desk/front/discard", &[("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(store::draft(&scene.world.db.pool).await.unwrap().board.articles().is_empty());
}

#[tokio::test]
async fn the_front_page_is_shown_as_it_will_be() {
    let mut scene = Scene::new().await;
    let today = scene.article("The bridge reopens").await;
    let tomorrow = scene.article("The river is low").await;
    let ahead = "update articles set publish_at = '2098-12-31 10:00Z' where headline = 'The river is low'";
    sqlx::query(ahead).execute(&scene.world.db.pool).await.unwrap();
    let until = [("article", &*today.to_string()), ("ends_at", "2099-01-01T00:00")];
    scene.browser.post("/desk/front", &until).await;
    let from = [("article", &*tomorrow.to_string()), ("starts_at", "2099-01-01T00:00")];
    scene.browser.post("/desk/front", &from).await;
    for (at, lead, choice) in [
        ("2098-12-30T10:00", "", "The bridge reopens"),
        ("2098-12-31T12:00", "The river is low", "The bridge reopens"),
        ("2099-01-01T00:00", "The bridge reopens", "The river is low"),
    ] {
        let page = scene.browser.read(&format!("/desk/front/at?board=draft&at={at}")).await;
        assert_eq!(page.text(".story-lead .headline"), lead, "{at}");
        assert_eq!(page.texts(".editors-choice-block .headline"), [choice], "{at}");
        assert!(page.text(".strip p").starts_with("The draft as of"), "{at}");
    }
    let page = scene.browser.read("/desk/front/at?board=published&at=2099-01-01T00:00").await;
    assert!(!page.has(".editors-choice-block"));
}

#[tokio::test]
async fn the_page_of_another_moment_is_kept_nowhere_and_named_nowhere() {
    let mut scene = Scene::new().await;
    let answer = scene.browser.get("/desk/front/at?at=2099-01-01T00:00").await;
    assert!(answer.header("cache-control").contains("no-store"));
    assert!(
        answer.body.contains("name=\"robots\" content=\"noindex\"") && !answer.body.contains("canonical")
    );
    let answer = scene.browser.get("/desk/front/at?at=someday").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("write the date and time like"));
}
