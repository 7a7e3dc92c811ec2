//! The kind of work an article is: chosen in its form, told to readers and to machines.

use broadsheet::accounts::Role;

use crate::browser::World;
use crate::newsroom::{Page, Story, section};

const FORM: [(&str, &str); 5] = [
    ("section", "news"),
    ("headline", "A view"),
    ("body", "<p>So it is.</p>"),
    ("byline", "Ada Orrin"),
    ("action", "publish"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    FORM.iter().copied().chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn an_opinion_is_called_one_and_a_report_needs_no_word() {
    let world = World::new().await;
    section(&world, "News").await;
    let mut desk = world.logged_in(Role::Editor).await;
    assert_eq!(desk.upload("/desk/articles", &with(&[("work", "opinion")]), &[]).await.status, 303);
    let id: i64 = sqlx::query_scalar("select id from articles").fetch_one(&world.db.pool).await.unwrap();
    let page = world.browser().read(&format!("/article/{id}/a-view")).await;
    assert_eq!(page.text(".article-head .work"), "Opinion");
    assert!(page.text("script[type='application/ld+json']").contains("OpinionNewsArticle"));
    let form = Page::of(&desk.get(&format!("/desk/articles/{id}")).await);
    assert_eq!(form.attribute("#work option[selected]", "value"), "opinion");
    // A form that says nothing of it changes nothing; one that does, does.
    assert_eq!(
        desk.upload(&format!("/desk/articles/{id}"), &with(&[("version", "1")]), &[]).await.status,
        303
    );
    let stored = "select work from articles";
    assert_eq!(sqlx::query_scalar::<_, String>(stored).fetch_one(&world.db.pool).await.unwrap(), "opinion");
    let report = with(&[("version", "2"), ("work", "report")]);
    assert_eq!(desk.upload(&format!("/desk/articles/{id}"), &report, &[]).await.status, 303);
    assert!(!world.browser().read(&format!("/article/{id}/a-view")).await.has(".work"));
}

#[tokio::test]
async fn a_kind_that_is_none_is_refused_at_its_field() {
    let world = World::new().await;
    section(&world, "News").await;
    let mut desk = world.logged_in(Role::Editor).await;
    let answer = desk.upload("/desk/articles", &with(&[("work", "rumour")]), &[]).await;
    let page = Page::of(&answer);
    assert_eq!((answer.status.as_u16(), page.text("#headline")), (422, "A view".to_owned()));
    assert!(page.has("#work-error"));
}

#[tokio::test]
async fn without_a_word_an_article_is_a_report() {
    let world = World::new().await;
    let id = Story::new("Bridge").publish(&world).await;
    let mut desk = world.logged_in(Role::Editor).await;
    let form = Page::of(&desk.get(&format!("/desk/articles/{id}")).await);
    assert_eq!(form.attribute("#work option[selected]", "value"), "report");
}
