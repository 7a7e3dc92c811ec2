//! What a reader's browser keeps, asks for and complains about: nothing, nothing foreign, nothing.

use crate::demo::demo;
use crate::window::Window;

const KEPT: &str =
    r"[document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(Boolean)";

#[tokio::test]
async fn a_reader_is_given_nothing_to_keep() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    for path in &demo.pages {
        window.go(path).await;
        assert_eq!(window.texts(KEPT).await, Vec::<String>::new(), "{path}");
    }
    let cookies = window.devtools("Network.getAllCookies", serde_json::json!({})).await;
    assert_eq!(cookies["cookies"], serde_json::json!([]));
    window.close().await;
}

#[tokio::test]
async fn no_public_page_asks_for_anything_foreign() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    let own = format!("{}/", demo.base_url);
    window.requests().await;
    for path in &demo.pages {
        window.go(path).await;
        let requests = window.requests().await;
        assert!(requests.iter().any(|url| url.starts_with(&own)), "{path}: {requests:?}");
        // The browser draws its own buttons into date fields from such addresses.
        let sent = requests.iter().filter(|url| !url.starts_with("data:"));
        let foreign: Vec<_> = sent.filter(|url| !url.starts_with(&own)).collect();
        assert!(foreign.is_empty(), "{path}: {foreign:?}");
    }
    window.close().await;
}

#[tokio::test]
async fn the_browser_complains_about_no_public_page() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    is_content(&window, &demo.pages).await;
    is_content(&window, &["/desk/login".to_owned()]).await;
    window.close().await;
}

#[tokio::test]
async fn the_browser_complains_about_no_screen_of_the_desk() {
    let demo = demo().await;
    let window = Window::open_as(&demo.base_url, &demo.token).await;
    is_content(&window, &demo.screens).await;
    window.close().await;
}

#[tokio::test]
async fn the_browser_would_complain_about_what_the_policy_forbids() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    window.go("/").await;
    let forbidden = "document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')";
    window.value(forbidden).await;
    let complaints = window.complaints().await;
    assert!(complaints.iter().any(|said| said.contains("Content Security Policy")), "{complaints:?}");
    window.close().await;
}

async fn is_content(window: &Window, paths: &[String]) {
    window.complaints().await;
    for path in paths {
        window.go(path).await;
        let mut complaints = window.complaints().await;
        // That the page itself is not there, or not any more, is what it is for.
        let is_missing = |said: &str| said.contains("/no-such-page") && said.contains("404");
        let is_gone = |said: &str| said.contains(path.as_str()) && said.contains("410 (Gone)");
        complaints.retain(|said| !is_missing(said) && !is_gone(said));
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}
