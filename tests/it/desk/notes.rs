//! Notes among colleagues: there for everybody who may open the article, and for nobody else.

use axum::http::StatusCode;

use super::Screen;
use super::newsdesk::Newsdesk;

#[tokio::test]
async fn a_note_stands_in_the_thread_with_who_and_when_and_readers_never_see_it() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("With notes").await;
    let path = format!("/desk/articles/{id}");
    let answer =
        desk.editor.post(&format!("{path}/notes"), &[("note", "Ask the port again.\nAnd the union.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let answer = desk.author.post(&format!("{path}/notes"), &[("note", "Done.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let thread = Screen::of(&desk.author.get(&path).await).text(".notes li");
    assert_eq!(thread.len(), 2);
    assert!(thread[0].starts_with("Edda Frey") && thread[0].ends_with("And the union."), "{thread:?}");
    let page = desk.world.browser().get(&desk.article(id).await.href()).await.body;
    assert!(!page.contains("union") && !page.contains("Done."));
    let acts = desk.value("select string_agg(action || coalesce(detail->>'body', ''), ' ') from audit").await;
    assert!(acts.contains("note") && !acts.contains("union"), "{acts}");
}

#[tokio::test]
async fn an_empty_note_and_a_long_one_are_refused_with_what_was_typed() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("With notes").await;
    let long = "a".repeat(2001);
    for (typed, why) in [("  ", "Write the note first."), (long.as_str(), "2001")] {
        let answer = desk.editor.post(&format!("/desk/articles/{id}/notes"), &[("note", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let screen = Screen::of(&answer);
        assert!(screen.text("#note-error").join("").contains(why));
        assert_eq!(screen.field("note").trim(), typed.trim());
        assert_eq!(screen.field("headline"), "With notes");
    }
}

#[tokio::test]
async fn nobody_writes_notes_on_articles_that_do_not_exist_to_them() {
    let mut desk = Newsdesk::new().await;
    let id = crate::newsroom::Story::new("Of others").draft(&desk.world).await;
    let answer = desk.author.post(&format!("/desk/articles/{id}/notes"), &[("note", "Hello")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.value("select count(*)::text from article_notes").await, "0");
}
