//! Who else has an article open.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::article::{ArticleId, presence};

use super::Screen;
use crate::browser::{Answer, Browser, World};
use crate::newsroom::Story;

const TAB: &str = "tab-of-a-browser";

struct Room {
    world: World,
    editor: Browser,
    admin: Browser,
    id: ArticleId,
}

impl Room {
    async fn new() -> Self {
        let world = World::new().await;
        let (editor, admin) = (world.logged_in(Role::Editor).await, world.logged_in(Role::Admin).await);
        let id = Story::new("The bridge reopens").publish(&world).await;
        sqlx::query("update users set name = 'Mira Okafor' where role = 'admin'")
            .execute(&world.db.pool)
            .await
            .unwrap();
        Self { world, editor, admin, id }
    }

    fn path(&self) -> String {
        format!("/desk/articles/{}/presence", self.id)
    }

    async fn admin_is_there(&mut self, tab: &str) -> Answer {
        let path = self.path();
        self.admin.post(&path, &[("tab", tab)]).await
    }

    /// What the editor is told.
    async fn others(&mut self) -> String {
        let path = self.path();
        self.editor.post(&path, &[("tab", TAB)]).await.body
    }

    async fn age(&self, what: &'static str) {
        sqlx::query(what).execute(&self.world.db.pool).await.unwrap();
    }
}

#[tokio::test]
async fn the_others_are_told_apart_from_oneself() {
    let mut room = Room::new().await;
    assert_eq!(room.others().await, "[]");
    let answer = room.admin_is_there(TAB).await;
    assert_eq!((answer.status, answer.body.contains("Mira Holt")), (StatusCode::OK, true));
    let others = room.others().await;
    assert!(others.starts_with("[{\"name\":\"Mira Okafor\",\"since\":\""), "{others}");
}

#[tokio::test]
async fn the_form_says_who_is_there_without_a_script() {
    let mut room = Room::new().await;
    room.admin_is_there(TAB).await;
    room.age("update presence set opened_at = '2026-01-02 09:30+00', seen_at = now()").await;
    let form = Screen::of(&room.editor.get(&format!("/desk/articles/{}", room.id)).await);
    assert_eq!(form.text("#presence p"), ["Mira Okafor has had this open since 09:30."]);
}

#[tokio::test]
async fn several_tabs_are_one_person_since_the_first() {
    let mut room = Room::new().await;
    room.admin_is_there(TAB).await;
    room.age("update presence set opened_at = '2026-01-02 09:30+00'").await;
    room.admin_is_there("another-tab").await;
    let others = room.others().await;
    assert_eq!(others, "[{\"name\":\"Mira Okafor\",\"since\":\"09:30\"}]");
}

#[tokio::test]
async fn whoever_is_silent_is_gone() {
    let mut room = Room::new().await;
    room.admin_is_there(TAB).await;
    room.age("update presence set seen_at = now() - interval '89 seconds'").await;
    assert_ne!(room.others().await, "[]");
    room.age("update presence set seen_at = now() - interval '91 seconds'").await;
    assert_eq!(room.others().await, "[]");
}

#[tokio::test]
async fn whoever_leaves_is_gone_at_once_and_back_as_if_never_away() {
    let mut room = Room::new().await;
    room.admin_is_there(TAB).await;
    room.age("update presence set opened_at = '2026-01-02 09:30+00'").await;
    let path = room.path();
    room.admin.post(&path, &[("tab", TAB), ("left", "yes")]).await;
    assert_eq!(room.others().await, "[]");
    room.admin_is_there(TAB).await;
    assert!(room.others().await.contains("09:30"));
    // An hour later it is another visit.
    room.age("update presence set left_at = now() - interval '1 hour', seen_at = now() - interval '1 hour'")
        .await;
    room.admin_is_there(TAB).await;
    let since: bool = sqlx::query_scalar("select bool_and(opened_at > '2026-02-01') from presence")
        .fetch_one(&room.world.db.pool)
        .await
        .unwrap();
    assert!(since);
}

#[tokio::test]
async fn a_sign_needs_the_name_of_a_tab_and_an_article() {
    let mut room = Room::new().await;
    let path = room.path();
    for tab in ["", "short", &"x".repeat(65)] {
        assert_eq!(room.editor.post(&path, &[("tab", tab)]).await.status, StatusCode::BAD_REQUEST, "{tab}");
    }
    let nowhere = "/desk/articles/999999/presence";
    assert_eq!(room.editor.post(nowhere, &[("tab", TAB)]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn to_an_author_the_articles_of_others_are_not_there_to_be_present_at() {
    let room = Room::new().await;
    let mut author = room.world.logged_in(Role::Author).await;
    assert_eq!(author.post(&room.path(), &[("tab", TAB)]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_nobody_comes_back_to_is_swept() {
    let mut room = Room::new().await;
    room.admin_is_there(TAB).await;
    room.age("update presence set seen_at = now() - interval '25 hours'").await;
    room.others().await;
    assert_eq!(presence::sweep(&room.world.db.pool).await.unwrap(), 1);
}
