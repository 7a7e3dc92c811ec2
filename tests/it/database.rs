//! What every connection can rely on, and every test.

use broadsheet::db;

use super::support;

#[tokio::test]
async fn the_server_keeps_the_limits_of_a_page_on_every_connection() {
    let db = support::database().await;
    for (setting, value) in [
        ("show statement_timeout", "10s"),
        ("show lock_timeout", "1s"),
        ("show idle_in_transaction_session_timeout", "10s"),
        ("show application_name", "broadsheet"),
    ] {
        let shown: String = sqlx::query_scalar(setting).fetch_one(&db.pool).await.unwrap();
        assert_eq!(shown, value, "{setting}");
    }
}

#[tokio::test]
async fn a_reader_does_not_wait_long_for_a_connection_that_is_not_there() {
    let db = support::database().await;
    let pool = db::pool_options().max_connections(1).connect_with(db.options.clone()).await.unwrap();
    let _taken = pool.acquire().await.unwrap();
    let began = std::time::Instant::now();
    assert!(matches!(pool.acquire().await, Err(sqlx::Error::PoolTimedOut)));
    assert!(began.elapsed().as_secs() < 5, "sqlx's own limit is 30 s");
}

#[tokio::test]
async fn each_test_has_an_empty_database_of_its_own() {
    let (first, second) = tokio::join!(support::database(), support::database());
    let insert = "insert into sections (slug, name) values ('news', 'News') returning id";
    for db in [&first, &second] {
        let id: i64 = sqlx::query_scalar(insert).fetch_one(&db.pool).await.unwrap();
        assert_eq!(id, 1);
    }
    drop(first);
    let third = support::database().await;
    let id: i64 = sqlx::query_scalar(insert).fetch_one(&third.pool).await.unwrap();
    assert_eq!(id, 1, "the database was taken over with its rows or its numbers");
}
