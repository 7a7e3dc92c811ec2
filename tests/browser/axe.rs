//! What axe-core finds on every page and every screen: names, roles, order, contrast, in both schemes of colours, on
//! a phone and on a desk. It comes from npm for these tests alone (`tests/axe`), and is put into the page from
//! outside, because no page of ours runs a foreign script.

use axum::http::{Method, StatusCode};
use broadsheet::desk;

use crate::browser::{World, bare};
use crate::demo::demo;
use crate::stage::Stage;
use crate::window::Window;

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/axe/node_modules/axe-core/axe.min.js");

/// Everything once, and what depends on colours in the other scheme.
const ALL: &str = "{ preload: false, resultTypes: ['violations'] }";
const COLOURS: &str = "{ preload: false, resultTypes: ['violations'], \
                       runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }";

/// Routes of the desk that answer a GET and are no screen that somebody who is logged in could look at, or of which
/// the sample news have none.
const NO_SCREENS: &[&str] = &[
    "/admin",
    "/desk/login",
    "/desk/login/code",
    "/desk/forgotten",
    "/desk/setup",
    "/desk/invited",
    "/desk/reset",
    "/desk/articles/suggestions",
    "/desk/tags/suggestions",
    // Of an edit that is planned.
    "/desk/articles/{id}/edit",
    "/desk/front/banners/{id}",
];

#[tokio::test]
async fn axe_finds_nothing_on_any_public_page() {
    let demo = demo().await;
    let window = Window::open(&demo.base_url).await;
    let mut pages = demo.pages.clone();
    pages.extend(["/desk/login", "/desk/forgotten"].map(str::to_owned));
    is_sound(&window, &pages).await;
    window.close().await;
}

#[tokio::test]
async fn axe_finds_nothing_on_any_screen_of_the_desk() {
    let demo = demo().await;
    let window = Window::open_as(&demo.base_url, &demo.token).await;
    is_sound(&window, &demo.screens).await;
    window.close().await;
}

#[tokio::test]
async fn every_screen_of_the_desk_is_among_those_that_are_walked() {
    let world = World::new().await;
    let demo = demo().await;
    let mut missing = Vec::new();
    for (route, _) in desk::routes() {
        let parts: Vec<&str> =
            route.split('/').map(|part| if part.starts_with('{') { "0" } else { part }).collect();
        let answer = world.browser().send(bare(Method::GET, &parts.join("/"))).await;
        if answer.status == StatusCode::METHOD_NOT_ALLOWED || NO_SCREENS.contains(&route) {
            continue;
        }
        if !demo.screens.iter().any(|screen| is_of(screen, route)) {
            missing.push(route);
        }
    }
    assert!(missing.is_empty(), "add them to `demo::screens`, or say why not in NO_SCREENS: {missing:#?}");
}

#[tokio::test]
async fn axe_sees_what_is_wrong() {
    let stage = Stage::new().await;
    let window = stage.reader().await;
    window.go("/").await;
    assert_eq!(violations(&window, ALL).await, Vec::<String>::new());
    window.value("(document.querySelector('main').innerHTML = '<img src=\"/favicon.ico\"><button></button>', null)").await;
    let found = violations(&window, ALL).await.join("\n");
    assert!(found.contains("image-alt") && found.contains("button-name"), "{found}");
    window.close().await;
}

/// Whether a screen's address is one of this route.
fn is_of(screen: &str, route: &str) -> bool {
    let path = screen.split('?').next().unwrap_or_default();
    let (path, route): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), route.split('/').collect());
    path.len() == route.len() && path.iter().zip(&route).all(|(a, b)| a == b || b.starts_with('{'))
}

async fn is_sound(window: &Window, paths: &[String]) {
    let mut problems = Vec::new();
    for path in paths {
        for (width, scheme, what) in [(1280, "light", ALL), (390, "dark", ALL), (1280, "dark", COLOURS)] {
            window.resize(width).await;
            window.colours(scheme).await;
            window.go(path).await;
            let complaints = window.complaints().await;
            let complaints = complaints.iter().filter(|complaint| !is_expected(path, complaint));
            problems.extend(complaints.map(|found| format!("{path}: {found}")));
            let found = violations(window, what).await;
            problems.extend(found.iter().map(|found| format!("{path} at {width}, {scheme}: {found}")));
            // What axe itself is told by the policy is not the page's.
            window.complaints().await;
        }
    }
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The browser mentions that a page is not there.
fn is_expected(path: &str, complaint: &str) -> bool {
    path == "/no-such-page" && complaint.contains("404")
}

async fn violations(window: &Window, what: &str) -> Vec<String> {
    let source = std::fs::read_to_string(AXE)
        .unwrap_or_else(|error| panic!("{AXE}: {error}; run `npm ci --ignore-scripts` in tests/axe"));
    window.run(&source, Vec::new()).await;
    let script = format!(
        "axe.run(document, {what}).then((found) => found.violations.flatMap((rule) => rule.nodes.slice(0, 5).map((node) => \
         `${{rule.id}}: ${{node.target.join(' ')}}: ${{node.html.slice(0, 200)}} ${{node.any.concat(node.all, node.none).map((check) => check.message).join('; ')}}`)))"
    );
    window.texts(&script).await
}
