//! Links that let somebody in once: invitations, and new passwords for those who forgot theirs.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use broadsheet::accounts::{Role, user};
use broadsheet::jobs::Runner;

use crate::browser::{Answer, BASE, Browser, PASSWORD, World};
use crate::newsroom::Page;
use crate::second_factor;

const EMAIL: &str = "dana@example.org";
const NEW: &str = "ladder copper violin moss";

/// The token of the link on a page that shows it once.
fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let link = Page::of(answer).text(".link-once");
    link.split_once("http://localhost/desk/").unwrap().1.split_once("?token=").unwrap().1.to_owned()
}

/// The token of the link in the newest letter to somebody.
fn mailed(world: &World, to: &str) -> String {
    let letter = world.app.post.kept().into_iter().rev().find(|letter| letter.to == to).unwrap();
    let after = letter.text.split_once("?token=").unwrap().1;
    after.split_whitespace().next().unwrap().to_owned()
}

async fn work(world: &World) {
    Runner::new(world.app.clone()).drain().await.unwrap();
}

async fn invite(admin: &mut Browser, role: &str) -> String {
    token(&admin.post("/desk/users/invitations", &[("role", role), ("way", "link")]).await)
}

fn account<'a>(token: &'a str, email: &'a str) -> [(&'a str, &'a str); 4] {
    [("token", token), ("name", "Dana Ruiz"), ("email", email), ("password", PASSWORD)]
}

#[tokio::test]
async fn an_invitation_makes_one_account_in_its_role() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    let token = invite(&mut admin, "editor").await;
    let path = format!("/desk/invited?token={token}");
    let mut dana = world.browser();
    for _ in 0..3 {
        assert!(dana.read(&path).await.text("main").contains("an editor"));
    }
    let answer = dana.post("/desk/invited", &account(&token, EMAIL)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk"));
    assert_eq!(dana.get("/desk/comments").await.status, StatusCode::OK);
    let made = user::by_email(&world.db.pool, EMAIL).await.unwrap().unwrap();
    assert_eq!((made.name.as_str(), made.role), ("Dana Ruiz", Role::Editor));
    let again = world.browser().post("/desk/invited", &account(&token, "other@example.org")).await;
    assert_eq!(again.status, StatusCode::GONE);
    assert_eq!(world.browser().get(&path).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_refused_account_leaves_the_invitation_open() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    let token = invite(&mut admin, "author").await;
    let refused = world.browser().post("/desk/invited", &account(&token, "admin@example.org")).await;
    assert!(refused.body.contains("There is an account with this e-mail address already."));
    let weak = [("token", token.as_str()), ("name", ""), ("email", "x"), ("password", "short")];
    let answer = world.browser().post("/desk/invited", &weak).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["name", "email", "password"] {
        assert!(Page::of(&answer).has(&format!("#{field}-error")), "{field}");
    }
    let answer = world.browser().post("/desk/invited", &account(&token, EMAIL)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_a_new_link_and_by_being_taken_back() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    let first = invite(&mut admin, "author").await;
    assert!(admin.read("/desk/users").await.text("table").len() > 1);
    let second = token(&admin.post("/desk/users/invitations/1/link", &[("way", "link")]).await);
    assert_eq!(world.browser().get(&format!("/desk/invited?token={first}")).await.status, StatusCode::GONE);
    let path = format!("/desk/invited?token={second}");
    assert_eq!(world.browser().get(&path).await.status, StatusCode::OK);
    sqlx::query("update invitations set expires_at = now()").execute(&world.db.pool).await.unwrap();
    assert_eq!(world.browser().get(&path).await.status, StatusCode::GONE);
    let third = token(&admin.post("/desk/users/invitations/1/link", &[("way", "link")]).await);
    admin.post("/desk/users/invitations/1/revoke", &[]).await;
    let answer = world.browser().post("/desk/invited", &account(&third, EMAIL)).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert_eq!(
        admin.post("/desk/users/invitations/1/link", &[("way", "link")]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(user::by_email(&world.db.pool, EMAIL).await.unwrap().is_none());
}

#[tokio::test]
async fn an_invitation_goes_by_mail_and_its_link_lies_in_no_table() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    let none =
        admin.post("/desk/users/invitations", &[("role", "author"), ("way", "mail"), ("email", "")]).await;
    assert!(Page::of(&none).has("#invited_email-error"));
    let fields = [("role", "author"), ("way", "mail"), ("email", EMAIL)];
    assert_eq!(admin.post("/desk/users/invitations", &fields).await.status, StatusCode::SEE_OTHER);
    work(&world).await;
    let token = mailed(&world, EMAIL);
    let rows: Vec<String> = sqlx::query_scalar(
        "select jobs::text from jobs union all select invitations::text from invitations
         union all select audit::text from audit",
    )
    .fetch_all(&world.db.pool)
    .await
    .unwrap();
    assert!(rows.iter().all(|row| !row.contains(&token)));
    assert!(admin.read("/desk/users").await.text("main").contains(EMAIL));
    let page = world.browser().read(&format!("/desk/invited?token={token}")).await;
    assert_eq!(page.attribute("#email", "value"), EMAIL);
    let answer = world.browser().post("/desk/invited", &account(&token, EMAIL)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

/// R22: every way in needs the same strength.
#[tokio::test]
async fn an_invitation_into_a_role_that_must_have_a_second_factor_leads_to_it() {
    let world = World::new().await;
    let mut admin = world.logged_in(Role::Admin).await;
    let token = invite(&mut admin, "editor").await;
    admin.post("/desk/users/rules", &[("role", "editor")]).await;
    let mut dana = world.browser();
    dana.post("/desk/invited", &account(&token, EMAIL)).await;
    assert_eq!(dana.get("/desk/comments").await.header("location"), "/desk/profile/second-factor");
}

async fn ask(world: &World, email: &str) -> Answer {
    world.browser().post("/desk/forgotten", &[("email", email)]).await
}

/// R24
#[tokio::test]
async fn a_forgotten_password_is_set_by_a_link_that_works_once() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    ask(&world, EMAIL).await;
    work(&world).await;
    let token = mailed(&world, EMAIL);
    assert_eq!(token.len(), 64);
    let path = format!("/desk/reset?token={token}");
    for _ in 0..3 {
        assert_eq!(world.browser().get(&path).await.status, StatusCode::OK);
    }
    let weak = world.browser().post("/desk/reset", &[("token", &token), ("password", "short")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = [("token", token.as_str()), ("password", NEW)];
    let answer = world.browser().post("/desk/reset", &set).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/login"));
    assert_eq!(world.browser().post("/desk/reset", &set).await.status, StatusCode::GONE);
    let login = [("email", EMAIL), ("password", NEW)];
    assert_eq!(world.browser().post("/desk/login", &login).await.status, StatusCode::SEE_OTHER);
    work(&world).await;
    assert!(world.app.post.kept().last().unwrap().text.contains("The password of your account was changed."));
}

/// R24: the link starts with our own address, whatever the request says of hosts.
#[tokio::test]
async fn the_link_of_a_letter_starts_with_our_own_address() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let request = Request::post("/desk/forgotten")
        .header(header::ORIGIN, BASE)
        .header(header::HOST, "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("email={EMAIL}")));
    world.browser().send(request.unwrap()).await;
    work(&world).await;
    let letters = world.app.post.kept();
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].text.contains("http://localhost/desk/reset?token=") && !letters[0].raw.contains("evil")
    );
}

/// R24
#[tokio::test]
async fn a_reset_leaves_the_second_factor_on() {
    let world = World::new().await;
    let (phone, _) = second_factor::enrolled(&world, Role::Author).await;
    ask(&world, second_factor::EMAIL).await;
    work(&world).await;
    let token = mailed(&world, second_factor::EMAIL);
    let mut browser = world.browser();
    browser.post("/desk/reset", &[("token", &token), ("password", NEW)]).await;
    let answer = browser.post("/desk/login", &[("email", second_factor::EMAIL), ("password", NEW)]).await;
    assert_eq!(answer.header("location"), "/desk/login/code");
    let answer = browser.post("/desk/login/code", &[("code", &phone.recovery_codes[0])]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

/// R25
#[tokio::test]
async fn asking_for_a_link_is_answered_alike_for_every_address_and_sends_only_to_accounts() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    let mut known = ask(&world, EMAIL).await;
    let mut unknown = ask(&world, "nobody@example.org").await;
    for answer in [&mut known, &mut unknown] {
        answer.headers.remove("x-request-id");
    }
    assert_eq!((known.status, known.headers, known.body), (unknown.status, unknown.headers, unknown.body));
    work(&world).await;
    let letters: Vec<String> = world.app.post.kept().into_iter().map(|letter| letter.to).collect();
    assert_eq!(letters, [EMAIL]);
}

/// R25, R81
#[tokio::test]
async fn the_fourth_letter_within_an_hour_is_not_sent_whoever_asks() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    for email in [EMAIL, "nobody@example.org"] {
        sqlx::query("delete from reset_requests").execute(&world.db.pool).await.unwrap();
        for _ in 0..3 {
            assert_eq!(ask(&world, email).await.status, StatusCode::SEE_OTHER);
        }
        let answer = ask(&world, email).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{email}");
        assert!(answer.header("retry-after").parse::<u64>().unwrap() > 3000);
    }
    let rows: Vec<String> = sqlx::query_scalar("select reset_requests::text from reset_requests")
        .fetch_all(&world.db.pool)
        .await
        .unwrap();
    assert!(rows.iter().all(|row| !row.contains("nobody")));
    sqlx::query("update reset_requests set requested_at = requested_at - interval '1 hour'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(ask(&world, EMAIL).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_newer_link_a_new_password_and_half_an_hour_end_a_link() {
    let world = World::new().await;
    let id = world.account(EMAIL, Role::Author).await;
    let mut admin = world.logged_in(Role::Admin).await;
    let path = format!("/desk/users/{id}/reset-link");
    let status = async |token: &str| world.browser().get(&format!("/desk/reset?token={token}")).await.status;
    let first = token(&admin.post(&path, &[]).await);
    let second = token(&admin.post(&path, &[]).await);
    assert_eq!((status(&first).await, status(&second).await), (StatusCode::GONE, StatusCode::OK));
    admin.post(&format!("/desk/users/{id}/password"), &[("password", NEW)]).await;
    assert_eq!(status(&second).await, StatusCode::GONE);
    let third = token(&admin.post(&path, &[]).await);
    sqlx::query("update password_resets set expires_at = expires_at - interval '30 minutes'")
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(status(&third).await, StatusCode::GONE);
}

#[tokio::test]
async fn a_disabled_account_gets_no_link_and_can_use_none() {
    let world = World::new().await;
    let id = world.account(EMAIL, Role::Author).await;
    let mut admin = world.logged_in(Role::Admin).await;
    let token = token(&admin.post(&format!("/desk/users/{id}/reset-link"), &[]).await);
    admin.post(&format!("/desk/users/{id}/state"), &[("state", "disabled")]).await;
    let answer = world.browser().post("/desk/reset", &[("token", &token), ("password", NEW)]).await;
    assert_eq!(answer.status, StatusCode::GONE);
    ask(&world, EMAIL).await;
    work(&world).await;
    assert!(world.app.post.kept().is_empty());
}

/// What an administrator gave out must not outlive what made them one.
#[tokio::test]
async fn links_end_with_the_rights_of_who_made_them() {
    for (form, fields) in [("state", ("state", "disabled")), ("", ("role", "editor"))] {
        let world = World::new().await;
        let owner = world.account(EMAIL, Role::Author).await;
        world.account("chief@example.org", Role::Admin).await;
        let mut chief = world.browser();
        chief.post("/desk/login", &[("email", "chief@example.org"), ("password", PASSWORD)]).await;
        let mut admin = world.logged_in(Role::Admin).await;
        let invitation = invite(&mut admin, "admin").await;
        let kept = invite(&mut chief, "author").await;
        let mailed = [("role", "editor"), ("way", "mail"), ("email", "late@example.org")];
        admin.post("/desk/users/invitations", &mailed).await;
        let reset = token(&admin.post(&format!("/desk/users/{owner}/reset-link"), &[]).await);
        let made_by = user::by_email(&world.db.pool, "admin@example.org").await.unwrap().unwrap().id;
        let path = format!("/desk/users/{made_by}/{form}");
        let answer = chief.post(path.trim_end_matches('/'), &[fields]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let mut stranger = world.browser();
        let answer = stranger.post("/desk/invited", &account(&invitation, "friend@example.org")).await;
        assert_eq!(answer.status, StatusCode::GONE, "{form}");
        let answer = stranger.post("/desk/reset", &[("token", &reset), ("password", NEW)]).await;
        assert_eq!(answer.status, StatusCode::GONE, "{form}");
        work(&world).await;
        assert!(world.app.post.kept().iter().all(|letter| letter.to != "late@example.org"));
        let answer = stranger.get(&format!("/desk/invited?token={kept}")).await;
        assert_eq!(answer.status, StatusCode::OK, "of somebody else");
    }
}

#[tokio::test]
async fn a_link_sent_to_an_address_ends_when_the_account_has_another() {
    let world = World::new().await;
    world.account(EMAIL, Role::Author).await;
    ask(&world, EMAIL).await;
    work(&world).await;
    let token = mailed(&world, EMAIL);
    let mut owner = world.browser();
    owner.post("/desk/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let answer = owner.post("/desk/profile/email", &[("email", "new@example.org")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(world.browser().get(&format!("/desk/reset?token={token}")).await.status, StatusCode::GONE);
}
