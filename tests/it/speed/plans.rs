//! What lists ask at many articles, as Postgres would do it: along an index, never through the whole archive.
//!
//! At 30,000 articles; `BROADSHEET_TEST_ARTICLES=1000000` looks at as many, which takes a quarter of an hour. The planner
//! decides by its statistics, which say the same of 30,000 rows as of a million where it matters: both are far more than
//! a page. A plan is good if it sorts no more than a page needs and reads no large table from end to end.

use broadsheet::cli::demo;
use broadsheet::db;
use broadsheet::paths;
use broadsheet::text::Cursor;
use serde_json::Value;

use crate::browser::World;
use crate::listening;
use crate::support;

const ARTICLES: u64 = 30_000;
/// More rows than any list needs to sort or to read for one page.
const FEW: f64 = 6_000.0;
/// Tables that grow with the archive.
const LARGE: [&str; 4] = ["articles", "article_tags", "article_authors", "article_search"];

/// A corpus on a server that tells how each statement was done.
async fn corpus() -> World {
    let mut db = support::database().await;
    let wanted = std::env::var("BROADSHEET_TEST_ARTICLES").ok().and_then(|count| count.parse().ok());
    demo::load_corpus(&db.pool, wanted.unwrap_or(ARTICLES)).await.unwrap();
    sqlx::raw_sql("vacuum analyze").execute(&db.pool).await.unwrap();
    let telling = [
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_level", "notice"),
        ("auto_explain.log_format", "json"),
        ("auto_explain.log_analyze", "on"),
    ];
    let options = db::with_limits(db.options.clone()).options(telling);
    db.pool = db::pool_options().connect_lazy_with(options);
    World::over(db, |config| config.page_cache = 0).await
}

/// What is wrong with a plan, node by node.
fn faults(node: &Value, faults: &mut Vec<String>) {
    let text = |name: &str| node[name].as_str().unwrap_or_default();
    let number = |name: &str| node[name].as_f64().unwrap_or_default();
    let loops = number("Actual Loops").max(1.0);
    let read = (number("Actual Rows") + number("Rows Removed by Filter")) * loops;
    let is_large = LARGE.contains(&text("Relation Name"));
    if is_large && text("Node Type") == "Seq Scan" && number("Actual Loops") > 0.0 {
        faults.push(format!("Seq Scan on {}", text("Relation Name")));
    }
    if (is_large || text("Node Type").ends_with("Sort")) && read > FEW {
        faults.push(format!("{} {} reads {read}", text("Node Type"), text("Relation Name")));
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        self::faults(below, faults);
    }
}

#[tokio::test]
async fn no_list_reads_or_sorts_more_than_it_shows() {
    let world = corpus().await;
    let newest: (chrono::DateTime<chrono::Utc>, i64) = sqlx::query_as(
        "select publish_at, id from articles order by publish_at desc, id desc offset 9000 limit 1",
    )
    .fetch_one(&world.db.pool)
    .await
    .unwrap();
    let deep = Cursor { at: newest.0, id: newest.1 };
    let article: i64 =
        sqlx::query_scalar("select min(id) from articles").fetch_one(&world.db.pool).await.unwrap();
    let slug: String = sqlx::query_scalar("select slug from articles where id = $1")
        .bind(article)
        .fetch_one(&world.db.pool)
        .await
        .unwrap();
    let lists = ["/section/news", "/tag/northern-budget", "/author/ada-garrow", "/archive/2026/08", "/map"];
    let mut pages: Vec<String> =
        ["/", "/archive", "/most-viewed/week", "/feed.xml", "/sitemap.xml", "/sitemap-news.xml"]
            .into_iter()
            .chain([
                "/sitemap/2026-08.xml",
                "/search?q=harbour",
                "/search?q=28001",
                "/search?q=harbour+ministry",
            ])
            .chain([
                "/search?q=ferry&section=news",
                "/search?q=ferry&tag=northern-budget",
                "/search?q=harbuor",
            ])
            .map(str::to_owned)
            .collect();
    pages.push(format!("/article/{article}/{slug}"));
    for list in lists {
        pages.push(list.to_owned());
        pages.push(paths::before(list, &deep));
    }
    let mut wrong = Vec::new();
    for path in pages {
        listening::start();
        let answer = world.browser().get_at_once(&path).await;
        assert!(answer.status == 200 || path.contains("before"), "{path}: {}", answer.status);
        let told = listening::told(listening::NOTICE);
        assert!(told.iter().any(|text| text.contains("plan:")), "nothing is told of {path}");
        for text in told {
            let Some((_, plan)) = text.split_once("plan:") else { continue };
            let plan: Value = serde_json::from_str(plan).unwrap();
            let mut found = Vec::new();
            faults(&plan["Plan"], &mut found);
            if !found.is_empty() {
                let statement = plan["Query Text"].as_str().unwrap_or_default();
                let start: String = statement.split_whitespace().collect::<Vec<_>>().join(" ");
                wrong.push(format!(
                    "{path}: {}\n    {}",
                    found.join(", "),
                    start.chars().take(300).collect::<String>()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
