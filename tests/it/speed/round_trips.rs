//! How often a page asks the database. It is drawn anew each time here; what every page shows (menu, banner) is known
//! already, as it is a moment after a site has started.

use broadsheet::cli::demo;

use crate::browser::World;
use crate::listening;
use crate::newsroom::Story;

const ARTICLE: usize = 4;
const FRONT: usize = 6;
const LIST: usize = 2;
/// A block of the front page on a page of its own: the board, what comes into question, the cards.
const BLOCK: usize = 3;
/// A search asks for what is found, for the best of it, for the words around both, and for the cards.
const SEARCH: usize = 4;
/// A feed carries whole articles: it asks for the list, for what came out late, and for the texts.
const FEED: usize = 4;

/// The statements of a page, when it has been asked for before.
async fn statements(world: &World, path: &str) -> Vec<String> {
    let mut browser = world.browser();
    for _ in 0..2 {
        let answer = browser.get_at_once(path).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    listening::start();
    browser.get_at_once(path).await;
    let asked = listening::told(listening::STATEMENT);
    // What an instance says to itself to know that it hears.
    let asked = asked.into_iter().filter(|text| !text.to_lowercase().contains("notify"));
    asked.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

async fn address(world: &World, sql: &str) -> String {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("{sql} limit 1"))).fetch_one(&world.db.pool).await.unwrap()
}

#[tokio::test]
async fn no_page_asks_the_database_more_often_than_it_may() {
    let world = World::with(|config| config.page_cache = 0).await;
    demo::load_words(&world.db.pool).await.unwrap();
    let picture =
        format!("<p>Before.</p><figure><img src=\"/media/{}/a.jpg\" alt=\"A\"></figure>", "ab".repeat(32));
    let article = Story::new("With a picture").body(&picture).publish(&world).await;
    let article = format!("/article/{article}/with-a-picture");
    let section = address(&world, "select '/section/' || slug from sections order by id").await;
    let topic =
        address(&world, "select '/focus/' || slug from topics where description <> '' order by id").await;
    let of_visible = "where l.publish_at < now() order by l.publish_at desc";
    let tag =
        format!("select '/tag/' || slug from tags t join article_tags l on l.tag_id = t.id {of_visible}");
    let tag = address(&world, &tag).await;
    let author = "select '/author/' || slug from authors w join article_authors l on l.author_id = w.id";
    let author = address(&world, &format!("{author} {of_visible}")).await;
    let month = "select to_char(publish_at, '\"/archive/\"YYYY/MM') from articles where publish_at < now()";
    let month = address(&world, month).await;
    let pages = [
        (article.as_str(), ARTICLE),
        ("/", FRONT),
        (&section, LIST),
        (&tag, LIST),
        (&topic, LIST),
        (&author, LIST),
        (&month, LIST),
        ("/archive", LIST),
        ("/map", LIST),
        ("/focus", LIST),
        ("/gallery", LIST),
        ("/most-viewed/day", LIST),
        ("/editors-choice", BLOCK),
        ("/corrections", LIST),
        ("/feeds", LIST),
        ("/search?q=river", SEARCH),
        ("/feed.xml", FEED),
        ("/sitemap.xml", LIST),
    ];
    let mut excess = Vec::new();
    for (path, most) in pages {
        let asked = statements(&world, path).await;
        assert!(!asked.is_empty(), "{path} was not drawn");
        if asked.len() > most {
            excess.push(format!(
                "{path}: {} instead of {most}\n    {}",
                asked.len(),
                asked
                    .iter()
                    .map(|text| text.chars().take(90).collect::<String>())
                    .collect::<Vec<_>>()
                    .join("\n    ")
            ));
        }
    }
    assert!(excess.is_empty(), "{}", excess.join("\n"));
}
