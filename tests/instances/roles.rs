//! What an instance does by its role.

use std::time::Instant;

use broadsheet::db::migrations::migrate;
use broadsheet::queue::{self, Payload};
use sqlx::PgPool;

use super::program::{Instance, PATIENCE, Plan};
use super::support::{scratch, until_waiting};

#[tokio::test]
async fn a_worker_answers_health_checks_and_nothing_else() {
    let db = scratch::database().await;
    let worker = Instance::start(&db, "worker");
    assert_eq!((worker.status("/livez").await, worker.status("/readyz").await), (200, 200));
    for path in ["/", "/desk", "/feed.xml"] {
        assert_eq!(worker.status(path).await, 404, "{path}");
    }
}

#[tokio::test]
async fn what_one_instance_leaves_in_the_queue_a_worker_does() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    let mut connection = db.pool.acquire().await.unwrap();
    // A picture that is not there any more: done as soon as anybody looks at it.
    queue::enqueue(&mut connection, &Payload::MakeRenditions { media_id: 1 }).await.unwrap();
    drop(connection);

    let mut web = Instance::start(&db, "web");
    assert_eq!(web.status("/").await, 200);
    assert!(web.stop().success());
    assert_eq!(untouched(&db.pool).await, 1, "an instance for the web takes no job");

    let _worker = Instance::start(&db, "worker");
    let began = Instant::now();
    while untouched(&db.pool).await > 0 {
        assert!(began.elapsed() < PATIENCE, "a worker takes the job");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

async fn untouched(db: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from jobs where attempts = 0").fetch_one(db).await.unwrap()
}

#[tokio::test]
async fn what_was_read_on_an_instance_for_the_web_is_counted() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    sqlx::raw_sql(
        "insert into sections (id, slug, name) overriding system value values (1, 'news', 'News');
         insert into articles (id, slug, section_id, headline, byline, state, publish_at)
         overriding system value values (1, 'rain', 1, 'Rain', 'A. Writer', 'published', now() - interval '1 hour')",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let mut web = Instance::start(&db, "web");
    assert_eq!(web.status("/article/1/rain").await, 200);
    assert!(web.stop().success());
    let reads: i64 = sqlx::query_scalar("select coalesce(sum(views), 0)::bigint from view_hours")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(reads, 1);
}

#[tokio::test]
async fn who_finds_another_furnishing_an_empty_database_waits_and_adds_nothing() {
    let db = scratch::database().await;
    migrate(&db.pool).await.unwrap();
    let alone = broadsheet::db::alone(&db.pool, "furnish").await.unwrap();
    let plan = Plan::new(&db, "all", "");
    let started = tokio::task::spawn_blocking(move || plan.start());
    until_waiting(&db.pool, &started).await;
    sqlx::raw_sql("insert into sections (slug, name) values ('own', 'Own')").execute(&db.pool).await.unwrap();
    drop(alone);

    let _instance = started.await.unwrap();
    let sections: Vec<String> =
        sqlx::query_scalar("select slug from sections").fetch_all(&db.pool).await.unwrap();
    assert_eq!(sections, ["own"]);
}
