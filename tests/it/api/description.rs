//! `/api/v1/openapi.json` and the page made of it.

use std::collections::BTreeSet;

use broadsheet::api;

use crate::browser::World;

#[tokio::test]
async fn the_description_has_every_route_and_nothing_else() {
    let world = World::new().await;
    let document = world.browser().json("/api/v1/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let described: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let routed: BTreeSet<String> = api::routes()
        .into_iter()
        .flat_map(|(path, methods)| {
            let methods = format!("{methods:?}");
            ["GET", "POST", "PUT", "PATCH", "DELETE"]
                .into_iter()
                .filter(move |method| answers(&methods, method))
                .map(move |method| format!("{method} {path}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(described, routed);
}

/// As axum's `Debug` of a method router says it: `get: None` or a route.
fn answers(methods: &str, method: &str) -> bool {
    let field = format!("{}: ", method.to_lowercase());
    methods.split_once(&field).is_some_and(|(_, rest)| !rest.starts_with("None"))
}

#[tokio::test]
async fn the_page_shows_every_operation_without_a_script() {
    let world = World::new().await;
    let mut browser = world.browser();
    let document = browser.json("/api/v1/openapi.json").await;
    let page = browser.read("/api/v1/docs").await;
    let shown = page.texts(".operation summary code");
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(shown.contains(path), "{path}: {shown:?}");
    }
    assert!(!page.has("script[src]"));
    for href in page.attributes(".api a[href^='#']", "href") {
        assert_eq!(page.attributes(&format!("[id='{}']", &href[1..]), "id").len(), 1, "{href}");
    }
}
