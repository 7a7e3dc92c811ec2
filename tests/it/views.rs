//! Reads: which requests are one, and how they come into the lists of "most viewed".

use axum::body::Body;
use axum::http::{Method, Request};
use broadsheet::accounts::Role;
use broadsheet::jobs;
use broadsheet::news::article::ArticleId;
use broadsheet::news::views::{self, Span};
use broadsheet::text::Slug;
use chrono::{TimeDelta, Utc};

use crate::browser::{Browser, World};
use crate::newsroom::Story;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";

async fn read_by(browser: &mut Browser, id: ArticleId, agent: &str) {
    ask(browser, Method::GET, id, &[("user-agent", agent)]).await;
}

async fn ask(browser: &mut Browser, method: Method, id: ArticleId, headers: &[(&str, &str)]) {
    let mut request = Request::builder().method(method).uri(format!("/article/{id}/tides"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    assert_eq!(browser.send(request.body(Body::empty()).unwrap()).await.status, 200);
}

/// What the hours hold, after everything counted so far was flushed.
async fn counted(world: &World, id: ArticleId) -> i64 {
    jobs::finish(&world.app).await;
    let sum = "select coalesce(sum(views), 0)::bigint from view_hours where article_id = $1";
    sqlx::query_scalar(sum).bind(id.0).fetch_one(&world.db.pool).await.unwrap()
}

async fn rank(world: &World) {
    let mut db = world.db.pool.acquire().await.unwrap();
    views::roll_up(&mut db).await.unwrap();
    for span in Span::ALL {
        views::rank(&mut db, span).await.unwrap();
    }
}

async fn listed(world: &World, span: Span) -> Vec<String> {
    world.browser().read(&format!("/most-viewed/{}", span.as_str())).await.texts("main .headline")
}

#[tokio::test]
async fn one_read_of_an_article_is_one_view_of_this_hour() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    read_by(&mut world.browser(), id, FIREFOX).await;
    assert_eq!(counted(&world, id).await, 1);
    let hours: i64 = sqlx::query_scalar(
        "select count(*) from view_hours where hour = date_trunc('hour', hour) and hour > now() - interval '2 hours'",
    )
    .fetch_one(&world.db.pool)
    .await
    .unwrap();
    assert_eq!(hours, 1);
}

#[tokio::test]
async fn a_repeat_within_half_an_hour_is_the_same_read_and_another_browser_is_not() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    for agent in [FIREFOX, FIREFOX, SAFARI, FIREFOX] {
        read_by(&mut world.browser(), id, agent).await;
    }
    assert_eq!(counted(&world, id).await, 2);
}

#[tokio::test]
async fn a_repeat_after_a_flush_is_still_a_repeat() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    read_by(&mut world.browser(), id, FIREFOX).await;
    assert_eq!(counted(&world, id).await, 1);
    read_by(&mut world.browser(), id, FIREFOX).await;
    assert_eq!(counted(&world, id).await, 1);
}

#[tokio::test]
async fn a_look_at_the_head_alone_is_no_read() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    ask(&mut world.browser(), Method::HEAD, id, &[("user-agent", FIREFOX)]).await;
    assert_eq!(counted(&world, id).await, 0);
}

#[tokio::test]
async fn a_page_fetched_ahead_is_no_read() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    for (name, value) in
        [("sec-purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch")]
    {
        ask(&mut world.browser(), Method::GET, id, &[("user-agent", FIREFOX), (name, value)]).await;
    }
    assert_eq!(counted(&world, id).await, 0);
}

#[tokio::test]
async fn robots_feed_readers_and_the_nameless_are_no_readers() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    for agent in ["Mozilla/5.0 (compatible; bingbot/2.0)", "curl/8.5.0", "SomeFeedReader/3.1", ""] {
        read_by(&mut world.browser(), id, agent).await;
    }
    ask(&mut world.browser(), Method::GET, id, &[]).await;
    assert_eq!(counted(&world, id).await, 0);
}

#[tokio::test]
async fn those_who_work_here_are_no_readers() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    for role in [Role::Author, Role::Editor, Role::Admin] {
        read_by(&mut world.logged_in(role).await, id, FIREFOX).await;
    }
    assert_eq!(counted(&world, id).await, 0);
}

#[tokio::test]
async fn a_page_that_the_browser_still_had_is_read_all_the_same() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    let page = format!("/article/{id}/tides");
    let etag = world.browser().get(&page).await.header("etag").to_owned();
    let again = [("user-agent", FIREFOX), ("if-none-match", etag.as_str())];
    assert_eq!(world.browser().get_with(&page, &again).await.status, 304);
    assert_eq!(counted(&world, id).await, 1);
}

#[tokio::test]
async fn only_the_article_itself_counts_and_not_its_wrong_address_or_a_withdrawn_one() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    let gone = Story::new("Gone").withdrawn(&world).await;
    let agent = [("user-agent", FIREFOX)];
    assert_eq!(world.browser().get_with(&format!("/article/{id}/other"), &agent).await.status, 301);
    assert_eq!(world.browser().get_with(&format!("/article/{gone}/gone"), &agent).await.status, 410);
    assert_eq!((counted(&world, id).await, counted(&world, gone).await), (0, 0));
}

#[tokio::test]
async fn reads_without_a_cookie_and_without_a_stored_address() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    let agent = [("user-agent", FIREFOX)];
    let answer = world.browser().get_with(&format!("/article/{id}/tides"), &agent).await;
    assert_eq!(answer.header("set-cookie"), "");
    let columns: Vec<String> = sqlx::query_scalar(
        "select column_name::text from information_schema.columns
         where table_name in ('view_hours', 'view_days', 'most_viewed') order by 1",
    )
    .fetch_all(&world.db.pool)
    .await
    .unwrap();
    let mut columns = columns;
    columns.dedup();
    assert_eq!(columns, ["article_id", "day", "hour", "rank", "span", "views"]);
}

#[tokio::test]
async fn the_most_read_stands_first_and_each_span_rolls_by_itself() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for headline in ["Today", "This week", "This month", "Long ago"] {
        ids.push(Story::new(headline).publish(&world).await);
    }
    let mut db = world.db.pool.acquire().await.unwrap();
    for (id, reads, days) in [(ids[0], 3, 0), (ids[1], 20, 4), (ids[2], 300, 20), (ids[3], 4000, 45)] {
        let reads = [(id, reads)].into_iter().collect();
        let at = Utc::now() - TimeDelta::days(days);
        if days == 0 {
            views::flush(&mut *db, &reads, at).await.unwrap();
        } else {
            views::book(&mut db, &reads, at.date_naive()).await.unwrap();
        }
    }
    drop(db);
    rank(&world).await;
    assert_eq!(listed(&world, Span::Day).await, ["Today"]);
    assert_eq!(listed(&world, Span::Week).await, ["This week", "Today"]);
    assert_eq!(listed(&world, Span::Month).await, ["This month", "This week", "Today"]);
}

#[tokio::test]
async fn a_withdrawn_article_leaves_the_most_viewed_at_once() {
    let world = World::new().await;
    let named = |headline| Story::new(headline).with(|it| it.slug = Slug::of_or("tides", "x"));
    let (stays, goes) = (named("Stays").publish(&world).await, named("Goes").publish(&world).await);
    for id in [stays, goes] {
        read_by(&mut world.browser(), id, FIREFOX).await;
    }
    counted(&world, stays).await;
    rank(&world).await;
    sqlx::query("update articles set state = 'withdrawn' where id = $1")
        .bind(goes.0)
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(listed(&world, Span::Day).await, ["Stays"]);
}

#[tokio::test]
async fn ranking_twice_and_rolling_up_twice_changes_nothing() {
    let world = World::new().await;
    let id = Story::new("Tides").publish(&world).await;
    read_by(&mut world.browser(), id, FIREFOX).await;
    counted(&world, id).await;
    rank(&world).await;
    rank(&world).await;
    let all: Vec<(String, i64)> = sqlx::query_as("select span, views from most_viewed order by span")
        .fetch_all(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(all, [("day".to_owned(), 1), ("month".to_owned(), 1), ("week".to_owned(), 1)]);
}
