//! What the log of a site in use keeps of those who use it: no link that opens something, no words, no address.

use axum::body::Body;
use axum::http::{Request, header};

use crate::browser::{BASE, World};
use crate::listening;

/// R88
#[tokio::test]
async fn no_token_no_question_and_no_whole_address_is_logged() {
    const CANARY: &str = "c4n4ryc4n4ryc4n4ry";
    let world = World::new().await;
    listening::start();
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
    let text = listening::log();
    assert_eq!(text.matches("answered").count(), addresses.len() + 5, "{text}");
    assert!(text.contains("/preview/") && text.contains("/comment/own"), "{text}");
    for secret in [CANARY, "203.0.113.77"] {
        assert!(!text.contains(secret), "{text}");
    }
}
