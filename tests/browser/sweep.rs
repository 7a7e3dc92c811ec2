//! Every page for readers and every screen of the desk, inspected. What can only be reached by doing something is in
//! `acts`.

use axum::http::{Method, StatusCode};
use broadsheet::web::Routes;
use broadsheet::{desk, site};

use crate::acts;
use crate::browser::{World, bare};
use crate::demo::demo;
use crate::inspection::Inspection;
use crate::window::Window;

/// Routes that answer a GET with something that is nothing to look at.
const NOTHING_TO_SEE: &[&str] = &[
    "/desk/imports/{id}/report.csv",
    "/desk/imports/{id}/report.jsonl",
    // They lead on.
    "/admin",
    "/article/{id}",
    // What scripts read.
    "/desk/articles/suggestions",
    "/desk/tags/suggestions",
    "/map.geojson",
    // Pictures, films and signs.
    "/media/{sha256}/{name}",
    "/article/{id}/picture/{name}",
    "/icons/{name}",
    "/favicon.ico",
    "/apple-touch-icon.png",
    "/site.webmanifest",
    // An article that is called "comments", like any other.
    "/article/{id}/comments",
];

/// The walk is long; two windows share it.
async fn is_sound(base_url: &str, token: Option<&str>, paths: &[String]) {
    let window = match token {
        Some(token) => Window::open_as(base_url, token).await,
        None => Window::open(base_url).await,
    };
    let mut inspection = Inspection::new(&window);
    for path in paths {
        inspection.page(path).await;
    }
    inspection.pass();
    window.close().await;
}

#[tokio::test]
async fn every_public_page_is_sound() {
    let demo = demo().await;
    is_sound(&demo.base_url, None, &demo.pages).await;
}

#[tokio::test]
async fn every_screen_is_sound() {
    let demo = demo().await;
    let half = demo.screens.len() / 2;
    is_sound(&demo.base_url, Some(&demo.token), &demo.screens[..half]).await;
}

#[tokio::test]
async fn every_other_screen_is_sound() {
    let demo = demo().await;
    let half = demo.screens.len() / 2;
    is_sound(&demo.base_url, Some(&demo.token), &demo.screens[half..]).await;
}

#[tokio::test]
async fn every_screen_of_the_desk_is_among_those_that_are_walked() {
    let missing = missing(desk::routes(), &demo().await.screens).await;
    assert!(missing.is_empty(), "in neither `demo::screens` nor `acts`: {missing:#?}");
}

#[tokio::test]
async fn every_page_for_readers_is_among_those_that_are_walked() {
    let missing = missing(site::routes(), &demo().await.pages).await;
    assert!(missing.is_empty(), "in neither `demo::pages` nor `acts`: {missing:#?}");
}

/// The routes with a GET that nobody looks at.
async fn missing(routes: Routes, walked: &[String]) -> Vec<&'static str> {
    let world = World::new().await;
    let mut missing = Vec::new();
    for (route, _) in routes {
        let parts: Vec<&str> =
            route.split('/').map(|part| if part.starts_with('{') { "0" } else { part }).collect();
        let answer = world.browser().send(bare(Method::GET, &parts.join("/"))).await;
        let is_walked = walked.iter().any(|path| is_of(path, route)) || acts::ROUTES.contains(&route);
        if answer.status != StatusCode::METHOD_NOT_ALLOWED && !NOTHING_TO_SEE.contains(&route) && !is_walked {
            missing.push(route);
        }
    }
    missing
}

/// Whether an address is one of this route.
pub fn is_of(address: &str, route: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let (path, route): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), route.split('/').collect());
    path.len() == route.len() && path.iter().zip(&route).all(|(a, b)| a == b || b.starts_with('{'))
}
