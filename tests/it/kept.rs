//! A form that is sent after its session has ended: nothing is done, nothing typed is lost, and only whoever logs in
//! and presses the button sends it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use broadsheet::accounts::Role;

use crate::browser::{Answer, BASE, Browser, PASSWORD, World};
use crate::newsroom::{Page, section};
use crate::second_factor::{EMAIL, enrolled, first_step, pass_time};

/// As a browser sends a form when somebody presses its button.
fn pressed(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::ORIGIN, BASE)
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "navigate")
        .header(header::ACCEPT, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
}

fn multipart(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, file, bytes) in files {
        body.extend(
            format!("--mark\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n")
                .bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--mark--\r\n");
    body
}

async fn send(
    browser: &mut Browser,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Answer {
    let request = pressed(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=mark");
    browser.send(request.body(Body::from(multipart(fields, files))).unwrap()).await
}

const ARTICLE: [(&str, &str); 5] = [
    ("headline", "Written for \"hours\" & <late>"),
    ("body", "<p>One.</p>\r\n<p>Two, ترجمه.</p>"),
    ("section", "news"),
    ("comments", "on"),
    ("action", "save"),
];

async fn expired() -> (World, Browser) {
    let world = World::new().await;
    section(&world, "News").await;
    world.account(EMAIL, Role::Editor).await;
    let mut browser = world.browser();
    first_step(&mut browser).await;
    sqlx::query("update sessions set last_seen_at = now() - interval '61 minutes'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    (world, browser)
}

async fn articles(world: &World) -> Vec<String> {
    sqlx::query_scalar("select headline || '|' || body_source from articles")
        .fetch_all(&world.db.pool)
        .await
        .unwrap()
}

/// The form on the page after the login, as its button sends it.
fn waiting(answer: &Answer) -> (String, Vec<(String, String)>) {
    let page = Page::of(answer);
    let names = page.attributes("form.kept-form input[type=hidden]", "name");
    let values = page.attributes("form.kept-form input[type=hidden]", "value");
    (page.attribute("form.kept-form", "action"), names.into_iter().zip(values).collect())
}

#[tokio::test]
async fn an_article_sent_too_late_is_saved_after_the_login_by_one_press() {
    let (world, mut browser) = expired().await;
    let answer = send(&mut browser, "/desk/articles", &ARTICLE, &[("picture", "", b"")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("What you wrote is not lost"));
    assert!(articles(&world).await.is_empty());
    let kept = Page::of(&answer).attribute("input[name=kept]", "value");

    let wrong = [("email", EMAIL), ("password", "wrong"), ("kept", &kept)];
    let answer = send(&mut browser, "/desk/login", &wrong, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Page::of(&answer).attribute("input[name=kept]", "value"), kept);

    let right = [("email", EMAIL), ("password", PASSWORD), ("kept", &kept)];
    let answer = send(&mut browser, "/desk/login", &right, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(articles(&world).await.is_empty(), "logging in sends nothing");
    let shown = Page::of(&answer).texts(".kept-fields dd");
    assert!(shown.contains(&"Written for \"hours\" & <late>".to_owned()), "{shown:?}");

    let (action, fields) = waiting(&answer);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!((action.as_str(), fields.len()), ("/desk/articles", ARTICLE.len()));
    let answer = send(&mut browser, &action, &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let saved = articles(&world).await;
    assert!(
        saved[0].starts_with("Written for \"hours\" & <late>|<p>One.</p>") && saved[0].contains("ترجمه"),
        "{saved:?}"
    );
}

#[tokio::test]
async fn it_is_carried_through_the_second_step() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Editor).await;
    pass_time(&world).await;
    let mut browser = world.browser();
    let answer = send(&mut browser, "/desk/articles", &ARTICLE, &[]).await;
    let kept = Page::of(&answer).attribute("input[name=kept]", "value");
    let login = [("email", EMAIL), ("password", PASSWORD), ("kept", &kept)];
    let answer = send(&mut browser, "/desk/login", &login, &[]).await;
    assert_eq!(Page::of(&answer).attribute("input[name=kept]", "value"), kept);
    let answer = send(&mut browser, "/desk/login/code", &[("code", "000000"), ("kept", &kept)], &[]).await;
    assert_eq!(Page::of(&answer).attribute("input[name=kept]", "value"), kept);
    let answer =
        send(&mut browser, "/desk/login/code", &[("code", &phone.code(0)), ("kept", &kept)], &[]).await;
    assert_eq!((answer.status, waiting(&answer).0), (StatusCode::OK, "/desk/articles".to_owned()));
}

/// The site asks for more than the account has since the form was opened.
#[tokio::test]
async fn it_waits_until_the_account_has_what_it_lacks() {
    for (lacks, mended_at) in [
        (
            "insert into role_rules (role, second_factor) values ('editor', true)",
            "/desk/profile/second-factor",
        ),
        ("update users set password_short = true", "/desk/profile/password"),
    ] {
        let world = World::new().await;
        section(&world, "News").await;
        world.account(EMAIL, Role::Editor).await;
        let mut browser = world.browser();
        first_step(&mut browser).await;
        sqlx::query(lacks).execute(&world.db.pool).await.unwrap();
        let answer = send(&mut browser, "/desk/articles", &ARTICLE, &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.header("location"));
        let (action, fields) = waiting(&answer);
        assert_eq!((action.as_str(), fields.len()), ("/desk/articles", ARTICLE.len()));
        assert_eq!(Page::of(&answer).attribute(".notice a", "href"), mended_at);
        assert!(articles(&world).await.is_empty());
        for path in ["/desk/tags/1/delete", "/desk/users/1/password"] {
            let request = pressed(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = browser.send(request.body(Body::from("password=typed")).unwrap()).await;
            assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, mended_at));
        }
        let form = browser.get(mended_at).await;
        assert_eq!(form.status, StatusCode::OK);
        let typed = [("current", PASSWORD), ("password", "short"), ("code", "000000")];
        let typed = if mended_at.ends_with("password") { &typed[..2] } else { &typed[2..] };
        let request = pressed(mended_at).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(typed).finish();
        let answer = browser.send(request.body(Body::from(body)).unwrap()).await;
        assert!(!Page::of(&answer).has(".kept-form"), "what mends it goes through");

        sqlx::query("delete from role_rules").execute(&world.db.pool).await.unwrap();
        sqlx::query("update users set password_short = false").execute(&world.db.pool).await.unwrap();
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(send(&mut browser, &action, &fields, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(articles(&world).await.len(), 1);
    }
}

/// The password was typed a while ago, and a form changes an account.
async fn stale() -> (World, Browser) {
    let world = World::new().await;
    world.account(EMAIL, Role::Admin).await;
    let mut browser = world.browser();
    first_step(&mut browser).await;
    sqlx::query("update sessions set authed_at = now() - interval '16 minutes'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    (world, browser)
}

async fn press(browser: &mut Browser, path: &str, body: &'static str) -> Answer {
    let request = pressed(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_form_that_asks_for_the_password_again_is_there_after_it_and_sent_by_one_press() {
    let (world, mut browser) = stale().await;
    let invitation = "email=new%40example.org&role=editor&way=link";
    let answer = press(&mut browser, "/desk/users/invitations", invitation).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = Page::of(&answer);
    assert!(page.text(".notice").contains("What you sent is not lost"));
    assert_eq!(page.attribute("input[autocomplete=username]", "value"), EMAIL);
    let kept = page.attribute("input[name=kept]", "value");

    let answer = send(&mut browser, "/desk/confirm", &[("password", "wrong"), ("kept", &kept)], &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Page::of(&answer).attribute("input[name=kept]", "value"), kept);
    let answer = send(&mut browser, "/desk/confirm", &[("password", PASSWORD), ("kept", &kept)], &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let count = "select count(*) from invitations";
    let invited = async || sqlx::query_scalar::<_, i64>(count).fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(invited().await, 0, "the password alone sends nothing");
    let (action, fields) = waiting(&answer);
    assert_eq!((action.as_str(), fields.len()), ("/desk/users/invitations", 3));
    let answer = press(&mut browser, &action, invitation).await;
    assert!(answer.status.is_success() || answer.status.is_redirection(), "{}", answer.body);
    assert_eq!(invited().await, 1);
}

#[tokio::test]
async fn a_button_alone_waits_for_the_password_too_and_a_new_password_does_not() {
    let (_world, mut browser) = stale().await;
    let answer = press(&mut browser, "/desk/users/1/sessions", "").await;
    let kept = Page::of(&answer).attribute("input[name=kept]", "value");
    let answer = send(&mut browser, "/desk/confirm", &[("password", PASSWORD), ("kept", &kept)], &[]).await;
    assert_eq!(waiting(&answer), ("/desk/users/1/sessions".to_owned(), Vec::new()));

    let (_world, mut browser) = stale().await;
    let answer = press(&mut browser, "/desk/users/1/password", "password=typed").await;
    assert!(answer.header("location").starts_with("/desk/confirm?next="));
}

#[tokio::test]
async fn files_are_left_out_and_that_is_said() {
    let (_world, mut browser) = expired().await;
    let answer = send(&mut browser, "/desk/articles", &ARTICLE[..2], &[("picture", "a.jpg", b"bytes")]).await;
    let page = Page::of(&answer);
    assert!(page.text(".notice").contains("Files that you chose are not kept"));
    let kept = page.attribute("input[name=kept]", "value");
    assert!(kept.contains("Written for") && !kept.contains("bytes"));
}

#[tokio::test]
async fn a_small_form_is_kept_too() {
    let (world, mut browser) = expired().await;
    sqlx::query("insert into tags (slug, name) values ('a', 'A')").execute(&world.db.pool).await.unwrap();
    let request =
        pressed("/desk/tags/1?x=1").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = browser.send(request.body(Body::from("name=Water+%26+ice")).unwrap()).await;
    let kept = Page::of(&answer).attribute("input[name=kept]", "value");
    let answer =
        send(&mut browser, "/desk/login", &[("email", EMAIL), ("password", PASSWORD), ("kept", &kept)], &[])
            .await;
    let form = waiting(&answer);
    assert_eq!(form, ("/desk/tags/1?x=1".to_owned(), vec![("name".to_owned(), "Water & ice".to_owned())]));
    assert!(!Page::of(&answer).has("form.kept-form[enctype]"));
}

#[tokio::test]
async fn passwords_codes_and_empty_forms_are_not_kept() {
    let (_world, mut browser) = expired().await;
    for (path, body) in [
        ("/desk/users/1/password", "password=typed"),
        ("/desk/profile/password", "current=a&password=b"),
        ("/desk/profile/second-factor", "code=123456"),
        ("/desk/tags/1/delete", ""),
    ] {
        let request = pressed(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, "http://localhost/desk/tags/1");
        let answer = browser.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.header("location"), "/desk/login?next=%2Fdesk%2Ftags%2F1");
    }
}

#[tokio::test]
async fn what_a_script_or_another_site_sends_is_not_kept() {
    let (_world, mut browser) = expired().await;
    let script = Request::post("/desk/articles")
        .header(header::ORIGIN, BASE)
        .header("sec-fetch-mode", "cors")
        .header(header::ACCEPT, "*/*")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=mark")
        .body(Body::from(multipart(&ARTICLE, &[])));
    assert_eq!(browser.send(script.unwrap()).await.status, StatusCode::SEE_OTHER);
    let foreign = Request::post("/desk/articles")
        .header(header::ORIGIN, "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=mark")
        .body(Body::from(multipart(&ARTICLE, &[])));
    let answer = browser.send(foreign.unwrap()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.body.contains("Written for"));
}

/// No door for sending somebody's browser elsewhere.
#[tokio::test]
async fn a_kept_form_that_was_tampered_with_is_refused() {
    let (_world, mut browser) = expired().await;
    for path in ["https://evil.example/desk/x", "//evil/desk/x", "/desk/login", "/article/1"] {
        let kept = format!("{{\"path\":\"{path}\",\"multipart\":false,\"files\":false,\"fields\":[]}}");
        let fields = [("email", EMAIL), ("password", PASSWORD), ("kept", kept.as_str())];
        let answer = send(&mut browser, "/desk/login", &fields, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_form_larger_than_any_is_not_kept() {
    let (_world, mut browser) = expired().await;
    let long = "x".repeat(2 * 1024 * 1024 + 1);
    let answer = send(&mut browser, "/desk/articles", &[("body", &long)], &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let right = "x".repeat(2 * 1024 * 1024 - 10);
    let answer = send(&mut browser, "/desk/articles", &[("body", &right)], &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let kept = Page::of(&answer).attribute("input[name=kept]", "value");
    let answer =
        send(&mut browser, "/desk/login", &[("email", EMAIL), ("password", PASSWORD), ("kept", &kept)], &[])
            .await;
    assert_eq!(answer.status, StatusCode::OK);
}
