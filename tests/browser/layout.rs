//! Whether pages are laid out as the reader likes: in both schemes of colours, in both directions of writing. That
//! nothing sticks out of any page is seen by `inspection`.

use crate::demo::demo;
use crate::inspection::TOO_WIDE;
use crate::stage::Stage;
use crate::window::Window;

/// Whether the lines of the headline begin at the right edge of its box.
const BEGINS_RIGHT: &str = r#"(() => {
    const headline = document.querySelector("h1");
    const range = document.createRange();
    range.selectNodeContents(headline);
    const right = Math.max(...[...range.getClientRects()].map((line) => line.right));
    return Math.abs(headline.getBoundingClientRect().right - right) < 2;
})()"#;

#[tokio::test]
async fn pages_are_light_or_dark_as_the_reader_likes() {
    let demo = demo().await;
    let window = Window::open_as(&demo.base_url, &demo.token).await;
    let paper = "getComputedStyle(document.body).backgroundColor";
    for path in ["/", "/desk/articles"] {
        window.go(path).await;
        window.colours("light").await;
        assert_eq!(window.text(paper).await, "rgb(255, 255, 255)", "{path}");
        window.colours("dark").await;
        assert_eq!(window.text(paper).await, "rgb(20, 20, 19)", "{path}");
    }
    window.close().await;
}

#[tokio::test]
async fn an_article_written_from_right_to_left_is_laid_out_so() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    window.go(&demo.right_to_left).await;
    assert_eq!(window.text("document.querySelector('article').dir").await, "rtl");
    assert_eq!(window.text("getComputedStyle(document.querySelector('h1')).direction").await, "rtl");
    assert_eq!(window.value(BEGINS_RIGHT).await, true);
    window.close().await;
}

#[tokio::test]
async fn the_test_for_width_sees_what_sticks_out_and_what_is_hidden() {
    let stage = Stage::new().await;
    let window = stage.reader().await;
    window.go("/").await;
    assert_eq!(window.texts(TOO_WIDE).await, Vec::<String>::new());
    window.value("document.querySelector('main').style.width = '2000px'").await;
    assert!(!window.texts(TOO_WIDE).await.is_empty());
    window.value("document.body.style.overflowX = 'hidden'").await;
    assert!(!window.texts(TOO_WIDE).await.is_empty());
    window.close().await;
}
