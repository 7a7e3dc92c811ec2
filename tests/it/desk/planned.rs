//! What has a time that has not come: no reader saw it, so it can be taken back and leaves nothing.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::article::save::{self as saving, Action};
use broadsheet::news::article::{ArticleId, State};
use broadsheet::news::audit::Actor;

use super::Screen;
use super::newsdesk::{Newsdesk, person, problems, save, send};
use crate::newsroom::Story;

async fn planned(desk: &Newsdesk) -> ArticleId {
    let id = Story::new("For tomorrow").hours_ago(-24).publish(&desk.world).await;
    desk.run("update articles set created_by = $1 where id = $2", desk.author_id.0, id).await;
    id
}

async fn let_it_out(desk: &Newsdesk, id: ArticleId) {
    desk.run(
        "update articles set publish_at = now() - make_interval(mins => $1::int), released_at = now() where id = $2",
        1,
        id,
    )
    .await;
}

#[tokio::test]
async fn editors_and_nobody_else_take_it_back_and_no_reader_hears_of_it() {
    let mut desk = Newsdesk::new().await;
    let id = planned(&desk).await;
    let form = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await);
    assert_eq!(form.text("button[value=return]"), ["Return to draft"]);
    assert!(!form.has("button[value=withdraw]"));
    assert_eq!(save(&mut desk.author, id, &[("action", "return")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.save(id, &[("action", "withdraw")]).await.status, StatusCode::FORBIDDEN);
    desk.saved(id, &[("action", "return")]).await;
    let article = desk.article(id).await;
    assert_eq!(article.state, State::Draft);
    assert_eq!(desk.world.browser().get(&article.href()).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn it_goes_into_the_trash_with_the_edit_that_waited_for_it() {
    let mut desk = Newsdesk::new().await;
    let id = planned(&desk).await;
    desk.saved(id, &[("action", "schedule"), ("effective_at", "2999-06-01T10:00"), ("headline", "Later")])
        .await;
    let path = format!("/desk/articles/{id}/trash");
    assert_eq!(desk.author.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.editor.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    let article = desk.article(id).await;
    assert!(article.trashed_at.is_some() && article.state == State::Draft);
    assert_eq!(desk.value("select held::text from scheduled_edits").await, "true");
}

#[tokio::test]
async fn without_its_time_it_is_a_draft_again_and_the_desk_says_so() {
    let mut desk = Newsdesk::new().await;
    let id = planned(&desk).await;
    desk.saved(id, &[("publish_at", ""), ("headline", "Not tomorrow")]).await;
    let article = desk.article(id).await;
    assert_eq!((article.state, article.publish_at), (State::Draft, None));
    let said = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await).text(".notice").join(" ");
    assert!(said.contains("It has no time any more, so it is a draft again"), "{said}");
}

#[tokio::test]
async fn what_went_out_while_the_form_was_open_is_not_taken_back_and_the_text_is_kept() {
    let mut desk = Newsdesk::new().await;
    let id = planned(&desk).await;
    let path = format!("/desk/articles/{id}");
    let form = Screen::of(&desk.editor.get(&path).await);
    let_it_out(&desk, id).await;
    let answer = send(&mut desk.editor, &path, &form, &[("action", "return"), ("headline", "Typed")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = Screen::of(&answer);
    assert_eq!(again.field("headline"), "Typed");
    assert!(again.text("#publish_at-error").join("").contains("Readers have it"), "{}", problems(&answer));
    let article = desk.article(id).await;
    assert_eq!(article.state, State::Published);

    let fields = Story::new("Taken back too late").with_section(&desk.world).await;
    let mut tx = desk.world.db.pool.begin().await.unwrap();
    let late =
        saving::update(&mut tx, id, article.version, &fields, Action::Return, &Actor::command_line()).await;
    assert!(late.unwrap().is_err());
}

#[tokio::test]
async fn what_is_out_keeps_its_time_when_the_field_is_emptied() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Out there").await;
    let before = desk.article(id).await;
    desk.saved(id, &[("publish_at", "")]).await;
    let after = desk.article(id).await;
    assert_eq!((after.state, after.publish_at), (State::Published, before.publish_at));
}

#[tokio::test]
async fn many_at_once_say_why_what_is_planned_is_not_withdrawn() {
    let mut desk = Newsdesk::new().await;
    let id = planned(&desk).await.to_string();
    let (mut admin, _) = person(&desk.world, "Ada Min", Role::Admin).await;
    admin.post("/desk/articles/bulk", &[("id", &id), ("do", "withdraw")]).await;
    let said = Screen::of(&admin.get("/desk/articles").await).text(".notice").join(" ");
    assert!(said.contains("no reader has it yet"), "{said}");
    let _ = desk.editor.post("/desk/articles/bulk", &[("id", &id), ("do", "trash")]).await;
    assert_eq!(desk.value("select (trashed_at is not null)::text from articles").await, "true");
}
