//! When Postgres is away, or when it may have said something that was not heard.

use std::time::Duration;

use axum::http::StatusCode;
use broadsheet::accounts::Role;
use broadsheet::db::migrations::migrate;
use broadsheet::server;
use broadsheet::web::App;
use broadsheet::web::page_cache::{self, PageCache};
use broadsheet::web::rates::Quotas;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::{run, source, until, warm};
use crate::browser::{BASE, Browser, Folder, World, config};
use crate::newsroom::Story;
use crate::support::scratch::{self, Scratch};

/// A site over a database of its own, which can be taken away.
struct Site {
    app: App,
    db: Scratch,
    _folder: Folder,
}

impl Site {
    async fn new() -> Self {
        let (db, folder) = (scratch::database().await, Folder::new());
        migrate(&db.pool).await.unwrap();
        let app = App::assemble(config(&folder), BASE, db.pool.clone(), Quotas::open()).await.unwrap();
        tokio::spawn(page_cache::watch(app.clone()));
        sqlx::raw_sql(
            "insert into sections (slug, name) values ('news', 'News');
             insert into articles (section_id, state, headline, slug, publish_at)
             select id, 'published', 'Tides', 'tides', now() from sections;",
        )
        .execute(&db.pool)
        .await
        .unwrap();
        assert!(PageCache::settle(&app).await);
        Self { app, db, _folder: folder }
    }

    fn browser(&self) -> Browser {
        Browser::on(server::router(self.app.clone()))
    }

    async fn admin(&self, statement: &str) {
        let mut admin =
            PgConnection::connect_with(&self.db.options.clone().database("postgres")).await.unwrap();
        let name = self.db.options.get_database().unwrap();
        admin.execute(AssertSqlSafe(statement.replace("DB", name))).await.unwrap();
    }

    /// Nobody gets in any more, and everybody who was is thrown out.
    async fn take_away(&self) {
        self.admin("alter database DB allow_connections false").await;
        self.admin("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'DB'").await;
        until("the loss", || async { source(&self.browser().get("/").await) == "spare" }).await;
    }

    async fn give_back(&self) {
        self.admin("alter database DB allow_connections true").await;
        assert!(PageCache::settle(&self.app).await);
    }
}

#[tokio::test]
async fn what_is_kept_is_shown_while_the_database_is_away_for_a_day() {
    let site = Site::new().await;
    let mut browser = site.browser();
    let before = warm(&mut browser, "/").await;
    site.take_away().await;
    for hours in [1, 22] {
        site.app.pages.turn_clock(Duration::from_hours(hours));
        let answer = browser.get("/").await;
        assert_eq!((answer.status, source(&answer), &answer.body), (StatusCode::OK, "spare", &before.body));
        assert!(answer.header("cache-status").contains("; hit; ttl=-"), "{}", answer.header("cache-status"));
    }
    let cold = browser.get("/section/news").await;
    assert_eq!((cold.status, cold.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    site.app.pages.turn_clock(Duration::from_hours(2));
    assert_eq!(browser.get("/").await.status, StatusCode::SERVICE_UNAVAILABLE);
    site.give_back().await;
    let again = browser.get("/").await;
    assert_eq!((again.status, source(&again)), (StatusCode::OK, "stored"));
    assert_eq!(browser.get("/section/news").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_article_whose_end_has_come_is_not_shown_even_then() {
    let site = Site::new().await;
    let end = "update articles set expire_at = now() + interval '1 hour'";
    sqlx::raw_sql(end).execute(&site.db.pool).await.unwrap();
    assert!(PageCache::settle(&site.app).await);
    let mut browser = site.browser();
    let path = "/article/1/tides";
    warm(&mut browser, path).await;
    warm(&mut browser, "/").await;
    site.take_away().await;
    assert_eq!(source(&browser.get(path).await), "spare");
    site.app.pages.turn_clock(Duration::from_mins(61));
    assert_eq!(browser.get(path).await.status, StatusCode::SERVICE_UNAVAILABLE);
    site.give_back().await;
}

#[tokio::test]
async fn what_was_purged_is_not_shown_even_then() {
    let site = Site::new().await;
    let mut browser = site.browser();
    warm(&mut browser, "/article/1/tides").await;
    warm(&mut browser, "/").await;
    sqlx::raw_sql("update articles set state = 'withdrawn'").execute(&site.db.pool).await.unwrap();
    assert!(PageCache::settle(&site.app).await);
    warm(&mut browser, "/").await;
    site.take_away().await;
    assert_eq!(browser.get("/article/1/tides").await.status, StatusCode::SERVICE_UNAVAILABLE);
    site.give_back().await;
}

#[tokio::test]
async fn whoever_has_stopped_hearing_shows_nothing_that_may_be_wrong() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    warm(&mut browser, "/section/news").await;
    let losses = world.app.pages.figures.now().losses;
    sqlx::raw_sql(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query ilike 'listen%'",
    )
    .execute(&world.db.pool)
    .await
    .unwrap();
    until("the loss", || async { world.app.pages.figures.now().losses > losses }).await;
    let answer = browser.get_at_once("/section/news").await;
    assert_ne!(source(&answer), "hit", "a change may have been missed");
    assert!(PageCache::settle(&world.app).await, "it listens again");
    warm(&mut browser, "/section/news").await;
}

#[tokio::test]
async fn a_change_that_is_taken_back_purges_nothing() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let mut browser = world.browser();
    warm(&mut browser, "/").await;
    run(&world, "begin; update articles set headline = 'Ebb'; rollback;").await;
    assert_eq!(source(&browser.get("/").await), "hit");
    run(&world, "begin; update articles set headline = 'Ebb'; commit;").await;
    assert_eq!(source(&browser.get("/").await), "stored");
}

#[tokio::test]
async fn nobody_who_listens_means_that_nothing_is_kept() {
    let world = World::new().await;
    Story::new("Tides").publish(&world).await;
    let deaf =
        App::assemble(world.app.config.clone(), BASE, world.db.pool.clone(), Quotas::open()).await.unwrap();
    let mut browser = Browser::on(server::router(deaf.clone()));
    for _ in 0..2 {
        assert_eq!(source(&browser.get("/").await), "drawn");
    }
    assert_eq!(deaf.pages.size().0, 0);
    drop(world.logged_in(Role::Editor).await);
}
