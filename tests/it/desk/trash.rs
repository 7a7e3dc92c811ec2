//! The trash: drafts only, a month, and out again.

use axum::http::StatusCode;
use broadsheet::news::article::{State, trash};

use super::Screen;
use super::newsdesk::{Newsdesk, save};

#[tokio::test]
async fn a_draft_goes_into_the_trash_and_out_again() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Not wanted").await;
    let path = format!("/desk/articles/{id}");
    assert_eq!(desk.author.post(&format!("{path}/trash"), &[]).await.status, StatusCode::SEE_OTHER);
    let list = Screen::of(&desk.author.get("/desk/articles").await);
    assert!(list.text("td.title a").is_empty());
    let trash = Screen::of(&desk.author.get("/desk/articles?state=trash").await);
    assert_eq!(trash.text("td.title a"), ["Not wanted"]);
    let screen = Screen::of(&desk.author.get(&path).await);
    assert!(!screen.has("button[value=save]") && !screen.has("button[value=submit]"));
    assert_eq!(save(&mut desk.author, id, &[("action", "save")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.save(id, &[("action", "publish")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.author.post(&format!("{path}/restore"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(desk.article(id).await.trashed_at.is_none());
    assert_eq!(save(&mut desk.author, id, &[("action", "save")]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_readers_have_seen_is_not_thrown_away() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Out there").await;
    let answer = desk.editor.post(&format!("/desk/articles/{id}/trash"), &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(desk.article(id).await.trashed_at.is_none());
}

#[tokio::test]
async fn what_waits_for_an_editor_comes_out_of_the_trash_as_a_draft() {
    let mut desk = Newsdesk::new().await;
    let id = desk.draft("Handed in").await;
    save(&mut desk.author, id, &[("action", "submit")]).await;
    assert_eq!(
        desk.author.post(&format!("/desk/articles/{id}/trash"), &[]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        desk.editor.post(&format!("/desk/articles/{id}/trash"), &[]).await.status,
        StatusCode::SEE_OTHER
    );
    let article = desk.article(id).await;
    assert!(article.trashed_at.is_some() && article.state == State::Draft);
}

#[tokio::test]
async fn after_a_month_it_is_gone_and_not_before() {
    let mut desk = Newsdesk::new().await;
    let (old, new) = (desk.draft("Old").await, desk.draft("New").await);
    for id in [old, new] {
        desk.editor.post(&format!("/desk/articles/{id}/trash"), &[]).await;
    }
    desk.run("update articles set trashed_at = now() - $1 * interval '1 day' where id = $2", 31, old).await;
    desk.run("update articles set trashed_at = now() - $1 * interval '1 day' where id = $2", 29, new).await;
    assert_eq!(trash::sweep(&desk.world.db.pool).await.unwrap(), 1);
    assert_eq!(desk.value("select string_agg(headline, ' ') from articles").await, "New");
}
