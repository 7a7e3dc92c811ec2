//! The second factor: setting it up, coming in with it, and every way round it that must be shut.

use axum::http::{Method, StatusCode, header};
use broadsheet::accounts::{Role, UserId, totp};
use broadsheet::desk;

use crate::browser::{Answer, BASE, Browser, PASSWORD, World, bare};
use crate::newsroom::Page;

pub const EMAIL: &str = "mira@example.org";

/// The app on somebody's phone, and the slip of paper beside it.
pub struct Phone {
    secret: Vec<u8>,
    pub recovery_codes: Vec<String>,
}

impl Phone {
    /// Now, or so many steps later.
    pub fn code(&self, later: i64) -> String {
        totp::code(&self.secret, step() + later)
    }
}

fn step() -> i64 {
    chrono::Utc::now().timestamp() / totp::STEP_SECONDS
}

/// As an app reads the key.
fn unbase32(text: &str) -> Vec<u8> {
    let bits = text.bytes().filter(u8::is_ascii_alphanumeric).flat_map(|letter| {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        (0..5).rev().map(move |bit| value >> bit & 1)
    });
    let bits: Vec<u8> = bits.collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect()
}

pub async fn first_step(browser: &mut Browser) -> Answer {
    browser.post("/desk/login", &[("email", EMAIL), ("password", PASSWORD)]).await
}

/// Logs in for the first time, and sets one up.
pub async fn enrolled(world: &World, role: Role) -> (Phone, Browser) {
    world.account(EMAIL, role).await;
    let mut browser = world.browser();
    assert_eq!(first_step(&mut browser).await.status, StatusCode::SEE_OTHER);
    let page = browser.read("/desk/profile/second-factor").await;
    let secret = unbase32(&page.text("code.key"));
    let answer = browser.post("/desk/profile/second-factor", &[("code", &totp::code(&secret, step()))]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let recovery_codes = Page::of(&answer).texts(".recovery code");
    (Phone { secret, recovery_codes }, browser)
}

/// A day later no code of the past is remembered.
pub async fn pass_time(world: &World) {
    sqlx::query("update second_factors set last_step = 0").execute(&world.db.pool).await.unwrap();
}

async fn second_step(browser: &mut Browser, code: &str) -> Answer {
    browser.post("/desk/login/code", &[("code", code)]).await
}

#[tokio::test]
async fn a_code_is_asked_after_the_password_and_lets_in() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Editor).await;
    pass_time(&world).await;
    let mut browser = world.browser();
    let answer = browser
        .post("/desk/login?x", &[("email", EMAIL), ("password", PASSWORD), ("next", "/desk/tags")])
        .await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/desk/login/code?next=%2Fdesk%2Ftags")
    );
    assert!(browser.cookie("__Host-sid").is_none());
    let cookie = answer.header("set-cookie");
    for attribute in ["__Host-step=", "; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let page = browser.read("/desk/login/code?next=%2Fdesk%2Ftags").await;
    assert_eq!(page.attribute("input[name=next]", "value"), "/desk/tags");
    let fields = [("code", phone.code(0)), ("next", "/desk/tags".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.post("/desk/login/code", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/tags"));
    assert!(browser.cookie("__Host-step").is_none());
    assert_eq!(browser.get("/desk/tags").await.status, StatusCode::OK);
}

/// R22: the half way in is no way in, whatever is claimed.
#[tokio::test]
async fn the_password_alone_opens_no_route() {
    let world = World::new().await;
    enrolled(&world, Role::Admin).await;
    let mut half = world.browser();
    first_step(&mut half).await;
    let doors = [
        "/desk/login",
        "/desk/logout",
        "/desk/setup",
        "/desk/forgotten",
        "/desk/reset",
        "/desk/invited",
        "/admin",
    ];
    for (path, _) in desk::routes() {
        if path == "/desk" || doors.iter().any(|door| path.starts_with(door)) {
            continue;
        }
        let path = path.replace("{id}", "1");
        for query in ["", "?skip2fa=1&verified=true&step=done"] {
            for method in [Method::GET, Method::POST] {
                let mut request = bare(method.clone(), &format!("{path}{query}"));
                request.headers_mut().insert(header::ORIGIN, BASE.parse().unwrap());
                let answer = half.send(request).await;
                let is_shut = answer.status == StatusCode::METHOD_NOT_ALLOWED
                    || (answer.status == StatusCode::SEE_OTHER
                        && answer.header("location").starts_with("/desk/login"));
                assert!(is_shut, "{method} {path}{query}: {}", answer.status);
            }
        }
    }
}

/// R23
#[tokio::test]
async fn a_code_works_once() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    let mut browser = world.browser();
    first_step(&mut browser).await;
    let used = phone.code(0);
    assert_eq!(second_step(&mut browser, &used).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    pass_time(&world).await;
    let code = phone.code(0);
    assert_eq!(second_step(&mut browser, &code).await.status, StatusCode::SEE_OTHER);
    let mut again = world.browser();
    first_step(&mut again).await;
    assert_eq!(second_step(&mut again, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// R23
#[tokio::test]
async fn a_code_counts_only_in_the_browser_that_knew_the_password() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    pass_time(&world).await;
    first_step(&mut world.browser()).await;
    let mut other = world.browser();
    let answer = second_step(&mut other, &phone.code(0)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(Page::of(&answer).has("input[name=password]"), "{}", answer.body);
    assert_eq!(other.get("/desk/login/code").await.header("location"), "/desk/login");
}

/// R23
#[tokio::test]
async fn the_sixth_code_is_not_looked_at() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    pass_time(&world).await;
    let mut browser = world.browser();
    first_step(&mut browser).await;
    let cookies = browser.cookies.clone();
    for left in ["4 tries are", "3 tries are", "2 tries are", "one try is"] {
        let answer = second_step(&mut browser, "000000").await;
        assert!(answer.body.contains(left), "{left}: {}", answer.body);
    }
    assert!(second_step(&mut browser, "000000").await.body.contains("begin again"));
    browser.cookies = cookies;
    let answer = second_step(&mut browser, &phone.code(0)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("begin again") && browser.cookie("__Host-sid").is_none());
}

/// R23
#[tokio::test]
async fn five_minutes_are_all_there_are() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    pass_time(&world).await;
    let mut browser = world.browser();
    first_step(&mut browser).await;
    let lives = "select max(expires_at) <= now() + interval '5 minutes' from login_challenges";
    assert!(sqlx::query_scalar::<_, bool>(lives).fetch_one(&world.db.pool).await.unwrap());
    sqlx::query("update login_challenges set expires_at = now()").execute(&world.db.pool).await.unwrap();
    assert!(second_step(&mut browser, &phone.code(0)).await.body.contains("begin again"));
}

/// Or whoever knows the password guesses five codes at each login, without end.
#[tokio::test]
async fn logins_that_stop_at_the_second_step_count_as_wrong_ones() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    pass_time(&world).await;
    let mut browser = world.browser();
    for _ in 0..5 {
        assert_eq!(first_step(&mut browser).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(first_step(&mut browser).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(second_step(&mut browser, &phone.code(0)).await.status, StatusCode::SEE_OTHER);
    browser.post("/desk/logout", &[]).await;
    browser.cookies.clear();
    assert_eq!(first_step(&mut browser).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_in_place_of_the_app() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    assert_eq!(phone.recovery_codes.len(), 10);
    let typed = phone.recovery_codes[3].to_uppercase().replace('-', " ");
    let mut browser = world.browser();
    first_step(&mut browser).await;
    assert_eq!(second_step(&mut browser, &typed).await.status, StatusCode::SEE_OTHER);
    assert!(browser.read("/desk/profile").await.text("main").contains("9 recovery codes left"));
    let mut again = world.browser();
    first_step(&mut again).await;
    assert_eq!(second_step(&mut again, &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old_ones() {
    let world = World::new().await;
    let (phone, mut browser) = enrolled(&world, Role::Author).await;
    let answer = browser.post("/desk/profile/recovery-codes", &[]).await;
    let codes = Page::of(&answer).texts(".recovery code");
    assert_eq!(codes.len(), 10);
    let mut other = world.browser();
    first_step(&mut other).await;
    let old = second_step(&mut other, &phone.recovery_codes[0]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(second_step(&mut other, &codes[0]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn no_secret_and_no_recovery_code_is_in_the_database() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    let dump: Vec<u8> = sqlx::query_scalar(
        "select (select secret from second_factors) || string_agg(code_hash, ''::bytea) from recovery_codes",
    )
    .fetch_one(&world.db.pool)
    .await
    .unwrap();
    assert!(!dump.windows(20).any(|part| part == phone.secret));
    let text: Vec<String> = sqlx::query_scalar(
        "select recovery_codes::text from recovery_codes union all select audit::text from audit
         union all select jobs::text from jobs",
    )
    .fetch_all(&world.db.pool)
    .await
    .unwrap();
    for code in phone.recovery_codes.iter().map(|code| code.replace('-', "")) {
        assert!(text.iter().all(|row| !row.replace('-', "").contains(&code)));
    }
}

#[tokio::test]
async fn setting_up_needs_a_code_and_shows_the_same_key_until_then() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut browser = world.browser();
    first_step(&mut browser).await;
    let page = browser.read("/desk/profile/second-factor").await;
    assert!(page.has("svg.qr[role=img] title"));
    let key = page.text("code.key");
    let answer = browser.post("/desk/profile/second-factor", &[("code", "000000")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = Page::of(&answer);
    assert_eq!((page.text("code.key"), page.attribute("#code", "aria-invalid")), (key, "true".to_owned()));
    let mut other = world.browser();
    assert_eq!(first_step(&mut other).await.header("location"), "/desk");
}

/// What came in with less is out: also the session that sets it up goes on under another token.
#[tokio::test]
async fn setting_it_up_ends_the_other_sessions_and_changes_the_cookie() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let (mut one, mut two) = (world.browser(), world.browser());
    first_step(&mut one).await;
    first_step(&mut two).await;
    let before = one.cookie("__Host-sid").unwrap().to_owned();
    let secret = unbase32(&one.read("/desk/profile/second-factor").await.text("code.key"));
    one.post("/desk/profile/second-factor", &[("code", &totp::code(&secret, step()))]).await;
    assert_ne!(one.cookie("__Host-sid"), Some(before.as_str()));
    assert_eq!(one.get("/desk/profile").await.status, StatusCode::OK);
    assert_eq!(two.get("/desk/profile").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_must_have_one_is_led_to_it_and_nothing_else_opens() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    let mut editor = world.logged_in(Role::Editor).await;
    let mut author = world.logged_in(Role::Author).await;
    let answer = admin.post("/desk/users/rules", &[("role", "editor"), ("role", "admin")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    for browser in [&mut admin, &mut editor] {
        for path in ["/desk/articles", "/desk/comments", "/desk/profile", "/desk/users"] {
            assert_eq!(browser.get(path).await.header("location"), "/desk/profile/second-factor", "{path}");
        }
        let answer = browser.post("/desk/tags/1", &[("name", "A")]).await;
        assert_eq!(answer.header("location"), "/desk/profile/second-factor");
    }
    assert_eq!(author.get("/desk/articles").await.status, StatusCode::OK);
    let page = editor.read("/desk/profile/second-factor").await;
    let secret = unbase32(&page.text("code.key"));
    editor.post("/desk/profile/second-factor", &[("code", &totp::code(&secret, step()))]).await;
    assert_eq!(editor.get("/desk/comments").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_administrator_takes_it_off_somebody_who_lost_everything() {
    let world = World::new().await;
    let (_, mut lost) = enrolled(&world, Role::Editor).await;
    let UserId(id) = UserId(1);
    let mut admin = world.logged_in(Role::Admin).await;
    let answer = admin.post(&format!("/desk/users/{id}/second-factor"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(lost.get("/desk/articles").await.status, StatusCode::SEE_OTHER);
    let mut browser = world.browser();
    assert_eq!(first_step(&mut browser).await.header("location"), "/desk");
    let recorded: i64 = sqlx::query_scalar(
        "select count(*) from audit where action = 'take off the second factor of' and noun_id = $1",
    )
    .bind(id)
    .fetch_one(&world.db.pool)
    .await
    .unwrap();
    assert_eq!(recorded, 1);
}

/// R26: twelve are enough beside a second factor, and not after it.
#[tokio::test]
async fn a_password_that_was_long_enough_for_two_is_replaced_when_one_is_left() {
    let world = World::new().await;
    let (_, mut browser) = enrolled(&world, Role::Author).await;
    let short = "kelp vase fig";
    let change = [("current", PASSWORD), ("password", short)];
    assert_eq!(browser.post("/desk/profile/password", &change).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/desk/articles").await.status, StatusCode::OK);
    browser.post("/desk/profile/second-factor/remove", &[]).await;
    assert_eq!(browser.get("/desk/articles").await.header("location"), "/desk/profile/password");
    let again = [("current", short), ("password", "plum tin cork")];
    assert_eq!(browser.post("/desk/profile/password", &again).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = [("current", short), ("password", "ladder copper violin moss")];
    assert_eq!(browser.post("/desk/profile/password", &long).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/desk/articles").await.status, StatusCode::OK);
}
