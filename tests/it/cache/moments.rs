//! What changes by itself: at the moment that was set, on every instance, with no job alive.

use std::time::{Duration, Instant};

use broadsheet::news::moment;
use broadsheet::server;
use chrono::{DateTime, TimeDelta, Utc};

use super::{run, source, warm};
use crate::browser::{Browser, World};
use crate::newsroom::Story;

/// What is written, so that the next moment is an hour ahead; and whether it is one that counts.
const AHEAD: [(&str, &str); 9] = [
    ("an article", "update articles set publish_at = now() + interval '1 hour'"),
    ("its end", "update articles set expire_at = now() + interval '1 hour'"),
    (
        "an edit with its own time",
        "insert into scheduled_edits (article_id, effective_at, based_on, content, kicker, headline, standfirst, body_html,
                                      words, byline, dateline, language, picture_alt, picture_caption, picture_credit,
                                      comments_open, author)
         select id, now() + interval '1 hour', 1, '{}', '', 'x', '', '', 0, '', '', 'en', '', '', '', false, 'x'
         from articles",
    ),
    (
        "a correction",
        "insert into corrections (article_id, number, note, at, from_version, to_version)
         select id, 1, 'x', now() + interval '1 hour', 1, 2 from articles",
    ),
    (
        "a banner",
        "insert into banners (text, starts_at, ends_at)
         values ('x', now() + interval '1 hour', now() + interval '2 hours')",
    ),
    (
        "its end",
        "insert into banners (text, starts_at, ends_at)
         values ('x', now() - interval '1 hour', now() + interval '1 hour')",
    ),
    (
        "a gallery",
        "insert into galleries (kind, slug, title, publish_at) values ('photo', 'x', 'x', now() + interval '1 hour')",
    ),
    (
        "a licence",
        "insert into media (kind, sha256, extension, name, width, height, bytes, licence_ends_at)
         values ('picture', sha256('x'), 'jpg', 'x', 1, 1, 1, now() + interval '1 hour')",
    ),
    (
        "a slot of the board",
        "insert into boards (content, published_by)
         select jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object(
                    'id', 1, 'kind', 'news', 'on', true, 'size', 7, 'rule', jsonb_build_object('by', 'latest'),
                    'placings', jsonb_build_array(jsonb_build_object(
                        'id', 1, 'article', id, 'starts_at', null,
                        'ends_at', to_char((now() + interval '1 hour') at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')))))),
                'x'
         from articles",
    ),
];

async fn next(world: &World) -> Option<DateTime<Utc>> {
    moment::next(&world.db.pool).await.unwrap().next
}

#[tokio::test]
async fn whatever_has_a_time_of_its_own_is_a_moment_ahead() {
    for (what, statement) in AHEAD {
        let world = World::new().await;
        Story::new("Tides").publish(&world).await;
        assert_eq!(next(&world).await, None);
        run(&world, statement).await;
        let ahead = next(&world).await.map(|next| next - Utc::now());
        let hour = TimeDelta::minutes(59)..TimeDelta::minutes(61);
        assert!(ahead.is_some_and(|ahead| hour.contains(&ahead)), "{what}: {ahead:?}");
    }
}

/// Asks again and again, as readers do. A page is kept for a minute, so what is seen within seconds was purged.
async fn seen(browser: &mut Browser, path: &str, what: &str, expected: bool) -> Duration {
    let begun = Instant::now();
    while browser.get_at_once(path).await.body.contains(what) != expected {
        assert!(begun.elapsed() < Duration::from_secs(20), "{path}: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    begun.elapsed()
}

#[tokio::test]
async fn an_article_comes_and_goes_at_its_time_on_every_instance() {
    let world = World::new().await;
    Story::new("Ebb").publish(&world).await;
    let (soon, later) = (Utc::now() + TimeDelta::seconds(2), Utc::now() + TimeDelta::seconds(4));
    let id = Story::new("Spring tide")
        .at(soon)
        .with(|fields| fields.expire_at = Some(later))
        .publish(&world)
        .await;
    let other = world.instance().await;
    let mut browsers = [world.browser(), Browser::on(server::router(other.clone())).of(&other)];
    for browser in &mut browsers {
        for path in ["/", "/section/news", "/feed.xml"] {
            warm(browser, path).await;
        }
    }
    for browser in &mut browsers {
        for path in ["/", "/section/news", "/feed.xml"] {
            seen(browser, path, "Spring tide", true).await;
        }
        assert!(Utc::now() >= soon);
        assert_eq!(browser.get_at_once(&format!("/article/{id}/spring-tide")).await.status, 200);
    }
    for browser in &mut browsers {
        for path in ["/", "/section/news"] {
            seen(browser, path, "Spring tide", false).await;
        }
        assert!(Utc::now() >= later);
        assert_eq!(browser.get_at_once(&format!("/article/{id}/spring-tide")).await.status, 404);
    }
}

#[tokio::test]
async fn a_page_is_not_fresh_for_longer_than_until_its_next_moment() {
    let world = World::new().await;
    Story::new("Ebb").publish(&world).await;
    let mut browser = world.browser();
    assert!(warm(&mut browser, "/").await.header("cache-status").ends_with("; ttl=59"));
    Story::new("Flood").at(Utc::now() + TimeDelta::seconds(30)).publish(&world).await;
    let ttl = warm(&mut browser, "/").await.header("cache-status").rsplit('=').next().unwrap().parse::<i64>();
    assert!(ttl.is_ok_and(|ttl| (20..=29).contains(&ttl)));
    world.app.pages.turn_clock(Duration::from_secs(30));
    assert_ne!(source(&browser.get("/").await), "hit");
}
