//! What every answer carries: security headers, cache policy, validators, compression.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use axum::routing::get;
use broadsheet::accounts::Role;
use broadsheet::server;
use broadsheet::web::rates::Quotas;
use broadsheet::web::{App, CachePolicy, Document, Error, assets};
use chrono::{TimeZone, Utc};

use crate::browser::{Browser, World, bare};

const NAMES: [&str; 7] = [
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
];

/// Routes that answer with everything there is.
fn samples() -> Router<App> {
    Router::new()
        .route("/page", get(|| async { (CachePolicy::Page, [("etag", "W/\"1\"")], "a page") }))
        .route("/silent", get(|| async { "a page" }))
        .route("/gone", get(|| async { Error::Gone("It was withdrawn.".into()) }))
        .route("/fails", get(|| async { Error::internal(anyhow::anyhow!("the cause")) }))
        .route("/full", get(|| async { Error::Full }))
        .route("/media/a/b.webp", get(|| async { (CachePolicy::Immutable, "a picture") }))
        .route("/sample-feed.xml", get(feed))
}

async fn feed() -> Document {
    let at = Utc.with_ymd_and_hms(2026, 11, 24, 6, 0, 0).unwrap();
    Document::new("application/rss+xml; charset=utf-8", "<rss/>".repeat(100)).last_modified(Some(at))
}

async fn site() -> (World, Browser) {
    let world = World::new().await;
    let browser =
        Browser::on(server::layers(world.app.clone(), server::routes().merge(samples()))).of(&world.app);
    (world, browser)
}

#[tokio::test]
async fn every_status_carries_the_whole_set() {
    let (_world, mut browser) = site().await;
    let css = assets::url("css/site.css");
    let table = [
        (Method::GET, "/page", 200),
        (Method::GET, "/admin", 303),
        (Method::POST, "/desk/login", 403),
        (Method::GET, "/nowhere", 404),
        (Method::PUT, "/page", 403),
        (Method::GET, "/gone", 410),
        (Method::GET, "/fails", 500),
        (Method::GET, "/full", 507),
        (Method::GET, "/livez", 200),
        (Method::HEAD, css, 200),
    ];
    for (method, path, status) in table {
        let mut request = bare(method.clone(), path);
        if method == Method::PUT {
            request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        }
        let answer = browser.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        for name in NAMES {
            assert!(!answer.header(name).is_empty(), "{path} lacks {name}");
        }
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
}

#[tokio::test]
async fn media_is_sandboxed() {
    let (_world, mut browser) = site().await;
    let answer = browser.get("/media/a/b.webp").await;
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
}

#[tokio::test]
async fn https_is_promised_only_where_it_is() {
    for (base, promised) in [("https://news.example.org", true), ("http://localhost:8080", false)] {
        let world = World::at(base, Quotas::open()).await;
        let answer = world.browser().get("/livez").await;
        assert_eq!(!answer.header("strict-transport-security").is_empty(), promised, "{base}");
        let upgrades = answer.header("content-security-policy").contains("upgrade-insecure-requests");
        assert_eq!(upgrades, promised, "{base}");
    }
}

#[tokio::test]
async fn silence_means_that_nobody_keeps_it() {
    let (_world, mut browser) = site().await;
    for path in ["/silent", "/desk/login", "/nowhere", "/fails", "/gone"] {
        assert_eq!(browser.get(path).await.header("cache-control"), "private, no-store", "{path}");
    }
}

#[tokio::test]
async fn a_policy_becomes_one_header() {
    let (_world, mut browser) = site().await;
    let table = [
        ("/page", "public, max-age=0, must-revalidate"),
        ("/sample-feed.xml", "public, max-age=900, stale-while-revalidate=3600"),
        ("/media/a/b.webp", "public, max-age=31536000, immutable"),
    ];
    for (path, expected) in table {
        let answer = browser.get(path).await;
        let lines: Vec<_> = answer.headers.get_all("cache-control").iter().collect();
        assert_eq!(lines, [expected], "{path}");
    }
}

#[tokio::test]
async fn a_page_for_somebody_with_a_session_is_nobody_elses() {
    let world = World::new().await;
    let mut browser = world.browser_as(Role::Author, samples()).await;
    assert_eq!(browser.get("/page").await.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn a_known_page_is_answered_without_its_body() {
    let (_world, mut browser) = site().await;
    let known = |method, etag: &str| {
        Request::builder()
            .method(method)
            .uri("/page")
            .header("if-none-match", etag)
            .body(Body::empty())
            .unwrap()
    };
    for method in [Method::GET, Method::HEAD] {
        let answer = browser.send(known(method, "\"0\", W/\"1\"")).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(answer.header("etag"), "W/\"1\"");
        assert_eq!(answer.header("cache-control"), "public, max-age=0, must-revalidate");
        assert_eq!(answer.header("content-type"), "");
    }
    assert_eq!(browser.send(known(Method::GET, "W/\"2\"")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_feed_reader_may_ask_by_tag_or_by_date() {
    let (_world, mut browser) = site().await;
    let first = browser.get("/sample-feed.xml").await;
    assert_eq!(first.header("last-modified"), "Tue, 24 Nov 2026 06:00:00 GMT");
    for (name, value) in
        [("if-none-match", first.header("etag")), ("if-modified-since", first.header("last-modified"))]
    {
        let request = Request::get("/sample-feed.xml").header(name, value).body(Body::empty()).unwrap();
        assert_eq!(browser.send(request).await.status, StatusCode::NOT_MODIFIED, "{name}");
    }
}

#[tokio::test]
async fn a_head_has_the_headers_of_its_get() {
    let (_world, mut browser) = site().await;
    for path in ["/sample-feed.xml", "/desk/login", "/nowhere"] {
        let get = browser.get(path).await;
        let head = browser.send(bare(Method::HEAD, path)).await;
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.header("etag").is_empty(), get.header("etag").is_empty(), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
    assert_eq!(browser.send(bare(Method::HEAD, "/sample-feed.xml")).await.body, "");
}

#[tokio::test]
async fn text_is_compressed_and_pictures_are_not() {
    let (_world, mut browser) = site().await;
    for (path, encoding) in [("/sample-feed.xml", "br"), ("/desk/login", "br"), ("/media/a/b.webp", "")] {
        let request = Request::get(path).header("accept-encoding", "gzip, br").body(Body::empty()).unwrap();
        assert_eq!(browser.send(request).await.header("content-encoding"), encoding, "{path}");
    }
}

#[tokio::test]
async fn a_static_file_has_its_hash_in_the_name_and_never_changes() {
    let (_world, mut browser) = site().await;
    let url = assets::url("css/site.css");
    let answer = browser.get(url).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    for other in
        ["/static/css/site.css", "/static/css/site.00000000.css", "/static/..%2f..%2fetc/passwd", "/static"]
    {
        assert_eq!(browser.get(other).await.status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn the_icon_that_browsers_ask_for_unseen_is_there() {
    let (_world, mut browser) = site().await;
    let answer = browser.get("/favicon.ico").await;
    assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY);
    let icon = browser.get(answer.header("location")).await;
    assert_eq!((icon.status, icon.header("content-type")), (StatusCode::OK, "image/svg+xml"));
}

#[tokio::test]
async fn no_answer_allows_another_origin() {
    let (_world, mut browser) = site().await;
    for path in ["/page", "/desk/login", "/sample-feed.xml", "/nowhere"] {
        let request =
            Request::get(path).header("origin", "https://evil.example").body(Body::empty()).unwrap();
        assert_eq!(browser.send(request).await.header("access-control-allow-origin"), "", "{path}");
    }
}
