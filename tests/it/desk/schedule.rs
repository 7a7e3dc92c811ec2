//! Edits that carry their own time: in force by the query, folded in by the job, and never over a newer save.

use axum::http::StatusCode;
use broadsheet::news::agenda::{self, Kind};
use broadsheet::news::article::{ArticleId, scheduled};

use super::Screen;
use super::newsdesk::{Newsdesk, problems, send};

const THEN: &str = "2999-06-01T10:00";

/// An article that readers have, with an edit of its headline for a time to come.
async fn with_edit(desk: &mut Newsdesk) -> ArticleId {
    let id = desk.published("Before noon").await;
    schedule(
        desk,
        id,
        &[
            ("headline", "After noon"),
            ("standfirst", "Later."),
            ("body", "<p>All new.</p>"),
            ("tags", "noon"),
        ],
    )
    .await;
    id
}

async fn schedule(desk: &mut Newsdesk, id: ArticleId, changes: &[(&str, &str)]) {
    let mut all = vec![("action", "schedule"), ("effective_at", THEN)];
    all.extend_from_slice(changes);
    desk.saved(id, &all).await;
}

async fn fold(desk: &Newsdesk) -> usize {
    scheduled::settle_all(&desk.world.db.pool).await.unwrap()
}

#[tokio::test]
async fn an_edit_is_in_force_at_its_time_although_no_job_runs() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let mut reader = desk.world.browser();
    let href = desk.article(id).await.href();
    let lists = ["/", "/section/news", "/feed.xml", "/archive"];
    assert!(reader.get(&href).await.body.contains("Before noon"));
    for list in lists {
        let body = reader.get(list).await.body;
        assert!(!body.contains("After noon") && !body.contains("All new"), "{list} is early");
    }
    desk.let_time_pass().await;
    let page = reader.get(&href).await.body;
    assert!(page.contains("After noon") && page.contains("All new.") && !page.contains("Before noon"));
    for list in &lists[..3] {
        let body = reader.get(list).await.body;
        assert!(body.contains("After noon") && !body.contains("Before noon"), "{list} is late");
    }
    assert!(reader.get("/feed.xml").await.body.contains("All new."));
    assert_eq!(desk.value("select version::text from articles").await, "1");
}

#[tokio::test]
async fn the_job_makes_it_the_newest_version_in_the_name_of_its_author() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    assert_eq!(fold(&desk).await, 0);
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    assert_eq!(fold(&desk).await, 0);
    let article = desk.article(id).await;
    assert_eq!((article.headline.as_str(), article.version), ("After noon", 2));
    assert_eq!(article.tags.0.first().map(|tag| tag.name.as_str()), Some("noon"));
    assert_eq!(desk.value("select count(*)::text from scheduled_edits").await, "0");
    let last = "select action || ' by ' || actor from audit order by id desc limit 1";
    assert_eq!(desk.value(last).await, "take effect by Edda Frey");
    let found = desk.world.browser().get("/search?q=noon").await.body;
    assert!(found.contains("After noon"));
}

#[tokio::test]
async fn an_edit_keeps_the_publication_and_the_state() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    let before = desk.article(id).await;
    schedule(&mut desk, id, &[("headline", "After noon"), ("publish_at", "2001-01-01T00:00")]).await;
    desk.let_time_pass().await;
    fold(&desk).await;
    let after = desk.article(id).await;
    assert_eq!((after.publish_at, after.state), (before.publish_at, before.state));
}

#[tokio::test]
async fn a_save_in_the_meantime_holds_the_edit_and_is_not_lost() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("standfirst", "Saved in the meantime.")]).await;
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 0);
    let page = desk.world.browser().get(&desk.article(id).await.href()).await.body;
    assert!(page.contains("Before noon") && page.contains("Saved in the meantime."));
    let screen = Screen::of(&desk.editor.get(&format!("/desk/articles/{id}")).await);
    assert!(screen.text("#waiting-edit h2").join("").contains("held"));
    let list = Screen::of(&desk.editor.get("/desk/articles").await);
    assert!(list.text("td.title").join("").contains("An edit is held"));
}

#[tokio::test]
async fn a_held_edit_opens_with_both_changes_and_goes_on_from_there() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("kicker", "Meanwhile")]).await;
    let path = format!("/desk/articles/{id}");
    let form = Screen::of(&desk.editor.get(&format!("{path}/edit")).await);
    assert_eq!(form.field("headline"), "After noon");
    assert_eq!(form.field("kicker").trim(), "Meanwhile");
    assert_eq!(form.field("effective_at"), THEN);
    let answer = send(&mut desk.editor, &path, &form, &[("action", "schedule")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", problems(&answer));
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    let article = desk.article(id).await;
    assert_eq!((article.headline.as_str(), article.kicker.as_str()), ("After noon", "Meanwhile"));
}

#[tokio::test]
async fn a_person_may_let_a_held_edit_go_as_it_is() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("standfirst", "Saved in the meantime.")]).await;
    let path = format!("/desk/articles/{id}/edit/confirm");
    assert_eq!(desk.author.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.editor.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 1);
    assert_eq!(desk.article(id).await.headline, "After noon");
}

#[tokio::test]
async fn an_edit_that_is_given_up_never_happens() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let answer = desk.editor.post(&format!("/desk/articles/{id}/edit/cancel"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 0);
    assert_eq!(desk.article(id).await.headline, "Before noon");
}

#[tokio::test]
async fn an_edit_whose_time_has_come_is_in_before_anybody_saves_over_it() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let path = format!("/desk/articles/{id}");
    let form = Screen::of(&desk.editor.get(&path).await);
    desk.let_time_pass().await;
    let answer = send(&mut desk.editor, &path, &form, &[("standfirst", "Typed before noon.")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(desk.article(id).await.headline, "After noon");
}

#[tokio::test]
async fn a_withdrawal_holds_the_edit() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    desk.saved(id, &[("action", "withdraw")]).await;
    desk.let_time_pass().await;
    assert_eq!(fold(&desk).await, 0);
    assert_eq!(desk.world.browser().get(&desk.article(id).await.href()).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_wrong_time_is_refused_at_its_field() {
    let mut desk = Newsdesk::new().await;
    let id = desk.published("Before noon").await;
    for (time, why) in [
        ("", "Say when"),
        ("2001-01-01T10:00", "This time is over"),
        ("soon", "Write the date"),
        ("2999-06-01T10:00", ""),
    ] {
        let answer =
            desk.save(id, &[("action", "schedule"), ("effective_at", time), ("headline", "Typed")]).await;
        if why.is_empty() {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            continue;
        }
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{time}");
        let screen = Screen::of(&answer);
        assert!(screen.text("#effective_at-error").join("").contains(why), "{time}: {}", problems(&answer));
        assert_eq!(screen.field("headline"), "Typed");
    }
}

#[tokio::test]
async fn the_list_and_the_versions_show_what_waits() {
    let mut desk = Newsdesk::new().await;
    let id = with_edit(&mut desk).await;
    let list = Screen::of(&desk.editor.get("/desk/articles").await);
    assert!(list.text("td.title").join("").contains("An edit is scheduled for 1 Jun 2999, 10:00"));
    let path = format!("/desk/articles/{id}/revisions?from=1&to=edit");
    let versions = Screen::of(&desk.editor.get(&path).await);
    assert!(versions.text("tbody tr").first().is_some_and(|row| row.contains("The edit that waits")));
    assert!(versions.text(".diff-fields ins").iter().any(|word| word == "After"));
    let next = agenda::next(&desk.world.db.pool, None, 5).await.unwrap();
    assert!(next.len() == 1 && next[0].kind == Kind::Edit);
}
