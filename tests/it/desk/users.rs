//! Accounts, as administrators manage them.

use axum::http::StatusCode;
use broadsheet::accounts::{Role, UserId, user};

use super::scene::Scene;
use crate::browser::PASSWORD;
use crate::support;

const ROLES: &str = "select email || ' ' || role || ' ' || (disabled_at is null) from users order by id";

#[tokio::test]
async fn a_new_user_can_log_in() {
    let mut scene = Scene::with(Role::Admin).await;
    let fields =
        [("name", "Ines Okoro"), ("email", "ines@example.org"), ("role", "editor"), ("password", PASSWORD)];
    assert_eq!(scene.browser.post("/desk/users", &fields).await.status, StatusCode::SEE_OTHER);
    let mut ines = scene.world.browser();
    let answer = ines.post("/desk/login", &[("email", "ines@example.org"), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(ines.get("/desk/comments").await.status, StatusCode::OK);
    assert_eq!(scene.acts().await, ["create user by Mira Holt", "log in user by Ines Okoro"]);
}

#[tokio::test]
async fn every_refused_field_is_named_and_the_password_is_not_shown_again() {
    let mut scene = Scene::with(Role::Admin).await;
    let fields = [("name", " "), ("email", "nobody"), ("role", "author"), ("password", "too short")];
    let answer = scene.browser.post("/desk/users", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["id=\"name-error\"", "id=\"email-error\"", "id=\"password-error\"", "value=\"nobody\""] {
        assert!(answer.body.contains(part), "{part}");
    }
    assert!(!answer.body.contains("too short"));
    let taken =
        [("name", "Mira"), ("email", "ADMIN@example.org"), ("role", "author"), ("password", PASSWORD)];
    let answer = scene.browser.post("/desk/users", &taken).await;
    assert!(answer.body.contains("There is an account with this e-mail address already."));
}

#[tokio::test]
async fn nobody_takes_themself_away() {
    let mut scene = Scene::with(Role::Admin).await;
    scene.world.account("second@example.org", Role::Admin).await;
    for (path, field) in
        [("/desk/users/1", ("role", "author")), ("/desk/users/1/state", ("state", "disabled"))]
    {
        let answer = scene.browser.post(path, &[field]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("This is your own account."), "{path}");
    }
    assert_eq!(scene.values(ROLES).await, ["admin@example.org admin true", "second@example.org admin true"]);
    assert!(scene.acts().await.is_empty());
}

#[tokio::test]
async fn a_role_that_changes_ends_the_sessions() {
    let mut scene = Scene::with(Role::Admin).await;
    let mut editor = scene.world.logged_in(Role::Editor).await;
    assert_eq!(editor.get("/desk/comments").await.status, StatusCode::OK);
    let answer = scene.browser.post("/desk/users/2", &[("role", "author")]).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/desk/users/2"));
    assert_eq!(editor.get("/desk/comments").await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.values(ROLES).await[1], "editor@example.org author true");
}

#[tokio::test]
async fn a_disabled_account_is_out_until_it_is_enabled() {
    let mut scene = Scene::with(Role::Admin).await;
    scene.world.account("ines@example.org", Role::Editor).await;
    let login = [("email", "ines@example.org"), ("password", PASSWORD)];
    scene.browser.post("/desk/users/2/state", &[("state", "disabled")]).await;
    assert_eq!(
        scene.world.browser().post("/desk/login", &login).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    scene.browser.post("/desk/users/2/state", &[("state", "enabled")]).await;
    assert_eq!(scene.world.browser().post("/desk/login", &login).await.status, StatusCode::SEE_OTHER);
    assert_eq!(
        scene.acts().await,
        [
            "disable user by Mira Holt",
            "fail to log in user by a stranger",
            "enable user by Mira Holt",
            "log in user by Mira Holt",
        ]
    );
}

#[tokio::test]
async fn a_new_password_holds_and_ends_the_sessions() {
    let mut scene = Scene::with(Role::Admin).await;
    let mut editor = scene.world.logged_in(Role::Editor).await;
    let answer = scene.browser.post("/desk/users/2/password", &[("password", "short")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(editor.get("/desk/comments").await.status, StatusCode::OK);
    let new = "ladder copper violin moss";
    let answer = scene.browser.post("/desk/users/2/password", &[("password", new)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(editor.get("/desk/comments").await.status, StatusCode::SEE_OTHER);
    let login = [("email", "editor@example.org"), ("password", new)];
    assert_eq!(editor.post("/desk/login", &login).await.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.acts().await, ["reset password user by Mira Holt", "log in user by Mira Holt"]);
}

#[tokio::test]
async fn two_administrators_cannot_remove_each_other_at_once() {
    let scene = Scene::with(Role::Admin).await;
    scene.world.account("second@example.org", Role::Admin).await;
    let pool = scene.world.db.pool.clone();
    let mut first = pool.begin().await.unwrap();
    assert!(user::has_other_admin(&mut first, UserId(2)).await.unwrap());
    user::disable(&mut first, UserId(2)).await.unwrap();
    let mut second = pool.begin().await.unwrap();
    let second = tokio::spawn(async move { user::has_other_admin(&mut second, UserId(1)).await.unwrap() });
    support::until_waiting(&pool, &second).await;
    first.commit().await.unwrap();
    assert!(!second.await.unwrap());
}
