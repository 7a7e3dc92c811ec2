//! `/metrics` tells whoever runs the site, and nobody else.

use broadsheet::server;

use crate::browser::{Browser, World};
use crate::newsroom::Story;

async fn figure(world: &World, name: &str) -> f64 {
    let answer = Browser::on(server::metrics(world.app.clone())).get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/plain; version=0.0.4"));
    let line = answer.body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} is not told: {}", answer.body)).parse().unwrap()
}

#[tokio::test]
async fn readers_are_told_nothing() {
    let world = World::new().await;
    assert_eq!(world.browser().get("/metrics").await.status, 404);
}

#[tokio::test]
async fn what_readers_ask_for_is_counted_by_where_it_came_from() {
    let world = World::new().await;
    Story::new("One").publish(&world).await;
    for _ in 0..3 {
        world.browser().read("/section/news").await;
    }
    world.browser().get("/nowhere/at/all").await;
    assert!(figure(&world, "broadsheet_pages_total{from=\"drawn\"}").await >= 1.0);
    assert!(figure(&world, "broadsheet_pages_total{from=\"memory\"}").await >= 2.0);
    assert!(figure(&world, "broadsheet_requests_total{status=\"4xx\"}").await >= 1.0);
    assert!(figure(&world, "broadsheet_page_cache_bytes").await > 100.0);
    assert!(figure(&world, "broadsheet_page_cache_purges_total").await >= 1.0);
    assert!((figure(&world, "broadsheet_page_cache_listening").await - 1.0).abs() < 0.1);
    assert!(figure(&world, "broadsheet_database_connections_limit").await >= 1.0);
}

#[tokio::test]
async fn jobs_are_told_by_their_state() {
    let world = World::new().await;
    Story::new("One").publish(&world).await;
    let waiting = figure(&world, "broadsheet_jobs{state=\"waiting\"}").await;
    assert!(waiting >= 1.0, "the picture of an article without one waits to be drawn");
    sqlx::query("update jobs set dead_at = now()").execute(&world.db.pool).await.unwrap();
    assert!(figure(&world, "broadsheet_jobs{state=\"failed\"}").await >= waiting);
}

#[tokio::test]
async fn the_other_figures_are_told_while_the_database_is_away() {
    let world = World::new().await;
    world.db.pool.close().await;
    assert!(figure(&world, "broadsheet_database_up").await < 0.1);
}
