//! What the log of a site in use keeps of those who use it: no link that opens something, no words, no address.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use axum::body::Body;
use axum::http::{Request, header};

use crate::browser::{BASE, World};

thread_local! {
    /// What this thread's test has logged, once it listens.
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| lines.iter_mut().for_each(|lines| lines.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// For the whole program, because what no test on any thread listens to is switched off for all of them.
fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let log = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(|| Lines);
        tracing::subscriber::set_global_default(log.finish()).unwrap();
    });
    LINES.set(Some(Vec::new()));
}

/// R88
#[tokio::test]
async fn no_token_no_question_and_no_whole_address_is_logged() {
    const CANARY: &str = "c4n4ryc4n4ryc4n4ry";
    let world = World::new().await;
    listen();
    let mut browser = world.browser();
    let digest = "ab".repeat(32);
    let addresses = [
        format!("/preview/{CANARY}"),
        format!("/preview/7-{CANARY}/?x={CANARY}"),
        format!("/media/{digest}/a.jpg?preview={CANARY}"),
        format!("/desk/reset?token={CANARY}"),
        format!("/desk/invited?token={CANARY}"),
        format!("/desk/setup?token={CANARY}"),
        format!("/comment/own?token={CANARY}"),
        format!("/comment/rewrite?token={CANARY}"),
        format!("/article/1/a?comment=held&own={CANARY}"),
        format!("/search?q={CANARY}"),
    ];
    for link in &addresses {
        let asked =
            Request::get(link).header("x-forwarded-for", "203.0.113.77").header(header::REFERER, link);
        browser.send(asked.body(Body::empty()).unwrap()).await;
    }
    for form in ["/desk/reset", "/desk/invited", "/comment/own", "/comment/rewrite", "/desk/login"] {
        let sent = Request::post(form)
            .header(header::ORIGIN, BASE)
            .header(header::COOKIE, format!("__Host-sid={CANARY}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={CANARY}&password={CANARY}&email={CANARY}%40example.org")));
        browser.send(sent.unwrap()).await;
    }
    let text = String::from_utf8(LINES.take().unwrap_or_default()).unwrap();
    assert_eq!(text.matches("answered").count(), addresses.len() + 5, "{text}");
    assert!(text.contains("/preview/") && text.contains("/comment/own"), "{text}");
    for secret in [CANARY, "203.0.113.77"] {
        assert!(!text.contains(secret), "{text}");
    }
}
