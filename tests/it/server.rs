//! The layers and the accept loop: what a hostile or unlucky client meets.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, StatusCode};
use axum::routing::{get, post};
use broadsheet::accounts::Role;
use broadsheet::server::{self, Limits};
use broadsheet::web::app::Timeouts;
use broadsheet::web::client::Peer;
use broadsheet::web::rates::{Quotas, Rate};
use broadsheet::web::{Admin, App, Author, Editor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::browser::{self, BASE, Browser, World, bare};
use crate::support;

/// A server on a port of its own; dropping the sender stops it.
async fn listen(
    router: Router,
    limits: Limits,
) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server::serve_with(router, listener, limits, async move {
        let _ = stopped.await;
    }));
    (address, stop, serving)
}

/// Everything until the server closes. A server that does not close fails by this deadline.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the server should have closed the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn silent_half_headed_and_idle_clients_are_cut() {
    let limits = Limits { header_timeout: Duration::from_millis(200), ..Limits::default() };
    let router = Router::new().route("/", get(|| async { "hello" }));
    let (address, _stop, _serving) = listen(router, limits).await;
    for (sent, answered) in
        [("", false), ("GET / HTTP/1.1\r\nHost: a\r\nX-", false), ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true)]
    {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let answer = until_closed(stream).await;
        assert_eq!(answer.contains("200 OK"), answered, "{sent:?}: {answer}");
    }
}

#[tokio::test]
async fn a_request_under_way_at_shutdown_is_finished_and_new_ones_are_not_taken() {
    let (entered, has_entered) = oneshot::channel::<()>();
    let (release, released) = oneshot::channel::<()>();
    let parts = std::sync::Arc::new(std::sync::Mutex::new(Some((entered, released))));
    let slow = move || {
        let (entered, released) = parts.lock().unwrap().take().unwrap();
        async move {
            entered.send(()).unwrap();
            released.await.unwrap();
            "done"
        }
    };
    let (address, stop, serving) = listen(Router::new().route("/", get(slow)), Limits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    has_entered.await.unwrap();
    stop.send(()).unwrap();
    // The port is given back while the request still runs.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    release.send(()).unwrap();
    assert!(until_closed(stream).await.ends_with("done"));
    serving.await.unwrap();
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_hold_up_the_shutdown() {
    let (entered, has_entered) = oneshot::channel::<()>();
    let entered = std::sync::Arc::new(std::sync::Mutex::new(Some(entered)));
    let endless = move || {
        let entered = entered.lock().unwrap().take().unwrap();
        async move {
            entered.send(()).unwrap();
            std::future::pending::<&'static str>().await
        }
    };
    let limits = Limits { drain: Duration::from_millis(50), ..Limits::default() };
    let (address, stop, serving) = listen(Router::new().route("/", get(endless)), limits).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    has_entered.await.unwrap();
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(30), serving).await.unwrap().unwrap();
    assert_eq!(until_closed(stream).await, "");
}

#[tokio::test]
async fn ambiguous_and_overlong_heads_are_refused() {
    let router = Router::new().route("/", post(|| async { "taken" }));
    let (address, _stop, _serving) = listen(router, Limits::default()).await;
    let many = format!("POST / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(70));
    let long = format!("POST / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "y".repeat(40_000));
    let table = [
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"),
        ("POST / HTTP/1.1\r\nHost : a\r\n\r\n", "400"),
        (many.as_str(), "431"),
        (long.as_str(), "431"),
    ];
    for (sent, status) in table {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let answer = until_closed(stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
}

async fn panics() -> &'static str {
    panic!("a secret cause")
}

#[tokio::test]
async fn a_panic_costs_one_request() {
    let world = World::new().await;
    let routes = Router::new().route("/panics", get(panics)).route("/works", get(|| async { "fine" }));
    let mut browser = Browser::on(server::layers(world.app.clone(), routes)).of(&world.app);
    let answer = browser.get("/panics").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.body.contains("secret"));
    assert!(answer.body.contains(answer.header("x-request-id")), "the page names the request");
    assert_eq!(browser.get("/works").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_error_is_a_page_of_the_site() {
    let world = World::new().await;
    sqlx::query("insert into sections (slug, name) values ('news', 'News')")
        .execute(&world.db.pool)
        .await
        .unwrap();
    let answer = world.browser().get("/nowhere").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let page = scraper::Html::parse_document(&answer.body);
    let count = |css: &str| page.select(&scraper::Selector::parse(css).unwrap()).count();
    assert_eq!(count("h1"), 1);
    assert_eq!(count(".menu a[href='/section/news']"), 1);
    assert!(answer.body.contains(answer.header("x-request-id")));
}

#[tokio::test]
async fn a_slash_too_many_leads_to_the_page_that_was_meant() {
    let world = World::new().await;
    for (asked, meant) in [
        ("/focus/", "/focus"),
        ("/desk/login/?next=%2Fdesk", "/desk/login?next=%2Fdesk"),
        ("/map//", "/map"),
        ("//evil.example/", "/evil.example"),
        ("///evil.example//", "/evil.example"),
    ] {
        let answer = world.browser().get(asked).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::MOVED_PERMANENTLY, meant));
    }
    for nothing in ["/nowhere", "//", "//evil.example"] {
        assert_eq!(world.browser().get(nothing).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    let sent = world.browser().post("/focus/", &[]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn other_methods_are_405_and_say_which_ones_work() {
    let world = World::new().await;
    let mut browser = world.browser();
    for method in [Method::PUT, Method::DELETE, Method::TRACE, Method::PATCH] {
        let mut request = bare(method.clone(), "/desk/login");
        request.headers_mut().insert("origin", HeaderValue::from_static(BASE));
        let answer = browser.send(request).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert!(answer.header("allow").contains("POST"), "{method}");
    }
    let disguised = Request::get("/desk/logout").header("x-http-method-override", "POST").body(Body::empty());
    assert_eq!(browser.send(disguised.unwrap()).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn endless_addresses_and_packed_bodies_are_refused() {
    let world = World::new().await;
    let mut browser = world.browser();
    assert_eq!(browser.get(&format!("/{}", "x".repeat(9000))).await.status, StatusCode::URI_TOO_LONG);
    let packed = Request::post("/desk/login").header("origin", BASE).header("content-encoding", "gzip");
    let answer = browser.send(packed.body(Body::from("x")).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

/// Header lines, the answer at the desk, the answer elsewhere.
type Row = (&'static [(&'static str, &'static str)], u16, u16);

#[tokio::test]
async fn what_another_site_sends_changes_nothing() {
    let world = World::new().await;
    let routes = || {
        Router::new().route("/desk/x", post(|| async { "done" })).route("/open", post(|| async { "done" }))
    };
    let mut browser = Browser::on(server::layers(world.app.clone(), routes())).of(&world.app);
    let table: [Row; 9] = [
        (&[("sec-fetch-site", "same-origin"), ("origin", BASE)], 200, 200),
        (&[("origin", BASE)], 200, 200),
        (&[("sec-fetch-site", "none")], 200, 200),
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], 403, 403),
        (&[("sec-fetch-site", "same-site"), ("origin", "http://a.localhost")], 403, 403),
        (&[("origin", "https://evil.example")], 403, 403),
        (&[("origin", "null")], 403, 403),
        (&[("sec-fetch-site", "cross-site")], 403, 403),
        // Programs and very old browsers: at the desk nobody, at the comment form its own token decides.
        (&[], 403, 200),
    ];
    for (headers, desk, open) in table {
        for (path, status) in [("/desk/x", desk), ("/open", open)] {
            let mut request = bare(Method::POST, path);
            for (name, value) in headers {
                request.headers_mut().insert(*name, value.parse().unwrap());
            }
            assert_eq!(browser.send(request).await.status.as_u16(), status, "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn each_role_opens_its_own_doors_and_those_below() {
    let world = World::new().await;
    let routes = || {
        Router::new()
            .route("/desk/author", get(|_: Author| async { "in" }))
            .route("/desk/editor", get(|_: Editor| async { "in" }))
            .route("/desk/admin", get(|_: Admin| async { "in" }))
    };
    let table =
        [(Role::Author, [200, 403, 403]), (Role::Editor, [200, 200, 403]), (Role::Admin, [200, 200, 200])];
    for (role, expected) in table {
        let mut browser = world.browser_as(role, routes()).await;
        for (door, status) in ["/desk/author", "/desk/editor", "/desk/admin"].into_iter().zip(expected) {
            assert_eq!(browser.get(door).await.status.as_u16(), status, "{role} at {door}");
        }
    }
    let mut stranger = Browser::on(server::layers(world.app.clone(), routes())).of(&world.app);
    let answer = stranger.get("/desk/author?a=b").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/desk/login?next=%2Fdesk%2Fauthor%3Fa%3Db");
}

/// A request as if it had come from a reader far away.
fn from_afar(path: &str) -> Request<Body> {
    let mut request = bare(Method::GET, path);
    request.extensions_mut().insert(Peer("203.0.113.9:4000".parse().unwrap()));
    request
}

async fn limited_to_two_pages() -> World {
    let pages = Rate::new(2, Duration::from_hours(1)).into_iter().collect();
    World::at(BASE, Quotas { pages, ..Quotas::open() }).await
}

#[tokio::test]
async fn too_many_pages_are_429_and_files_do_not_count() {
    let world = limited_to_two_pages().await;
    let mut browser = world.browser();
    for _ in 0..5 {
        assert_eq!(browser.send(from_afar("/livez")).await.status, StatusCode::OK);
        assert_eq!(browser.send(from_afar("/static/none.css")).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(browser.send(from_afar("/a")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.send(from_afar("/a")).await.status, StatusCode::NOT_FOUND);
    let refused = browser.send(from_afar("/a")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 1000);
}

#[tokio::test]
async fn pages_asked_for_on_the_machine_itself_are_not_limited() {
    let world = limited_to_two_pages().await;
    let mut browser = world.browser();
    for _ in 0..5 {
        assert_eq!(browser.get("/a").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let db = support::database().await;
    let moment = Duration::from_millis(20);
    let limits = Timeouts { public: moment, desk: moment, upload: Duration::from_hours(1) };
    let data = browser::Folder::new();
    let app = App::assemble(browser::config(&data), BASE, db.pool.clone(), Quotas::open()).await.unwrap();
    let endless = || std::future::pending::<&'static str>();
    let routes = Router::new().route("/endless", get(endless)).route("/desk/endless", get(endless));
    let mut browser = Browser::on(server::layers(app.with_timeouts(limits), routes));
    for path in ["/endless", "/desk/endless"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "1");
        assert!(answer.body.contains("<h1>"));
    }
}

#[tokio::test]
async fn the_health_checks_tell_whether_the_database_answers() {
    let world = World::new().await;
    let mut browser = world.browser();
    assert_eq!(browser.get("/readyz").await.body, "ok\n");
    world.db.pool.close().await;
    let away = browser.get("/readyz").await;
    assert_eq!(
        (away.status, away.body.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
    );
    assert_eq!(browser.get("/livez").await.body, "ok\n");
    let page = browser.get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("<h1>"), "the error page needs no database");
}
