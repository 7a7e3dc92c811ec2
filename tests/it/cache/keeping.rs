//! What is kept, under what, and how it goes out.

use std::io::Read;

use axum::body::Body;
use axum::http::{HeaderName, Method, Request, StatusCode};
use broadsheet::accounts::Role;
use broadsheet::server;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::{run, source, warm};
use crate::browser::{Browser, World, bare};
use crate::newsroom::Story;

#[tokio::test]
async fn a_page_is_drawn_once_and_then_comes_from_memory() {
    let world = World::new().await;
    let id = Story::new("Tides").tags(&["harbour"]).publish(&world).await;
    let article = format!("/article/{id}/tides");
    let mut browser = world.browser();
    for path in
        ["/", &article, "/section/news", "/tag/harbour", "/feed.xml", "/sitemap.xml", "/search?q=tides"]
    {
        let first = browser.get(path).await;
        assert_eq!(source(&first), "stored", "{path}");
        let second = browser.get(path).await;
        assert_eq!((source(&second), &second.body), ("hit", &first.body), "{path}");
        assert_eq!(second.header("age"), "0", "{path}");
        for name in
            ["content-type", "etag", "cache-control", "content-security-policy", "last-modified", "vary"]
        {
            assert_eq!(second.header(name), first.header(name), "{path}: {name}");
        }
    }
    assert_eq!(world.app.pages.figures.now().hits, 7);
}

#[tokio::test]
async fn words_of_the_query_that_nobody_reads_lead_to_the_same_copy() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    warm(&mut browser, "/section/news").await;
    let (kept, _) = world.app.pages.size();
    for junk in ["utm_source=x", "fbclid=1", "before=", "q=tides", "a&b&c", "%", "before"] {
        assert_eq!(source(&browser.get(&format!("/section/news?{junk}")).await), "hit", "{junk}");
    }
    assert_eq!(world.app.pages.size().0, kept);
}

#[tokio::test]
async fn another_spelling_of_a_page_is_answered_and_not_kept() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    for path in
        ["/section/n%65ws".to_owned(), format!("/article/00{id}/tides"), format!("/article/+{id}/tides")]
    {
        for _ in 0..2 {
            let answer = browser.get(&path).await;
            assert_eq!((answer.status, source(&answer)), (StatusCode::OK, "bypass"), "{path}");
        }
    }
    assert_eq!(world.app.pages.size().0, 0);
}

#[tokio::test]
async fn only_pages_that_are_there_are_kept() {
    let world = World::new().await;
    let withdrawn = Story::new("Tides").withdrawn(&world).await;
    let id = Story::new("Ebb").publish(&world).await;
    let mut browser = world.browser();
    let answers = [
        ("/section/nowhere".to_owned(), 404),
        ("/nowhere".to_owned(), 404),
        (format!("/article/{withdrawn}/tides"), 410),
        (format!("/article/{id}/other"), 301),
        ("/section/news?before=yesterday".to_owned(), 400),
        ("/search?q=tides&from=x".to_owned(), 422),
        (format!("/article/{id}/ebb?comment=held&own=0"), 200),
        (format!("/article/{id}/ebb?reply=7"), 200),
    ];
    for (path, status) in answers {
        for _ in 0..2 {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status.as_u16(), status, "{path}");
            assert!(
                !["hit", "stored"].contains(&source(&answer)),
                "{path}: {}",
                answer.header("cache-status")
            );
        }
    }
    assert_eq!(world.app.pages.size().0, 0);
}

#[tokio::test]
async fn somebody_with_a_session_gets_nothing_that_is_kept_and_leaves_nothing() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let answer = editor.get("/").await;
    assert_eq!((source(&answer), answer.header("cache-control")), ("bypass", "private, no-store"));
    assert_eq!(world.app.pages.size().0, 0);
    warm(&mut world.browser(), "/").await;
    let answer = editor.get("/").await;
    assert_eq!((source(&answer), answer.header("cache-control")), ("bypass", "private, no-store"));
}

#[tokio::test]
async fn the_desk_is_never_kept_whatever_its_address_looks_like() {
    let world = World::new().await;
    let mut editor = world.logged_in(Role::Editor).await;
    for path in ["/desk", "/desk/articles", "/desk/x.css", "/desk;a.js", "/section/..%2f..%2fdesk"] {
        let answer = editor.get(path).await;
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
    }
    assert_eq!(world.app.pages.size().0, 0);
}

/// What a client may say, and what an attacker would.
const NAMES: [&str; 60] = [
    "accept",
    "accept-charset",
    "accept-language",
    "authorization",
    "base-url",
    "cf-connecting-ip",
    "cf-visitor",
    "client-ip",
    "cookie",
    "dnt",
    "fastly-ff",
    "forwarded",
    "front-end-https",
    "from",
    "host",
    "if-match",
    "if-range",
    "origin",
    "pragma",
    "prefer",
    "proxy-host",
    "purpose",
    "range",
    "referer",
    "save-data",
    "sec-ch-prefers-color-scheme",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-gpc",
    "te",
    "true-client-ip",
    "upgrade-insecure-requests",
    "user-agent",
    "via",
    "warning",
    "x-amz-website-redirect-location",
    "x-att-deviceid",
    "x-client-ip",
    "x-debug",
    "x-device",
    "x-forwarded-by",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-path",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-forwarded-scheme",
    "x-forwarded-server",
    "x-ghost-preview",
    "x-host",
    "x-http-method-override",
    "x-original-host",
    "x-original-url",
    "x-preview",
    "x-real-ip",
    "x-rewrite-url",
    "x-wap-profile",
];

#[tokio::test]
async fn no_header_and_no_cookie_changes_what_the_next_reader_gets() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    let clean = warm(&mut browser, "/section/news").await;
    let kept =
        ["content-type", "etag", "cache-control", "content-security-policy", "vary", "link", "set-cookie"];
    for name in NAMES {
        run(&world, "select pg_notify('broadsheet_pages', 'all')").await;
        let value = if name == "cookie" { "theme=dark; lang=zyx; notice=zyx" } else { "zyx.example.org" };
        let poisoned = browser.get_with("/section/news", &[(name, value)]).await;
        assert_eq!((source(&poisoned), &poisoned.body), ("stored", &clean.body), "{name}");
        let next = browser.get("/section/news").await;
        assert_eq!((source(&next), &next.body), ("hit", &clean.body), "{name}");
        for header in kept {
            assert_eq!(next.header(header), clean.header(header), "{name}: {header}");
        }
    }
}

#[tokio::test]
async fn no_public_page_sets_a_cookie() {
    let world = World::new().await;
    let id = Story::new("Tides").tags(&["harbour"]).publish(&world).await;
    let mut browser = world.browser();
    for path in ["/", "/section/news", "/tag/harbour", "/search?q=tides", "/map", "/archive", "/feed.xml"] {
        assert_eq!(browser.get(path).await.header("set-cookie"), "", "{path}");
    }
    assert_eq!(browser.get(&format!("/article/{id}/tides")).await.header("set-cookie"), "");
}

#[tokio::test]
async fn whoever_has_the_page_gets_the_word_for_it_with_the_same_headers() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    for path in ["/section/news", "/feed.xml"] {
        let whole = warm(&mut browser, path).await;
        let known = browser.get_with(path, &[("if-none-match", whole.header("etag"))]).await;
        assert_eq!(
            (known.status, known.body.as_str(), source(&known)),
            (StatusCode::NOT_MODIFIED, "", "hit")
        );
        for name in ["etag", "cache-control", "vary", "content-security-policy", "last-modified"] {
            assert_eq!(known.header(name), whole.header(name), "{path}: {name}");
        }
        assert_eq!(known.header("content-type"), "");
        let other = browser.get_with(path, &[("if-none-match", "W/\"other\"")]).await;
        assert_eq!((other.status, &other.body), (StatusCode::OK, &whole.body));
    }
    let feed = browser.get("/feed.xml").await;
    let known = browser.get_with("/feed.xml", &[("if-modified-since", feed.header("last-modified"))]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_head_of_a_page_is_that_of_the_whole() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    let whole = warm(&mut browser, "/").await;
    let head = browser.send(bare(Method::HEAD, "/")).await;
    assert_eq!((head.status, head.body.as_str(), source(&head)), (StatusCode::OK, "", "hit"));
    for name in ["content-length", "content-type", "etag", "cache-control"] {
        assert_eq!(head.header(name), whole.header(name), "{name}");
    }
    assert_eq!(head.header("content-length"), whole.body.len().to_string());
}

async fn packed(world: &World, accept: &str) -> (String, Vec<u8>) {
    let request =
        Request::get("/section/news").header("accept-encoding", accept).body(Body::empty()).unwrap();
    let response = server::router(world.app.clone()).oneshot(request).await.unwrap();
    let encoding =
        response.headers().get("content-encoding").map_or("", |value| value.to_str().unwrap()).to_owned();
    assert_eq!(response.headers()["vary"], "accept-encoding");
    (encoding, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn a_page_goes_out_as_the_client_takes_it() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let plain = warm(&mut world.browser(), "/section/news").await.body;
    let unpack = |encoding: &str, bytes: &[u8]| {
        let mut text = String::new();
        match encoding {
            "gzip" => flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).map(drop).unwrap(),
            "br" => brotli::Decompressor::new(bytes, 4096).read_to_string(&mut text).map(drop).unwrap(),
            "zstd" => text = String::from_utf8(zstd::bulk::decompress(bytes, 1 << 20).unwrap()).unwrap(),
            _ => text = String::from_utf8(bytes.to_vec()).unwrap(),
        }
        text
    };
    let cases = [
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1, br;q=0.1", "gzip"),
        ("identity", ""),
        ("deflate", ""),
    ];
    for (accept, expected) in cases {
        // The first who asks for an encoding may be answered before it is made.
        super::until(accept, || async { packed(&world, accept).await.0 == expected }).await;
        let (encoding, bytes) = packed(&world, accept).await;
        assert_eq!(unpack(&encoding, &bytes), plain, "{accept}");
        assert!(encoding.is_empty() || bytes.len() < plain.len() / 2, "{accept}");
    }
}

#[tokio::test]
async fn a_part_of_a_page_is_not_to_be_had_and_of_a_film_it_is() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    let whole = warm(&mut browser, "/").await;
    let asked = browser.get_with("/", &[("range", "bytes=0-9")]).await;
    assert_eq!((asked.status, &asked.body), (StatusCode::OK, &whole.body));
}

#[tokio::test]
async fn a_reader_who_gets_a_copy_has_read_it_too() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    let path = format!("/article/{id}/tides");
    let agent = HeaderName::from_static("user-agent");
    for (name, expected) in [
        ("Mozilla/5.0 a", "stored"),
        ("Mozilla/5.0 b", "hit"),
        ("Mozilla/5.0 b", "hit"),
        ("Googlebot", "hit"),
    ] {
        let answer = world.browser().get_with(&path, &[(agent.as_str(), name)]).await;
        assert_eq!(source(&answer), expected);
    }
    let mut editor = world.logged_in(Role::Editor).await;
    editor.get_with(&path, &[(agent.as_str(), "Mozilla/5.0 c")]).await;
    assert_eq!(world.app.views.take().get(&id), Some(&2));
}

#[tokio::test]
async fn without_room_every_page_is_drawn() {
    let world = World::with(|config| config.page_cache = 0).await;
    Story::new("Tides").publish(&world).await;
    let mut browser: Browser = world.browser();
    for _ in 0..3 {
        let answer = browser.get("/").await;
        assert_eq!((answer.status, source(&answer) == "hit"), (StatusCode::OK, false));
    }
}
