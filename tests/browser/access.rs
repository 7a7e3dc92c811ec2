//! Names, labels, headings, focus and the size of what is pressed, as assistive technology and fingers meet them.

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::demo::demo;
use crate::stage::Stage;
use crate::window::Window;

const INTERACTIVE: [&str; 11] = [
    "link",
    "button",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "listbox",
    "spinbutton",
    "slider",
    "DisclosureTriangle",
];

const UNLABELLED: &str = r#"[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter((field) => !field.labels.length && !field.ariaLabel && !field.hasAttribute("aria-labelledby"))
    .map((field) => field.outerHTML.slice(0, 200))"#;

/// What a finger meets: the label with its box, the whole story with its headline. Links in running text may be as
/// low as their line; what takes no pointer is for the keyboard alone.
const SMALL: &str = r#"(() => {
    const box = (element) => {
        const drawn = element.getBoundingClientRect();
        if (element.matches("[type=checkbox], [type=radio]") && element.labels.length) {
            return element.labels[0].getBoundingClientRect();
        }
        const cover = getComputedStyle(element, "::after");
        const story = element.closest(".story");
        const covers = story && cover.position === "absolute" && cover.content !== "none";
        return covers ? story.getBoundingClientRect() : drawn;
    };
    const running = (element) => getComputedStyle(element).display === "inline"
        && element.parentElement.textContent.trim() !== element.textContent.trim();
    const met = (element) => element.checkVisibility({ visibilityProperty: true })
        && getComputedStyle(element).pointerEvents !== "none" && !element.closest(".skip, .trap");
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
        .filter((element) => met(element) && !running(element))
        .map((element) => [element, box(element), element.closest(".menu, .foot nav, .desk-menu") ? 44 : 24])
        .filter(([, { width, height }, least]) => height < least - 0.5 || width < 24 - 0.5)
        .map(([element, { width, height }]) => `${width}×${height}: ${element.outerHTML.slice(0, 160)}`);
})()"#;

#[tokio::test]
async fn everything_that_can_be_used_on_a_public_page_has_a_name() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    is_named(&window, &demo.pages).await;
    is_named(&window, &["/desk/login".to_owned()]).await;
    window.close().await;
}

#[tokio::test]
async fn everything_that_can_be_used_at_the_desk_has_a_name() {
    let demo = demo().await;
    let window = Window::open_as(&demo.base_url, &demo.token).await;
    is_named(&window, &demo.screens).await;
    window.close().await;
}

#[tokio::test]
async fn every_page_has_one_headline_and_says_its_language() {
    let demo = demo().await;
    let window = Window::open_as(&demo.base_url, &demo.token).await;
    for path in demo.pages.iter().chain(&demo.screens) {
        window.go(path).await;
        assert_eq!(window.value("document.querySelectorAll('h1').length").await, 1, "{path}");
        assert_eq!(window.text("document.documentElement.lang").await, "en", "{path}");
        assert_ne!(window.text("document.title").await, "", "{path}");
    }
    window.close().await;
}

#[tokio::test]
async fn everything_on_a_phone_is_large_enough_to_be_pressed() {
    let demo = demo().await;
    let window = Window::open_as(&demo.base_url, &demo.token).await;
    window.resize(390).await;
    let mut problems = Vec::new();
    for path in demo.pages.iter().chain(&demo.screens) {
        window.go(path).await;
        let small = window.texts(SMALL).await;
        if !small.is_empty() {
            problems.push(format!("{path}: {small:#?}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    window.close().await;
}

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
    let small = window.texts(SMALL).await;
    assert!(small.iter().any(|found| found.contains("<button style")), "{small:?}");
    window.close().await;
}

async fn is_named(window: &Window, paths: &[String]) {
    let mut problems = Vec::new();
    for path in paths {
        window.go(path).await;
        problems.extend(nameless(window).await.iter().map(|found| format!("{path}: {found}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

async fn nameless(window: &Window) -> Vec<String> {
    let tree = window.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().unwrap();
    assert!(nodes.iter().any(is_interactive), "nothing to use on {}", window.path().await);
    let nameless = nodes.iter().filter(|node| is_interactive(node) && name(node).trim().is_empty());
    let nameless = nameless.map(|node| format!("no name: {node}"));
    let unlabelled = window.texts(UNLABELLED).await;
    nameless.chain(unlabelled.iter().map(|field| format!("no label: {field}"))).collect()
}

fn is_interactive(node: &Value) -> bool {
    node["ignored"] == false && INTERACTIVE.iter().any(|role| node["role"]["value"] == *role)
}

fn name(node: &Value) -> &str {
    node["name"]["value"].as_str().unwrap_or_default()
}
