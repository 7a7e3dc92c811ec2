//! The main work of the desk with the keyboard alone.

use broadsheet::accounts::Role;
use fantoccini::key::Key;

use crate::browser::PASSWORD;
use crate::newsroom::{Story, section};
use crate::pictures;
use crate::stage::Stage;
use crate::window::Window;

/// More stops than any screen has.
const STOPS: usize = 160;

#[tokio::test]
async fn an_article_is_written_and_published_with_the_keyboard_alone() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    stage.world.account("mira@example.org", Role::Editor).await;
    let window = stage.reader().await;
    window.go("/desk/articles/new").await;
    tab_to(&window, "#email").await;
    window.type_in("mira@example.org").await;
    tab_to(&window, "#password").await;
    window.type_in(PASSWORD).await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('#headline')").await;

    tab_to(&window, "#headline").await;
    window.type_in("The ferry runs again").await;
    tab_to(&window, "[contenteditable=true], #body").await;
    window.type_in("From the first hour.").await;
    tab_to(&window, "#section").await;
    window.type_in("News").await;
    tab_to(&window, "button[value=publish]").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('.badge.published')").await;
    let text = "document.querySelector('#body').value.includes('From the first hour.')";
    assert_eq!(window.value(text).await, true);
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn a_file_is_chosen_and_a_list_filtered_with_the_keyboard_alone() {
    let stage = Stage::new().await;
    section(&stage.world, "News").await;
    let window = stage.editor().await;
    window.go("/desk/articles").await;
    tab_to(&window, "a[href='/desk/articles/document']").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('#document')").await;
    tab_to(&window, "#document").await;
    tab_to(&window, "main form button.primary").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('#document-error')").await;
    assert_eq!(
        window.text("document.querySelector('#document-error').innerText").await,
        "Choose a file first."
    );
    window.close().await;
}

#[tokio::test]
async fn comments_are_decided_with_the_keyboard_alone() {
    let stage = Stage::new().await;
    let article = Story::new("The ferry runs again").publish(&stage.world).await;
    for name in ["Ana", "Ben"] {
        let insert =
            sqlx::query("insert into comments (article_id, name, body) values ($1, $2, 'I saw it.')");
        insert.bind(article.0).bind(name).execute(&stage.world.db.pool).await.unwrap();
    }
    let window = stage.editor().await;
    window.go("/desk").await;
    tab_to(&window, ".desk-menu a[href='/desk/comments']").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('#queue')").await;
    // By the button of one, then by the key of the list.
    tab_to(&window, "#queue button[value=approved]").await;
    window.press(Key::Enter).await;
    window.until("document.querySelectorAll('#queue > li').length === 1").await;
    tab_to(&window, "#queue input[type=checkbox]").await;
    window.type_in("r").await;
    window.until("!document.querySelector('#queue')").await;
    let states = "select state from comments order by name desc";
    let states: Vec<String> = sqlx::query_scalar(states).fetch_all(&stage.world.db.pool).await.unwrap();
    assert_eq!(states, ["approved", "rejected"]);
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

#[tokio::test]
async fn the_front_page_is_arranged_and_published_with_the_keyboard_alone() {
    let stage = Stage::new().await;
    for (headline, hours) in [("The ferry runs again", 2), ("The river is low", 1)] {
        Story::new(headline).hours_ago(hours).publish(&stage.world).await;
    }
    let window = stage.editor().await;
    window.go("/desk/front").await;
    tab_to(&window, "#block-2 .board-forms details:first-child > summary").await;
    window.press(Key::Enter).await;
    tab_to(&window, "#article-2").await;
    window.type_in("ferry").await;
    window.until("document.querySelectorAll('#article-2-offers li').length === 1").await;
    window.press(Key::Down).await;
    window.press(Key::Enter).await;
    tab_to(&window, "#block-2 form[action='/desk/front'] .times button").await;
    window.press(Key::Enter).await;
    window.until("document.querySelectorAll('#block-2 .slot').length === 1").await;
    window.go("/desk/front").await;
    tab_to(&window, "#block-2 .slot .handle").await;
    for key in [' ', char::from(Key::Up), ' '] {
        window.type_in(&key.to_string()).await;
    }
    window.until("document.querySelectorAll('#block-1 .slot').length === 1").await;
    window.until("!document.querySelector('#content').hasAttribute('aria-busy')").await;
    window.go("/desk/front").await;
    tab_to(&window, "form[action$='/publish'] button").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('.board-state .badge.published')").await;
    let reader = stage.reader().await;
    reader.go("/").await;
    let lead = reader.text("document.querySelector('.story-lead h3').innerText").await;
    assert_eq!(lead, "The ferry runs again");
    assert_eq!(window.complaints().await, Vec::<String>::new());
    reader.close().await;
    window.close().await;
}

#[tokio::test]
async fn a_picture_is_sent_described_and_given_its_focal_point_with_the_keyboard_alone() {
    let stage = Stage::new().await;
    let window = stage.editor().await;
    window.go("/desk").await;
    tab_to(&window, ".desk-menu a[href='/desk/media']").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('#file')").await;
    tab_to(&window, "#file").await;
    // The system's own dialog chooses the file.
    window.write("#file", pictures::file("keys.jpg", 60).to_str().unwrap()).await;
    tab_to(&window, "form[data-uploads] button").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('.sending .ready')").await;
    tab_to(&window, ".sending a").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('.focal.live')").await;
    tab_to(&window, ".focal").await;
    window.press(Key::Left).await;
    window.press(Key::Down).await;
    tab_to(&window, "#alt").await;
    window.type_in("Two halves").await;
    tab_to(&window, ".picture-form button.primary").await;
    window.press(Key::Enter).await;
    window.until("!!document.querySelector('.notice')").await;
    let stored: (String, i16, i16) = sqlx::query_as("select alt, focus_x, focus_y from media")
        .fetch_one(&stage.world.db.pool)
        .await
        .unwrap();
    assert_eq!(stored, ("Two halves".to_owned(), 490, 510));
    assert_eq!(window.complaints().await, Vec::<String>::new());
    window.close().await;
}

/// Goes forward from where the focus is, as somebody without a pointer does.
async fn tab_to(window: &Window, selector: &str) {
    let there = format!("document.activeElement.matches({selector:?})");
    for _ in 0..STOPS {
        if window.value(&there).await == true {
            return;
        }
        window.tap("Tab", 9).await;
    }
    panic!("the keyboard never comes to {selector} on {}", window.path().await);
}
