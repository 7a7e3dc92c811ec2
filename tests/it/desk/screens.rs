//! What holds for every screen: nothing that a reader or an editor typed is ever markup there.

use axum::http::StatusCode;
use broadsheet::accounts::Role;

use super::scene::{Scene, jpeg};

const HOSTILE: &str = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>";

/// Every address that shows something of what is there.
const SCREENS: [&str; 18] = [
    "/desk/comments",
    "/desk/comments?state=approved",
    "/desk/sections",
    "/desk/tags",
    "/desk/tags/1",
    "/desk/topics",
    "/desk/topics/1",
    "/desk/front",
    "/desk/front/at",
    "/desk/front/banners",
    "/desk/front/banners/1",
    "/desk/galleries",
    "/desk/galleries/1",
    "/desk/media",
    "/desk/users",
    "/desk/users/1",
    "/desk/profile",
    "/desk/audit",
];

async fn hostile() -> Scene {
    let mut scene = Scene::with(Role::Admin).await;
    let article = scene.article(HOSTILE).await;
    for _ in 0..2 {
        scene.comment(article, &HOSTILE[..57], HOSTILE).await;
    }
    for change in [
        "update comments set email = 'a\"><script>@x.org', state = case id when 1 then 'approved' else state end",
        "update users set name = '<script>alert(1)</script>', email = 'a\"><script>@x.org'",
        "update sections set name = '<script>alert(1)</script>', description = '</textarea><script>'",
        "insert into tags (slug, name) values ('x', '<script>alert(1)</script>')",
        "insert into topics (slug, title, description)
         values ('x', '<script>alert(1)</script>', '</textarea><script>')",
        "insert into topic_tags select t.id, g.id from topics t, tags g",
        "insert into topic_articles select t.id, a.id from topics t, articles a",
        "insert into topic_links (topic_id, position, label, address) select id, 1, '<script>', '/<script>' from topics",
        "insert into topic_dates (topic_id, position, day, text) select id, 1, '1999-05-01', '<script>' from topics",
        "insert into banners (text, address, starts_at, ends_at)
         values ('<script>alert(1)</script>', '/\"><script>', now(), now() + interval '1 hour')",
        "insert into board_draft (updated_by, content)
         select '<script>', jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object(
                    'id', 1, 'kind', 'stories', 'title', '<script>', 'on', true, 'size', 4, 'rule', '{\"by\": \"latest\"}'::jsonb,
                    'placings', jsonb_build_array(jsonb_build_object('id', 2, 'article', a.id)))))
         from articles a",
        "insert into galleries (kind, slug, title, description)
         values ('photo', 'x', '<script>alert(1)</script>', '</textarea><script>')",
        "insert into audit (actor, action, noun, detail)
         values ('<script>', '<script>', '<script>', '{\"<script>\": \"<script>\"}')",
    ] {
        sqlx::query(change).execute(&scene.world.db.pool).await.unwrap();
    }
    let picture = jpeg(77);
    scene.browser.upload("/desk/galleries/1/upload", &[], &[("pictures", "<script>.jpg", &picture)]).await;
    let words =
        "update gallery_pictures set alt = '\"><script>', caption = '\"><script>', credit = '\"><script>'";
    sqlx::query(words).execute(&scene.world.db.pool).await.unwrap();
    scene
}

#[tokio::test]
async fn markup_stays_text_on_every_screen() {
    let mut scene = hostile().await;
    for path in SCREENS {
        let answer = scene.browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        for forbidden in ["<script>", "<img src=x", "</textarea><script"] {
            assert!(!answer.body.contains(forbidden), "{forbidden} on {path}");
        }
        assert!(answer.body.contains("script&#62;"), "nothing hostile on {path}");
    }
}

/// R41: hashes of passwords and sessions never leave the database.
#[tokio::test]
async fn no_screen_shows_a_hash() {
    let mut scene = hostile().await;
    sqlx::query("update users set password_hash = 'canary-of-passwords'")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    sqlx::query(
        "insert into second_factors (user_id, secret, confirmed_at) values (1, 'canary-of-secrets', now())",
    )
    .execute(&scene.world.db.pool)
    .await
    .unwrap();
    let session = scene.value("select encode(token_hash, 'hex') from sessions").await;
    for path in SCREENS.into_iter().chain(["/desk", "/desk/jobs"]) {
        let page = scene.browser.get(path).await.body;
        assert!(!page.contains("canary-of") && !page.contains(&session), "{path}");
    }
}

#[tokio::test]
async fn the_audit_is_filtered_by_noun_and_links_to_the_thing() {
    let mut scene = Scene::with(Role::Admin).await;
    let tag = scene.tag("Drought").await;
    scene.browser.post(&format!("/desk/tags/{tag}"), &[("name", "Water")]).await;
    scene.browser.post("/desk/sections", &[("name", "Paper")]).await;
    let all = scene.browser.get("/desk/audit").await.body;
    assert!(
        all.contains(&format!("rename <a href=\"/desk/tags/{tag}\">"))
            && all.contains("name: <bdi>Paper</bdi>")
    );
    let tags = scene.browser.get("/desk/audit?noun=tag").await.body;
    assert!(tags.contains("was: <bdi>Drought</bdi>") && !tags.contains("<bdi>Paper</bdi>"), "{tags}");
}

/// An act and its row come together: when the row cannot be written, nothing has happened.
#[tokio::test]
async fn an_act_that_cannot_be_recorded_does_not_happen() {
    let mut scene = Scene::with(Role::Admin).await;
    let tag = scene.tag("Drought").await;
    sqlx::query("alter table audit add constraint nothing check (false) not valid")
        .execute(&scene.world.db.pool)
        .await
        .unwrap();
    let renamed = scene.browser.post(&format!("/desk/tags/{tag}"), &[("name", "Water")]).await;
    let created = scene.browser.post("/desk/sections", &[("name", "Paper")]).await;
    sqlx::query("alter table audit drop constraint nothing").execute(&scene.world.db.pool).await.unwrap();
    assert_eq!((renamed.status.as_u16(), created.status.as_u16()), (500, 500));
    assert_eq!(scene.values("select name from tags").await, ["Drought"]);
    assert_eq!(scene.values("select name from sections").await, ["News"]);
}
