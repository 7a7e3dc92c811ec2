//! API tokens at the desk.

use broadsheet::accounts::Role;

use super::Screen;
use crate::browser::World;

#[tokio::test]
async fn a_token_is_shown_once_and_works_until_it_is_revoked() {
    let world = World::new().await;
    let mut browser = world.logged_in(Role::Author).await;
    let form = [("name", "The importer"), ("days", "30"), ("drafts:read", "on")];
    let made = browser.post("/desk/tokens", &form).await;
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(made.header("cache-control"), "private, no-store");
    let token = Screen::of(&made).text("#token").concat();
    let bearer = format!("Bearer {token}");
    let me = world.browser().get_with("/api/v1/desk/me", &[("authorization", &bearer)]).await;
    assert_eq!(me.json()["scopes"], serde_json::json!(["drafts:read"]));
    let list = browser.get("/desk/tokens").await;
    assert!(list.body.contains("The importer") && !list.body.contains(&token));
    let hash: Vec<u8> =
        sqlx::query_scalar("select token_hash from api_tokens").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(hash, broadsheet::accounts::token::digest(&token));
    let id: i64 = sqlx::query_scalar("select id from api_tokens").fetch_one(&world.db.pool).await.unwrap();
    assert_eq!(browser.post(&format!("/desk/tokens/{id}/revoke"), &[]).await.status, 303);
    let over = world.browser().get_with("/api/v1/desk/me", &[("authorization", &bearer)]).await;
    assert_eq!(over.status, 401);
}

#[tokio::test]
async fn administrators_see_and_end_those_of_all_and_authors_their_own() {
    let world = World::new().await;
    let form = [("name", "Of the author"), ("days", "30"), ("media:read", "on")];
    world.logged_in(Role::Author).await.post("/desk/tokens", &form).await;
    let id: i64 = sqlx::query_scalar("select id from api_tokens").fetch_one(&world.db.pool).await.unwrap();
    let mut editor = world.logged_in(Role::Editor).await;
    assert!(!editor.get("/desk/tokens").await.body.contains("Of the author"));
    assert_eq!(editor.post(&format!("/desk/tokens/{id}/revoke"), &[]).await.status, 404);
    let mut admin = world.logged_in(Role::Admin).await;
    assert!(admin.get("/desk/tokens").await.body.contains("Of the author"));
    assert_eq!(admin.post(&format!("/desk/tokens/{id}/revoke"), &[]).await.status, 303);
}
