//! The main work of the desk with the keyboard alone.

use broadsheet::accounts::Role;
use fantoccini::key::Key;

use crate::browser::PASSWORD;
use crate::newsroom::section;
use crate::stage::Stage;
use crate::window::Window;

/// More stops than any screen has.
const STOPS: usize = 120;

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
