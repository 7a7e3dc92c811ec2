//! The sample news and the large corpus: complete, and safe to load twice.

use broadsheet::cli::demo;
use sqlx::PgPool;

use crate::browser::World;
use crate::support;

/// Rows of everything that the words of the sample news make.
const TABLES: [&str; 14] = [
    "articles",
    "article_tags",
    "article_authors",
    "authors",
    "comments",
    "boards",
    "places",
    "article_related",
    "sections",
    "tags",
    "topics",
    "revisions",
    "scheduled_edits",
    "corrections",
];

async fn count(pool: &PgPool, from: &str) -> i64 {
    let question = sqlx::AssertSqlSafe(format!("select count(*) from {from}"));
    sqlx::query_scalar(question).fetch_one(pool).await.unwrap()
}

async fn counts(pool: &PgPool) -> Vec<(&'static str, i64)> {
    let mut counts = Vec::new();
    for table in TABLES {
        counts.push((table, count(pool, table).await));
    }
    counts
}

#[tokio::test]
async fn the_sample_news_loads_twice_and_nothing_is_doubled() {
    let db = support::database().await;
    let added = demo::load_words(&db.pool).await.unwrap();
    let once = counts(&db.pool).await;
    let reads = "view_hours where views > 0";
    let read_once = count(&db.pool, reads).await;
    assert!(added > 0 && once.iter().all(|(_, rows)| *rows > 0), "{once:?}");
    assert_eq!(demo::load_words(&db.pool).await.unwrap(), 0);
    assert_eq!(counts(&db.pool).await, once);
    assert_eq!(count(&db.pool, reads).await, read_once);
}

#[tokio::test]
async fn the_sample_news_is_a_whole_small_paper() {
    let db = support::database().await;
    demo::load_words(&db.pool).await.unwrap();
    for (from, least) in [
        ("articles where state = 'published' and publish_at <= now()", 40),
        ("sections", 8),
        ("topics where description <> ''", 12),
        ("tags", 30),
        ("article_related", 20),
        ("comments where state = 'approved'", 3),
        ("comments where state = 'pending'", 1),
        ("articles where place_id is not null", 5),
        ("places where latitude is not null", 5),
        ("articles where state = 'review'", 1),
        ("articles where state = 'withdrawn' and withdrawn_note <> ''", 1),
        ("articles where state = 'published' and publish_at > now()", 1),
        ("scheduled_edits where not held", 1),
        ("corrections", 1),
        ("(select 1 from articles group by section_id having count(*) >= 4) as filled", 8),
        ("(select distinct span from most_viewed) as spans", 3),
    ] {
        let there = count(&db.pool, from).await;
        assert!(there >= least, "{there} {from}, and not {least}");
    }
}

#[tokio::test]
async fn the_front_page_of_the_sample_news_has_every_block_of_words() {
    let world = World::new().await;
    demo::load_words(&world.db.pool).await.unwrap();
    let page = world.browser().read("/").await;
    for block in [
        ".editors-choice-block",
        ".news",
        ".most-viewed-block",
        ".in-focus-block",
        ".map-block",
        ".departments",
    ] {
        assert!(page.has(&format!("{block} :is(.headline, h3)")), "{block}");
    }
    assert_eq!(page.texts(".department h2").len(), 8);
}

#[tokio::test]
async fn the_front_page_of_the_sample_news_shows_no_story_twice_but_in_the_ranking() {
    let world = World::new().await;
    demo::load_words(&world.db.pool).await.unwrap();
    let page = world.browser().read("/").await;
    let blocks = ":is(.news, .editors-choice-block, .map-block, .departments, .stories-block) .headline";
    let stories = page.texts(blocks);
    let once: std::collections::HashSet<_> = stories.iter().collect();
    assert!(stories.len() > 20, "{stories:?}");
    assert_eq!(once.len(), stories.len(), "{stories:?}");
}

#[tokio::test]
async fn the_corpus_grows_to_its_size_and_no_further() {
    let db = support::database().await;
    assert_eq!(demo::load_corpus(&db.pool, 2_000).await.unwrap(), 2_000);
    assert_eq!(demo::load_corpus(&db.pool, 2_000).await.unwrap(), 0);
    assert_eq!(count(&db.pool, "articles").await, 2_000);
    assert_eq!(demo::load_corpus(&db.pool, 2_100).await.unwrap(), 100);
}

#[tokio::test]
async fn the_corpus_is_the_same_everywhere() {
    let (one, other) = (support::database().await, support::database().await);
    let mut papers = Vec::new();
    for pool in [&one.pool, &other.pool] {
        demo::load_corpus(pool, 300).await.unwrap();
        let rows: Vec<(String, String)> =
            sqlx::query_as("select headline, body_html from articles order by publish_at")
                .fetch_all(pool)
                .await
                .unwrap();
        papers.push(rows);
    }
    assert_eq!(papers[0].len(), 300);
    assert_eq!(papers[0], papers[1]);
}

#[tokio::test]
async fn a_later_start_knows_whether_the_sample_news_was_loaded() {
    let db = support::database().await;
    assert!(!demo::is_loaded(&db.pool).await.unwrap());
    demo::load_words(&db.pool).await.unwrap();
    assert!(demo::is_loaded(&db.pool).await.unwrap());
}
