//! When sessions end and when they do not: what an owner, an administrator or a thief can do. Two instances throughout:
//! a session that has ended on one has ended on the other.

use axum::http::StatusCode;
use broadsheet::accounts::{Role, UserId, device};

use crate::browser::{Browser, PASSWORD, World};

const EMAIL: &str = "mira@example.org";
const NEW: &str = "ladder copper violin moss";

/// Somebody logged in twice, and a thief with the cookie of the first.
struct Case {
    world: World,
    user: UserId,
    desk: Browser,
    phone: Browser,
    thief: Browser,
}

impl Case {
    async fn new() -> Self {
        let world = World::new().await;
        let user = world.account(EMAIL, Role::Editor).await;
        let (mut desk, mut phone) = (world.browser(), world.browser());
        log_in(&mut desk).await;
        log_in(&mut phone).await;
        // Another instance: a router of its own on the same database.
        let mut thief = world.browser();
        thief.cookies.clone_from(&desk.cookies);
        Self { world, user, desk, phone, thief }
    }

    async fn admin(&self) -> Browser {
        self.world.logged_in(Role::Admin).await
    }

    /// Who of the three is still in.
    async fn inside(&mut self) -> [bool; 3] {
        [is_in(&mut self.desk).await, is_in(&mut self.phone).await, is_in(&mut self.thief).await]
    }
}

async fn log_in(browser: &mut Browser) {
    let answer = browser.post("/desk/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

async fn is_in(browser: &mut Browser) -> bool {
    browser.get("/desk/profile").await.status == StatusCode::OK
}

#[tokio::test]
async fn a_new_password_of_ones_own_ends_all_others_and_the_stolen_cookie() {
    let mut case = Case::new().await;
    let change = [("current", PASSWORD), ("password", NEW)];
    let answer = case.desk.post("/desk/profile/password", &change).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(case.inside().await, [true, false, false]);
}

#[tokio::test]
async fn a_refused_password_ends_nothing() {
    let mut case = Case::new().await;
    for change in [[("current", "wrong"), ("password", NEW)], [("current", PASSWORD), ("password", "short")]]
    {
        let answer = case.desk.post("/desk/profile/password", &change).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(case.inside().await, [true, true, true]);
}

#[tokio::test]
async fn a_password_set_by_link_ends_all() {
    let mut case = Case::new().await;
    let mut admin = case.admin().await;
    let page = admin.post(&format!("/desk/users/{}/reset-link", case.user), &[]).await;
    let link = crate::newsroom::Page::of(&page).text(".link-once");
    let token = link.split_once("token=").unwrap().1.to_owned();
    assert_eq!(case.inside().await, [true, true, true], "making the link ends nothing");
    let answer = case.world.browser().post("/desk/reset", &[("token", &token), ("password", NEW)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(case.inside().await, [false, false, false]);
}

#[tokio::test]
async fn asking_for_a_link_ends_nothing() {
    let mut case = Case::new().await;
    let answer = case.world.browser().post("/desk/forgotten", &[("email", EMAIL)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    broadsheet::jobs::Runner::new(case.world.app.clone()).drain().await.unwrap();
    assert_eq!(case.inside().await, [true, true, true]);
}

#[tokio::test]
async fn disabling_ends_all_and_enabling_brings_none_back() {
    let mut case = Case::new().await;
    let mut admin = case.admin().await;
    let path = format!("/desk/users/{}/state", case.user);
    admin.post(&path, &[("state", "disabled")]).await;
    assert_eq!(case.inside().await, [false, false, false]);
    admin.post(&path, &[("state", "enabled")]).await;
    assert_eq!(case.inside().await, [false, false, false]);
}

#[tokio::test]
async fn another_role_ends_all() {
    let mut case = Case::new().await;
    let mut admin = case.admin().await;
    admin.post(&format!("/desk/users/{}", case.user), &[("role", "author")]).await;
    assert_eq!(case.inside().await, [false, false, false]);
}

#[tokio::test]
async fn logging_out_everywhere_else_leaves_this_browser_alone() {
    let mut case = Case::new().await;
    case.phone.post("/desk/profile/sessions", &[]).await;
    assert_eq!(case.inside().await, [false, true, false]);
}

#[tokio::test]
async fn an_administrator_logs_somebody_out_everywhere() {
    let mut case = Case::new().await;
    let mut admin = case.admin().await;
    admin.post(&format!("/desk/users/{}/sessions", case.user), &[]).await;
    assert_eq!(case.inside().await, [false, false, false]);
}

#[tokio::test]
async fn logging_out_ends_the_stolen_cookie_and_no_other_session() {
    let mut case = Case::new().await;
    case.desk.post("/desk/logout", &[]).await;
    assert_eq!(case.inside().await, [false, true, false]);
}

/// The browser at hand has proved itself just now: it goes on counting for itself, under a new token.
#[tokio::test]
async fn this_browser_stays_known_when_all_others_are_forgotten() {
    for (path, fields) in [
        ("/desk/profile/sessions", &[][..]),
        ("/desk/profile/password", &[("current", PASSWORD), ("password", NEW)]),
    ] {
        let mut case = Case::new().await;
        let before = case.desk.cookie("__Host-device").unwrap().to_owned();
        case.desk.post(path, fields).await;
        let now = case.desk.cookie("__Host-device").unwrap().to_owned();
        let pool = &case.world.db.pool;
        assert!(device::known(pool, &now, EMAIL).await.unwrap().is_some(), "{path}");
        for other in [before.as_str(), case.phone.cookie("__Host-device").unwrap()] {
            assert!(device::known(pool, other, EMAIL).await.unwrap().is_none(), "{path}");
        }
    }
}

/// A thief at an open session may have copied the key of a second factor that was never confirmed.
#[tokio::test]
async fn a_key_that_was_shown_and_not_confirmed_ends_with_the_sessions() {
    let mut case = Case::new().await;
    let mut admin = case.admin().await;
    let shown =
        async |browser: &mut Browser| browser.read("/desk/profile/second-factor").await.text("code.key");
    let first = shown(&mut case.thief).await;
    assert_eq!(shown(&mut case.desk).await, first);
    case.phone.post("/desk/profile/sessions", &[]).await;
    let second = shown(&mut case.phone).await;
    assert_ne!(second, first, "ended by its owner");
    case.phone.post("/desk/profile/password", &[("current", PASSWORD), ("password", NEW)]).await;
    let third = shown(&mut case.phone).await;
    assert_ne!(third, second, "another password");
    admin.post(&format!("/desk/users/{}/sessions", case.user), &[]).await;
    case.phone.post("/desk/login", &[("email", EMAIL), ("password", NEW)]).await;
    assert_ne!(shown(&mut case.phone).await, third, "ended by an administrator");
}

#[tokio::test]
async fn a_wrong_login_ends_nothing() {
    let mut case = Case::new().await;
    case.world.browser().post("/desk/login", &[("email", EMAIL), ("password", "wrong")]).await;
    assert_eq!(case.inside().await, [true, true, true]);
}

#[tokio::test]
async fn one_session_of_the_list_is_ended_by_itself() {
    let mut case = Case::new().await;
    let page = case.desk.read("/desk/profile").await;
    let ends = page.attributes("table form", "action");
    assert_eq!(ends.len(), 1, "the one at hand has no button");
    assert!(page.text("table").contains("This one"));
    assert_eq!(case.desk.post(&ends[0], &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(case.inside().await, [true, false, true]);
}

#[tokio::test]
async fn nobody_ends_the_session_of_somebody_else() {
    let mut case = Case::new().await;
    let mut admin = case.admin().await;
    let id: i64 =
        sqlx::query_scalar("select min(id) from sessions").fetch_one(&case.world.db.pool).await.unwrap();
    let answer = admin.post(&format!("/desk/profile/sessions/{id}/end"), &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(case.inside().await, [true, true, true]);
}

#[tokio::test]
async fn the_list_names_the_browser_by_its_family_alone() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut browser = world.browser();
    let line = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let request = axum::http::Request::post("/desk/login")
        .header("origin", crate::browser::BASE)
        .header("user-agent", line)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(format!("email={EMAIL}&password={}", PASSWORD.replace(' ', "+"))));
    browser.send(request.unwrap()).await;
    assert!(browser.read("/desk/profile").await.text("table").contains("Firefox on Linux"));
    let stored: String =
        sqlx::query_scalar("select browser from sessions").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(stored, "Firefox on Linux");
}

/// R29: what changes accounts asks for the password again after a quarter of an hour.
#[tokio::test]
async fn what_changes_accounts_asks_for_the_password_again() {
    let world = World::new().await;
    world.account("other@example.org", Role::Author).await;
    world.account(EMAIL, Role::Admin).await;
    let mut admin = world.browser();
    log_in(&mut admin).await;
    sqlx::query("update sessions set authed_at = now() - interval '16 minutes'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    let new = [("name", "A"), ("email", "a@example.org"), ("role", "admin"), ("password", PASSWORD)];
    for (path, fields) in [
        ("/desk/profile/email", &[("email", "new@example.org")][..]),
        ("/desk/profile/second-factor", &[("code", "000000")]),
        ("/desk/profile/second-factor/remove", &[]),
        ("/desk/profile/recovery-codes", &[]),
        ("/desk/users", &new),
        ("/desk/users/1", &[("role", "admin")]),
        ("/desk/users/1/state", &[("state", "disabled")]),
        ("/desk/users/1/password", &[("password", NEW)]),
        ("/desk/users/1/reset-link", &[]),
        ("/desk/users/1/second-factor", &[]),
        ("/desk/users/1/sessions", &[]),
        ("/desk/users/rules", &[("role", "admin")]),
        ("/desk/users/invitations", &[("role", "admin"), ("way", "link")]),
    ] {
        let answer = admin.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.header("location").starts_with("/desk/confirm?next="), "{path}");
    }
    let unchanged: (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from users where role = 'admin' and email = 'mira@example.org'),
                (select count(*) from users), (select count(*) from invitations)",
    )
    .fetch_one(&world.db.pool)
    .await
    .unwrap();
    assert_eq!(unchanged, (1, 2, 0));

    let before = admin.cookie("__Host-sid").unwrap().to_owned();
    let wrong = admin.post("/desk/confirm", &[("password", "wrong"), ("next", "/desk/users")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = admin.post("/desk/confirm", &[("password", PASSWORD), ("next", "/desk/users")]).await;
    assert_eq!(right.header("location"), "/desk/users");
    assert_ne!(admin.cookie("__Host-sid"), Some(before.as_str()));
    assert_eq!(admin.post("/desk/users/1/sessions", &[]).await.header("location"), "/desk/users/1");
}

#[tokio::test]
async fn confirming_leads_back_to_the_page_of_the_form() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    sqlx::query("update sessions set authed_at = now() - interval '16 minutes'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    for (referrer, next) in
        [("http://localhost/desk/users/1", "%2Fdesk%2Fusers%2F1"), ("http://evil/desk/users", "%2Fdesk")]
    {
        let request = axum::http::Request::post("/desk/users/rules")
            .header("origin", crate::browser::BASE)
            .header("referer", referrer)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::empty());
        let answer = admin.send(request.unwrap()).await;
        assert_eq!(answer.header("location"), format!("/desk/confirm?next={next}"));
    }
}

#[tokio::test]
async fn guessing_at_the_confirmation_is_slowed_like_the_login() {
    let case = Case::new().await;
    let mut desk = case.desk;
    for _ in 0..5 {
        desk.post("/desk/confirm", &[("password", "wrong")]).await;
    }
    let answer = desk.post("/desk/confirm", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}
