//! Many articles at once: found by readers at once, and the search is in order afterwards, whatever happened.

use broadsheet::cli::demo;
use broadsheet::news::article::bulk::{self, Bulk};
use sqlx::PgPool;

use crate::browser::World;

async fn is_in_order(pool: &PgPool) -> bool {
    sqlx::query_scalar(
        "select not 'fastupdate=on' = any(reloptions) from pg_class where oid = 'article_search_doc'::regclass",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_corpus_is_found_by_words_tags_authors_and_on_the_map() {
    let world = World::new().await;
    demo::load_corpus(&world.db.pool, 200).await.unwrap();
    assert!(is_in_order(&world.db.pool).await);
    for path in
        ["/search?q=harbour", "/tag/northern-budget", "/author/ada-garrow", "/map", "/archive/2026/11"]
    {
        let page = world.browser().read(path).await;
        assert!(page.has("main .headline"), "{path}");
    }
}

#[tokio::test]
async fn a_bulk_load_that_was_killed_is_put_in_order() {
    let world = World::new().await;
    let bulk = Bulk::begin(&world.db.pool).await.unwrap();
    assert!(!is_in_order(&world.db.pool).await);
    settle(&world.db.pool).await;
    assert!(!is_in_order(&world.db.pool).await, "it is still being loaded");
    drop(bulk);
    // The server notices the end of a connection when it comes to it.
    while !is_in_order(&world.db.pool).await {
        settle(&world.db.pool).await;
        tokio::task::yield_now().await;
    }
}

async fn settle(pool: &PgPool) {
    let mut db = pool.begin().await.unwrap();
    bulk::settle(&mut db).await.unwrap();
    db.commit().await.unwrap();
}
