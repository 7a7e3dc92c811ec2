//! Coming in, being let in, going out; over HTTP.

use argon2::password_hash::PasswordHasher;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use broadsheet::accounts::{Role, UserId, setup, user};

use crate::browser::{BASE, Browser, PASSWORD, World};

const EMAIL: &str = "mira@example.org";

async fn log_in(browser: &mut Browser, email: &str, password: &str) -> crate::browser::Answer {
    browser.post("/desk/login", &[("email", email), ("password", password)]).await
}

#[tokio::test]
async fn the_right_password_leads_to_the_desk() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut browser = world.browser();
    let answer = log_in(&mut browser, "Mira@Example.org", PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    let cookie = answer.header("set-cookie");
    for attribute in ["__Host-sid=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    assert_eq!(browser.get("/desk/login").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_unknown_address_is_answered_like_a_wrong_password() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let known = log_in(&mut world.browser(), EMAIL, "not the right password").await;
    let unknown = log_in(&mut world.browser(), "nora@example.org", "not the right password").await;
    assert_eq!(known.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unknown.status, known.status);
    assert_eq!(unknown.body.replace("nora@example.org", EMAIL), known.body);
    let names = |answer: &crate::browser::Answer| {
        answer.headers.keys().map(|name| name.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&unknown), names(&known));
}

#[tokio::test]
async fn what_was_typed_is_kept_but_never_the_password() {
    let world = World::new().await;
    let answer = log_in(&mut world.browser(), "\"><b>@example.org", "not the right password").await;
    assert!(answer.body.contains("value=\"&#34;&#62;&#60;b&#62;@example.org\""), "{}", answer.body);
    assert!(!answer.body.contains("not the right password"));
}

#[tokio::test]
async fn the_sixth_try_waits_even_with_the_right_password() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut browser = world.browser();
    for _ in 0..5 {
        assert_eq!(log_in(&mut browser, EMAIL, "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = log_in(&mut browser, EMAIL, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert!(answer.header("set-cookie").is_empty());
}

#[tokio::test]
async fn a_forged_forwarding_header_does_not_reset_the_count() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut last = StatusCode::OK;
    for n in 0..6 {
        let request = Request::post("/desk/login")
            .header("origin", BASE)
            .header("x-forwarded-for", format!("203.0.113.{n}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("email=a%40b&password=wrong"));
        last = browser.send(request.unwrap()).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_login_brings_a_new_session_and_ends_the_one_before() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut browser = world.browser();
    browser.cookies.push(("__Host-sid".into(), "A".repeat(64)));
    log_in(&mut browser, EMAIL, PASSWORD).await;
    let first = browser.cookie("__Host-sid").unwrap().to_owned();
    assert_ne!(first, "A".repeat(64));
    log_in(&mut browser, EMAIL, PASSWORD).await;
    assert_ne!(browser.cookie("__Host-sid").unwrap(), first);

    let mut old = world.browser();
    old.cookies.push(("__Host-sid".into(), first));
    assert_eq!(old.get("/desk/login").await.status, StatusCode::OK);
}

#[tokio::test]
async fn logging_out_ends_the_session_on_the_server() {
    let world = World::new().await;
    let mut browser = world.logged_in(Role::Editor).await;
    let stolen = browser.cookies.clone();
    let answer = browser.post("/desk/logout", &[]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/login"));
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(browser.cookies.is_empty());
    browser.cookies = stolen;
    assert_eq!(browser.get("/desk/login").await.status, StatusCode::OK);
}

/// Verb, noun and actor of every recorded act, and whom it was done to.
async fn acts(world: &World) -> Vec<(String, Option<i64>)> {
    sqlx::query_as("select action || ' ' || noun || ' by ' || actor, noun_id from audit order by id")
        .fetch_all(&world.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn coming_in_going_out_and_being_turned_away_are_recorded() {
    let world = World::new().await;
    let UserId(id) = world.account(EMAIL, Role::Author).await;
    let mut browser = world.browser();
    log_in(&mut browser, EMAIL, "typed by mistake").await;
    log_in(&mut browser, "typed.instead@example.org", PASSWORD).await;
    log_in(&mut browser, EMAIL, PASSWORD).await;
    browser.post("/desk/logout", &[]).await;
    browser.post("/desk/logout", &[]).await;
    let row = |act: &str, id: Option<i64>| (act.to_owned(), id);
    let expected = [
        row("fail to log in user by a stranger", Some(id)),
        row("fail to log in user by a stranger", None),
        row("log in user by Mira Holt", Some(id)),
        row("log out user by Mira Holt", Some(id)),
    ];
    assert_eq!(acts(&world).await, expected);
    let rows: Vec<String> =
        sqlx::query_scalar("select audit::text from audit").fetch_all(&world.db.pool).await.unwrap();
    assert!(rows.iter().all(|row| !row.contains("typed") && !row.contains(PASSWORD)), "{rows:?}");
}

#[tokio::test]
async fn a_login_replaces_a_hash_that_is_too_cheap_by_now() {
    let world = World::new().await;
    let UserId(id) = world.account(EMAIL, Role::Author).await;
    let params = argon2::Params::new(8, 1, 1, None).unwrap();
    let cheap = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password(PASSWORD.as_bytes())
        .unwrap()
        .to_string();
    sqlx::query("update users set password_hash = $2 where id = $1")
        .bind(id)
        .bind(&cheap)
        .execute(&world.db.pool)
        .await
        .unwrap();
    for _ in 0..2 {
        let answer = log_in(&mut world.browser(), EMAIL, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let (_, stored) = user::credentials(&world.db.pool, EMAIL).await.unwrap().unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }
}

#[tokio::test]
async fn the_login_leads_back_but_only_to_our_own_pages() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    for (next, location) in
        [("/desk/tags?q=a", "/desk/tags?q=a"), ("//evil.example", "/desk"), ("/\\evil", "/desk")]
    {
        let fields = [("email", EMAIL), ("password", PASSWORD), ("next", next)];
        let answer = world.browser().post("/desk/login", &fields).await;
        assert_eq!(answer.header("location"), location, "{next}");
    }
}

#[tokio::test]
async fn a_field_that_does_not_belong_there_is_refused_by_name() {
    let world = World::new().await;
    let fields = [("email", EMAIL), ("password", PASSWORD), ("role", "admin")];
    let answer = world.browser().post("/desk/login", &fields).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("role"), "{}", answer.body);
}

#[tokio::test]
async fn a_login_larger_than_any_is_refused() {
    let world = World::new().await;
    let answer = log_in(&mut world.browser(), EMAIL, &"x".repeat(5000)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_set_up_link_makes_the_first_administrator_and_is_gone() {
    let world = World::new().await;
    let mut browser = world.browser();
    assert_eq!(browser.get("/desk/setup").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/desk/setup?token=0000").await.status, StatusCode::FORBIDDEN);

    let token = setup::create(&world.db.pool).await.unwrap();
    let path = format!("/desk/setup?token={token}");
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);

    let weak = [("token", token.as_str()), ("name", "Mira Holt"), ("email", EMAIL), ("password", "short")];
    let answer = browser.post("/desk/setup", &weak).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = scraper::Html::parse_document(&answer.body);
    let one = |css: &str| page.select(&scraper::Selector::parse(css).unwrap()).next().unwrap();
    assert_eq!(one("#email").attr("value"), Some(EMAIL));
    assert!(one("#password-error").text().collect::<String>().contains("15 characters"));
    assert!(!user::any_admin(&world.db.pool).await.unwrap());

    let good = [("token", token.as_str()), ("name", "Mira Holt"), ("email", EMAIL), ("password", PASSWORD)];
    let answer = browser.post("/desk/setup", &good).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    assert!(browser.cookie("__Host-sid").is_some());
    let recorded: Vec<_> = acts(&world).await.into_iter().map(|(act, _)| act).collect();
    assert_eq!(recorded, ["create user by a stranger"]);
    assert_eq!(world.browser().get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.browser().post("/desk/setup", &good).await.status, StatusCode::NOT_FOUND);
    assert_eq!(log_in(&mut world.browser(), EMAIL, PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn plain_http_on_a_real_host_gets_a_cookie_it_can_keep() {
    let world = World::at("http://news.example.org", broadsheet::web::rates::Quotas::open()).await;
    world.account(EMAIL, Role::Author).await;
    let answer = log_in(&mut world.browser(), EMAIL, PASSWORD).await;
    let cookie = answer.header(header::SET_COOKIE.as_str());
    assert!(cookie.starts_with("sid=") && !cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn a_browser_that_was_in_before_is_let_in_while_others_guess() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut known = world.browser();
    assert_eq!(log_in(&mut known, EMAIL, PASSWORD).await.status, StatusCode::SEE_OTHER);
    let cookie = known.cookie("__Host-device").unwrap().to_owned();
    known.post("/desk/logout", &[]).await;
    assert_eq!(known.cookie("__Host-device"), Some(cookie.as_str()));
    for _ in 0..6 {
        log_in(&mut world.browser(), EMAIL, "wrong").await;
    }
    assert_eq!(log_in(&mut world.browser(), EMAIL, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(log_in(&mut known, EMAIL, PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_ne!(known.cookie("__Host-device"), Some(cookie.as_str()));
}

#[tokio::test]
async fn the_cookie_of_one_account_helps_nobody_to_guess_at_another() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    world.account("nora@example.org", Role::Author).await;
    let mut browser = world.browser();
    log_in(&mut browser, "nora@example.org", PASSWORD).await;
    for _ in 0..5 {
        log_in(&mut world.browser(), EMAIL, "wrong").await;
    }
    assert_eq!(log_in(&mut browser, EMAIL, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

/// What the tables hold is no cookie of anybody.
#[tokio::test]
async fn no_cookie_of_the_login_is_in_the_database() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut browser = world.browser();
    log_in(&mut browser, EMAIL, PASSWORD).await;
    let rows: Vec<String> = sqlx::query_scalar(
        "select sessions::text || encode(token_hash, 'hex') from sessions
         union all select known_devices::text || encode(token_hash, 'hex') from known_devices",
    )
    .fetch_all(&world.db.pool)
    .await
    .unwrap();
    assert_eq!(rows.len(), 2);
    for (_, value) in &browser.cookies {
        assert!(rows.iter().all(|row| !row.contains(value.as_str())));
    }
}

#[tokio::test]
async fn a_password_of_spaces_and_pictures_is_taken_as_it_is() {
    let world = World::new().await;
    let password = format!("  {} ", "🐟 🐠 🐡 🦈 🐙 🦀 🐚 ".repeat(4));
    let hash = world.app.hasher.hash(&password).await.unwrap();
    let mut tx = world.db.pool.begin().await.unwrap();
    let new = user::NewUser { email: EMAIL, name: "Mira Holt", role: Role::Author, password_hash: &hash };
    user::create(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    let trimmed = log_in(&mut world.browser(), EMAIL, password.trim()).await;
    assert_eq!(trimmed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(log_in(&mut world.browser(), EMAIL, &password).await.status, StatusCode::SEE_OTHER);
}
