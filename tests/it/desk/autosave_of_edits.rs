//! What is typed into a scheduled edit is kept too, beside what is typed into its article.

use axum::http::StatusCode;

use super::Screen;
use super::autosave::Desk;
use crate::browser::Answer;
use crate::newsroom::Story;

const THEN: &str = "2999-06-01T10:00";

/// With an edit that waits; its number.
async fn with_edit(desk: &mut Desk) -> String {
    let form = desk.form.clone();
    let fields = [
        ("headline", "After noon"),
        ("section", "news"),
        ("body", "<p>Text.</p>"),
        ("version", "1"),
        ("effective_at", THEN),
        ("action", "schedule"),
    ];
    let answer = desk.editor.upload(&form, &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    desk.editor.get(&form).await;
    Screen::of(&desk.editor.get(&format!("{form}/edit")).await).field("edit")
}

async fn pause_in_edit(desk: &mut Desk, number: &str, headline: &str) -> Answer {
    let fields = [
        ("headline", headline),
        ("section", "news"),
        ("body", "<p>Text.</p>"),
        ("version", "1"),
        ("edit", number),
        ("effective_at", THEN),
        ("page", "one"),
        ("sequence", "0"),
    ];
    desk.editor.upload(&format!("{}/edit/autosave", desk.form), &fields, &[]).await
}

#[tokio::test]
async fn text_of_an_edit_is_kept_beside_that_of_its_article_and_never_mixed_with_it() {
    let mut desk = Desk::new().await;
    let number = with_edit(&mut desk).await;
    let answer = pause_in_edit(&mut desk, &number, "Typed into the edit").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    desk.pause("two", "0", &[("headline", "Typed into the article")]).await;
    let path = format!("{}/edit", desk.form);
    let edit = Screen::of(&desk.editor.get(&path).await);
    assert_eq!((edit.field("headline"), edit.field("edit")), ("Typed into the edit".into(), number.clone()));
    assert_eq!(edit.field("effective_at"), THEN);
    assert_eq!(edit.attribute("form[data-autosave]", "data-autosave"), Some(format!("{path}/autosave")));
    assert_eq!(desk.open().await.field("headline"), "Typed into the article");
    let list = Screen::of(&desk.editor.get("/desk/articles").await);
    assert!(list.has(&format!("a[href='{path}']")) && list.has(&format!("a[href='{}']", desk.form)));

    let fields = [
        ("headline", "Typed into the edit"),
        ("section", "news"),
        ("body", "<p>Text.</p>"),
        ("version", "1"),
        ("edit", &number),
        ("effective_at", THEN),
        ("action", "schedule"),
    ];
    let form = desk.form.clone();
    let answer = desk.editor.upload(&form, &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(desk.rows().await, 1, "that of the article");
    assert_eq!(desk.open().await.field("headline"), "Typed into the article");
}

#[tokio::test]
async fn text_of_an_edit_is_thrown_away_alone_and_is_there_when_the_edit_is_not() {
    let mut desk = Desk::new().await;
    let number = with_edit(&mut desk).await;
    pause_in_edit(&mut desk, &number, "Typed into the edit").await;
    let path = format!("{}/edit", desk.form);
    desk.editor.post(&format!("{path}/cancel"), &[]).await;
    let edit = Screen::of(&desk.editor.get(&path).await);
    assert_eq!(edit.field("headline"), "Typed into the edit");
    let discard = edit.attribute("#unsaved form", "action").unwrap();
    let answer = desk.editor.post(&discard, &[]).await;
    assert_eq!(answer.header("location"), desk.form);
    assert_eq!((desk.rows().await, desk.editor.get(&path).await.status), (0, StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn text_of_an_edit_meets_a_newer_version_side_by_side_and_is_scheduled_from_there() {
    let mut desk = Desk::new().await;
    let number = with_edit(&mut desk).await;
    pause_in_edit(&mut desk, &number, "Typed into the edit").await;
    Story::new("Saved by another").over(&desk.world, desk.id).await;
    let answer = pause_in_edit(&mut desk, &number, "Typed once more").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let both = Screen::of(&desk.editor.get(&format!("{}/edit", desk.form)).await);
    assert_eq!(both.text("button[name=action]"), ["Schedule this text"]);
    assert_eq!(
        both.attribute("form#discard", "action"),
        Some(format!("{}/edit/autosave/discard", desk.form))
    );
}
