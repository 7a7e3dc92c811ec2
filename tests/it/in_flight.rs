//! A login that has begun when the account changes: what it was about to get is not given out any more.

use axum::http::StatusCode;
use broadsheet::accounts::{Role, UserId, second_factor, totp, user};
use sqlx::PgConnection;

use crate::browser::{Answer, Browser, PASSWORD, World};
use crate::second_factor::{EMAIL, enrolled, first_step, pass_time};
use crate::support;

/// A form of the login, overtaken by a change while it stands before the account. The answer, and whether it let
/// somebody in.
async fn overtaken(
    world: &World,
    user: UserId,
    mut browser: Browser,
    form: (&'static str, Vec<(&'static str, String)>),
    change: impl AsyncFnOnce(&mut PgConnection),
) -> (Answer, bool) {
    let mut tx = world.db.pool.begin().await.unwrap();
    let hold = sqlx::query("select from users where id = $1 for no key update").bind(user.0);
    hold.execute(&mut *tx).await.unwrap();
    let login = tokio::spawn(async move {
        let (path, fields) = form;
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.post(path, &fields).await;
        (browser, answer)
    });
    support::until_waiting(&world.db.pool, &login).await;
    change(&mut tx).await;
    tx.commit().await.unwrap();
    let (mut browser, answer) = login.await.unwrap();
    let is_in = browser.get("/desk/profile").await.status == StatusCode::OK;
    (answer, is_in)
}

fn first() -> (&'static str, Vec<(&'static str, String)>) {
    ("/desk/login", vec![("email", EMAIL.to_owned()), ("password", PASSWORD.to_owned())])
}

#[tokio::test]
async fn a_password_that_is_changed_meanwhile_lets_nobody_in() {
    let world = World::new().await;
    let user = world.account(EMAIL, Role::Author).await;
    let (answer, is_in) = overtaken(&world, user, world.browser(), first(), async |tx| {
        user::reset_password(tx, user, "another").await.unwrap();
    })
    .await;
    assert_eq!((answer.status, is_in), (StatusCode::UNPROCESSABLE_ENTITY, false));
}

#[tokio::test]
async fn an_account_that_is_disabled_meanwhile_lets_nobody_in() {
    let world = World::new().await;
    let user = world.account(EMAIL, Role::Author).await;
    let (answer, is_in) = overtaken(&world, user, world.browser(), first(), async |tx| {
        user::disable(tx, user).await.unwrap();
    })
    .await;
    assert_eq!((answer.status, is_in), (StatusCode::UNPROCESSABLE_ENTITY, false));
}

#[tokio::test]
async fn a_second_factor_that_is_switched_on_meanwhile_is_asked() {
    let world = World::new().await;
    let user = world.account(EMAIL, Role::Author).await;
    let key = world.app.factor_key;
    let (answer, is_in) = overtaken(&world, user, world.browser(), first(), async |tx| {
        let secret = second_factor::begin(tx, &key, user).await.unwrap().unwrap();
        let code = totp::code(&secret, chrono::Utc::now().timestamp() / totp::STEP_SECONDS);
        assert!(second_factor::confirm(tx, &key, user, &code).await.unwrap().is_some());
    })
    .await;
    assert_eq!((answer.header("location"), is_in), ("/desk/login/code", false));
}

#[tokio::test]
async fn a_code_lets_nobody_in_whose_password_is_changed_meanwhile() {
    let world = World::new().await;
    let (phone, _) = enrolled(&world, Role::Author).await;
    pass_time(&world).await;
    let user = user::by_email(&world.db.pool, EMAIL).await.unwrap().unwrap().id;
    let mut browser = world.browser();
    first_step(&mut browser).await;
    let form = ("/desk/login/code", vec![("code", phone.code(0))]);
    let (answer, is_in) = overtaken(&world, user, browser, form, async |tx| {
        user::reset_password(tx, user, "another").await.unwrap();
    })
    .await;
    assert_eq!((answer.status, is_in), (StatusCode::UNPROCESSABLE_ENTITY, false));
}
