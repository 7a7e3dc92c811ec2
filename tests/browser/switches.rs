//! The switches of the front page: day, week, month; photo, film. They are radio buttons, so they work by
//! keyboard and without scripts.

use fantoccini::key::Key;

use crate::demo::demo;
use crate::window::Window;

#[tokio::test]
async fn the_most_viewed_switch_works_by_keyboard() {
    let window = Window::open(&demo().await.base_url).await;
    window.go("/").await;
    most_viewed_switches(&window).await;
    window.close().await;
}

#[tokio::test]
async fn the_most_viewed_switch_works_without_scripts() {
    let window = Window::open(&demo().await.base_url).await;
    window.without_scripts().await;
    window.go("/").await;
    most_viewed_switches(&window).await;
    window.close().await;
}

#[tokio::test]
async fn the_gallery_switch_works_by_keyboard() {
    let window = Window::open(&demo().await.base_url).await;
    window.go("/").await;
    gallery_switches(&window).await;
    window.close().await;
}

#[tokio::test]
async fn the_gallery_switch_works_without_scripts() {
    let window = Window::open(&demo().await.base_url).await;
    window.without_scripts().await;
    window.go("/").await;
    gallery_switches(&window).await;
    window.close().await;
}

async fn most_viewed_switches(window: &Window) {
    let block = ".most-viewed-block";
    assert_eq!(shown(window, block, 3).await, [true, false, false]);
    window.value("document.getElementById('most-viewed-day').focus()").await;
    window.press(Key::Right).await;
    assert_eq!(shown(window, block, 3).await, [false, true, false]);
    window.press(Key::Right).await;
    assert_eq!(shown(window, block, 3).await, [false, false, true]);
    window.press(Key::Right).await;
    assert_eq!(shown(window, block, 3).await, [true, false, false]);
}

async fn gallery_switches(window: &Window) {
    let block = ".gallery-block";
    assert_eq!(shown(window, block, 2).await, [true, false]);
    window.value("document.getElementById('gallery-photo').focus()").await;
    window.press(Key::Right).await;
    assert_eq!(shown(window, block, 2).await, [false, true]);
    window.click(".gallery-block label[for=gallery-photo]").await;
    assert_eq!(shown(window, block, 2).await, [true, false]);
}

async fn shown(window: &Window, block: &str, panels: usize) -> Vec<bool> {
    let mut shown = Vec::new();
    for number in 1..=panels {
        shown.push(window.shows(&format!("{block} .panel-{number}")).await);
    }
    shown
}
