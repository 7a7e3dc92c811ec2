//! An article on its way: handed in, reviewed and published without scripts; an edit for later; a link for somebody
//! without an account; two versions side by side.

use broadsheet::accounts::{Role, session};
use broadsheet::news::article::ArticleId;

use crate::newsroom::{Story, section};
use crate::stage::Stage;
use crate::window::Window;

/// The window of somebody of this role, and whose it is.
async fn window(stage: &Stage, role: Role) -> Window {
    let id = stage.world.account(&format!("{role}@example.org"), role).await;
    let mut tx = stage.world.db.pool.begin().await.unwrap();
    let token = session::create(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    Window::open_as(&stage.base_url, token.as_str()).await
}

async fn run(stage: &Stage, statement: &'static str) {
    sqlx::query(statement).execute(&stage.world.db.pool).await.unwrap();
}

/// What a `datetime-local` field is given, whatever the language of the browser.
async fn set(window: &Window, selector: &str, value: &str) {
    window.value(&format!("(document.querySelector('{selector}').value = '{value}')")).await;
}

async fn published(stage: &Stage) -> ArticleId {
    Story::new("Before noon").hours_ago(2).publish(&stage.world).await
}

#[tokio::test]
async fn an_author_hands_in_and_an_editor_publishes_without_scripts() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let author = window(&stage, Role::Author).await;
    author.without_scripts().await;
    author.go("/desk/articles/new").await;
    author.write("#headline", "The ferry runs again").await;
    author.fill("#body", "<p>From the first hour of the morning.</p>").await;
    author.choose("#section", "news").await;
    author.follow("button[value=submit]").await;
    assert!(author.shows(".badge.review").await);

    let editor = window(&stage, Role::Editor).await;
    editor.without_scripts().await;
    editor.go("/desk/articles?state=review").await;
    editor.follow("td.title a").await;
    editor.write("#note", "Good. Out with it.").await;
    editor.follow(".newsroom form[action$='/notes'] button").await;
    editor.follow("button[value=publish]").await;
    assert!(editor.shows(".badge.published").await);

    let reader = stage.reader().await;
    reader.go("/").await;
    let lead = reader.text("document.querySelector('.story-lead h3').innerText").await;
    assert_eq!(lead, "The ferry runs again");
    for window in [author, editor, reader] {
        assert_eq!(window.complaints().await, Vec::<String>::new());
        window.close().await;
    }
}

#[tokio::test]
async fn an_edit_is_scheduled_and_readers_have_it_when_its_time_comes() {
    schedule(true).await;
}

#[tokio::test]
async fn an_edit_is_scheduled_without_scripts() {
    schedule(false).await;
}

async fn schedule(scripts: bool) {
    let stage = Stage::new().await;
    let id = published(&stage).await;
    let editor = window(&stage, Role::Editor).await;
    if !scripts {
        editor.without_scripts().await;
    }
    editor.go(&format!("/desk/articles/{id}")).await;
    editor.fill("#headline", "After noon").await;
    set(&editor, "#effective_at", "2999-06-01T10:00").await;
    editor.follow("button[value=schedule]").await;
    assert!(editor.shows("#waiting-edit").await);
    let reader = stage.reader().await;
    let headline = "document.querySelector('h1').innerText";
    reader.go(&format!("/article/{id}/before-noon")).await;
    assert_eq!(reader.text(headline).await, "Before noon");
    run(&stage, "update scheduled_edits set effective_at = now() - interval '1 second'").await;
    reader.go(&format!("/article/{id}/before-noon")).await;
    assert_eq!(reader.text(headline).await, "After noon");
    for window in [editor, reader] {
        assert_eq!(window.complaints().await, Vec::<String>::new());
        window.close().await;
    }
}

#[tokio::test]
async fn a_link_shows_the_page_until_it_is_over() {
    let stage = Stage::new().await;
    let id = Story::new("Not out yet").draft(&stage.world).await;
    let editor = window(&stage, Role::Editor).await;
    editor.go(&format!("/desk/articles/{id}")).await;
    editor.follow(".newsroom form[action$='/previews'] button").await;
    let link = editor.text("document.querySelector('.preview-links input').value").await;
    let path = link.strip_prefix(&stage.base_url).unwrap().to_owned();
    let reader = stage.reader().await;
    reader.go(&path).await;
    assert_eq!(reader.text("document.querySelector('h1').innerText").await, "Not out yet");
    assert_eq!(reader.complaints().await, Vec::<String>::new());
    run(
        &stage,
        "update previews set created_at = created_at - interval '4 days', expires_at = now() - interval '1 second'",
    )
    .await;
    reader.go(&path).await;
    let gone = reader.text("document.body.innerText").await;
    assert!(!gone.contains("Not out yet"), "{gone}");
    reader.close().await;
    assert_eq!(editor.complaints().await, Vec::<String>::new());
    editor.close().await;
}

#[tokio::test]
async fn two_versions_stand_side_by_side_on_a_phone_too() {
    let stage = Stage::new().await;
    let id = published(&stage).await;
    Story::new("Before noon")
        .body("<p>The water stood to the fourth step.</p>")
        .hours_ago(2)
        .over(&stage.world, id)
        .await;
    let editor = window(&stage, Role::Editor).await;
    for width in [1280, 390] {
        editor.resize(width).await;
        editor.go(&format!("/desk/articles/{id}/revisions")).await;
        editor.follow("form.versions button").await;
        let marked = editor.texts("[...document.querySelectorAll('.diff-text del, .diff-text ins')].map(e => e.innerText.trim())").await;
        assert_eq!(marked, ["third", "fourth"]);
        let wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
        assert_eq!(editor.value(wide).await, false, "{width}");
        editor.go(&format!("/desk/articles/{id}")).await;
        assert_eq!(editor.value(wide).await, false, "form at {width}");
        editor.go("/desk/articles").await;
        assert_eq!(editor.value(wide).await, false, "list at {width}");
    }
    assert_eq!(editor.complaints().await, Vec::<String>::new());
    editor.close().await;
}
