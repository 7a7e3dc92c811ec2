//! The focus, as the keyboard moves it; and that the inspection of names, sizes and contrast sees what is wrong.

use fantoccini::key::Key;

use crate::demo::demo;
use crate::inspection::{TOO_SMALL, nameless, violations_of_all};
use crate::stage::Stage;
use crate::window::Window;

#[tokio::test]
async fn the_focus_is_seen() {
    let demo = demo().await;
    let window = Window::open_as(&demo.base_url, &demo.token).await;
    for path in ["/", "/desk/articles"] {
        window.go(path).await;
        // Past the link that skips the masthead.
        window.press(Key::Tab).await;
        window.press(Key::Tab).await;
        assert_eq!(window.text("document.activeElement.tagName").await, "A", "{path}");
        let outline = "getComputedStyle(document.activeElement).outlineStyle";
        assert_eq!(window.text(outline).await, "solid", "{path}");
        let width = "parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2";
        assert_eq!(window.value(width).await, true, "{path}");
    }
    window.close().await;
}

#[tokio::test]
async fn the_first_stop_of_the_keyboard_skips_the_masthead() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    window.go("/").await;
    window.press(Key::Tab).await;
    assert_eq!(window.text("document.activeElement.className").await, "skip");
    assert!(window.shows(".skip").await);
    window.press(Key::Enter).await;
    window.until("document.activeElement.id === 'content'").await;
    window.close().await;
}

#[tokio::test]
async fn the_keyboard_reaches_the_comment_form_in_order() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    let article = demo.pages.iter().find(|path| path.starts_with("/article/")).unwrap();
    window.go(article).await;
    window.value("document.getElementById('comment-name').focus()").await;
    for expected in ["comment-email", "comment-answer", "comment-text", ""] {
        window.press(Key::Tab).await;
        assert_eq!(window.text("document.activeElement.id").await, expected);
    }
    assert_eq!(window.text("document.activeElement.textContent").await, "Send");
    window.close().await;
}

#[tokio::test]
async fn the_tests_for_names_and_sizes_see_what_is_missing() {
    let stage = Stage::new().await;
    let window = stage.reader().await;
    window.go("/").await;
    window.value("(document.querySelector('main').innerHTML = '<input id=x><button></button>', null)").await;
    window.value("document.querySelector('main button').style.width = '10px'").await;
    let nameless = nameless(&window).await;
    assert_eq!(nameless.len(), 3, "{nameless:?}");
    let small = window.texts(TOO_SMALL).await;
    assert!(small.iter().any(|found| found.contains("<button style")), "{small:?}");
    window.close().await;
}

#[tokio::test]
async fn axe_sees_what_is_wrong() {
    let stage = Stage::new().await;
    let window = stage.reader().await;
    window.go("/").await;
    assert_eq!(violations_of_all(&window).await, Vec::<String>::new());
    window.value("(document.querySelector('main').innerHTML = '<img src=\"/favicon.ico\"><button></button>', null)").await;
    let found = violations_of_all(&window).await.join("\n");
    assert!(found.contains("image-alt") && found.contains("button-name"), "{found}");
    window.close().await;
}
