//! Who may have the file of a picture or a film: everybody while readers see what it hangs in, else the desk alone.

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::news::media::{self, MediaId};
use chrono::{TimeDelta, Utc};
use sqlx::{AssertSqlSafe, PgPool};

use crate::browser::{Browser, World};
use crate::desk::png;
use crate::newsroom::Story;

/// What a caching proxy is told: to keep it, or to forget it.
const KEEP: &str = "public, max-age=31536000, immutable";
const FORGET: &str = "private, no-store";

struct Wire {
    world: World,
    stranger: Browser,
    desk: Browser,
    picture: MediaId,
    address: String,
}

impl Wire {
    /// A picture that hangs nowhere.
    async fn new() -> Self {
        let world = World::new().await;
        let mut desk = world.logged_in(Role::Author).await;
        desk.upload("/desk/media", &[], &[("file", "canary.png", &png(77))]).await;
        let picture = sqlx::query_scalar("select id from media").fetch_one(&world.db.pool).await.unwrap();
        let picture = MediaId(picture);
        let medium = media::by_id(&world.db.pool, picture).await.unwrap().unwrap();
        let address = medium.picture().unwrap().src();
        Self { stranger: world.browser(), world, desk, picture, address }
    }

    fn pool(&self) -> &PgPool {
        &self.world.db.pool
    }

    async fn does(&self, change: &str) {
        sqlx::query(AssertSqlSafe(change)).execute(self.pool()).await.unwrap();
    }

    async fn stranger_gets(&mut self) -> (u16, String) {
        let answer = self.stranger.get(&self.address).await;
        (answer.status.as_u16(), answer.header("cache-control").to_owned())
    }

    async fn is_hidden(&mut self) -> bool {
        let shown = self.desk.get(&self.address).await;
        assert_eq!((shown.status, shown.header("cache-control")), (StatusCode::OK, FORGET));
        match self.stranger_gets().await {
            (404, policy) => {
                assert_eq!(policy, FORGET);
                true
            }
            (200, policy) => {
                assert_eq!(policy, KEEP);
                false
            }
            (other, _) => panic!("{other}"),
        }
    }

    async fn is_public(&mut self) -> bool {
        self.stranger_gets().await == (200, KEEP.to_owned())
    }
}

#[tokio::test]
async fn a_picture_that_hangs_nowhere_is_the_desks_alone() {
    let mut wire = Wire::new().await;
    assert!(wire.is_hidden().await);
}

#[tokio::test]
async fn a_lead_picture_comes_out_with_its_article_and_goes_with_it() {
    let mut wire = Wire::new().await;
    let picture = wire.picture;
    let story = Story::new("The canary").with(|fields| fields.picture_id = Some(picture));
    let id = story.draft(&wire.world).await;
    assert!(wire.is_hidden().await, "of a draft");
    wire.does("update articles set state = 'published', publish_at = now() + interval '1 hour'").await;
    assert!(wire.is_hidden().await, "of an embargo");
    wire.does("update articles set publish_at = now() - interval '1 hour'").await;
    assert!(wire.is_public().await, "article {id}");
    wire.does("update articles set expire_at = now() - interval '1 minute'").await;
    assert!(wire.stranger_gets().await.0 == 404, "of an article that ended");
    wire.does("update articles set expire_at = null, state = 'withdrawn'").await;
    assert!(wire.stranger_gets().await.0 == 404, "of an article that was withdrawn");
}

#[tokio::test]
async fn a_picture_in_a_text_comes_out_with_its_article() {
    let mut wire = Wire::new().await;
    let figure = format!("<figure><img src=\"{}\" alt=\"A canary\"></figure>", wire.address);
    let draft = Story::new("The canary").body(&figure).draft(&wire.world).await;
    assert!(wire.is_hidden().await);
    Story::new("The canary").body(&figure).at(Utc::now() + TimeDelta::hours(1)).publish(&wire.world).await;
    assert!(wire.is_hidden().await);
    wire.does("update articles set publish_at = now() where publish_at is not null").await;
    assert!(wire.is_public().await);
    wire.does("update articles set body_html = '<p>Cut.</p>' where publish_at is not null").await;
    assert!(wire.is_hidden().await, "draft {draft} alone has it now");
}

#[tokio::test]
async fn a_topic_an_album_and_a_poster_show_their_pictures_too() {
    let mut wire = Wire::new().await;
    let id = wire.picture;
    wire.does(&format!("insert into topics (slug, title, picture_id) values ('birds', 'Birds', {id})")).await;
    assert!(wire.is_public().await);
    wire.does("delete from topics").await;
    for insert in [
        "insert into galleries (kind, slug, title) values ('photo', 'a', 'A');
         insert into gallery_pictures (gallery_id, media_id) select id, {id} from galleries",
        "insert into galleries (kind, slug, title, poster_id) values ('film', 'a', 'A', {id})",
        "insert into galleries (kind, slug, title, film_id) values ('film', 'a', 'A', {id})",
    ] {
        for statement in insert.replace("{id}", &id.to_string()).split(';') {
            wire.does(statement).await;
        }
        assert!(wire.is_hidden().await, "{insert}");
        wire.does("update galleries set publish_at = now()").await;
        assert!(wire.is_public().await, "{insert}");
        wire.does("delete from galleries").await;
    }
}

/// R22: whoever still has to set up a second factor has nothing open to them.
#[tokio::test]
async fn half_a_session_is_a_stranger() {
    let mut wire = Wire::new().await;
    wire.does("insert into role_rules (role, second_factor) values ('author', true)").await;
    let address = wire.address.clone();
    assert_eq!(wire.desk.get(&address).await.status, 404);
}

#[tokio::test]
async fn a_part_and_a_check_are_refused_like_the_whole() {
    let mut wire = Wire::new().await;
    for header in [("range", "bytes=0-3"), ("if-none-match", "*")] {
        let address = wire.address.clone();
        assert_eq!(wire.stranger.get_with(&address, &[header]).await.status, 404, "{header:?}");
    }
    let address = wire.address.clone();
    let part = wire.desk.get_with(&address, &[("range", "bytes=0-3")]).await;
    assert_eq!((part.status, part.body.len() < 16), (StatusCode::PARTIAL_CONTENT, true));
}

#[tokio::test]
async fn a_picture_whose_licence_is_over_is_gone_for_readers() {
    let mut wire = Wire::new().await;
    let picture = wire.picture;
    Story::new("The canary").with(|fields| fields.picture_id = Some(picture)).publish(&wire.world).await;
    wire.does("update media set licence_ends_at = now() + interval '2 hours'").await;
    let (status, policy) = wire.stranger_gets().await;
    let seconds: u32 = policy.strip_prefix("public, max-age=").unwrap().parse().unwrap();
    assert!(status == 200 && (7000..=7200).contains(&seconds), "{policy}");
    wire.does("update media set licence_ends_at = now()").await;
    assert_eq!(wire.stranger_gets().await, (410, FORGET.to_owned()));
    assert_eq!(wire.desk.get(&wire.address).await.status, 200);
}
