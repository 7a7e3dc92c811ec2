//! How often a page asks the database. It is drawn anew each time here; what every page shows (menu, banner) is known
//! already, as it is a moment after a site has started.

use std::cell::RefCell;

use broadsheet::cli::demo;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

use crate::browser::World;
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

thread_local! {
    /// The statements of this thread's test, once it listens.
    static ASKED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// What sqlx says of each statement when it is done.
struct Statements;

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        ASKED.with_borrow_mut(|asked| {
            if let Some(asked) = asked {
                let mut text = Text(String::new());
                event.record(&mut text);
                asked.push(text.0);
            }
        });
    }
}

struct Text(String);

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "db.statement" {
            value.clone_into(&mut self.0);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "db.statement" {
            self.0 = format!("{value:?}");
        }
    }
}

/// The statements of a page, when it has been asked for before.
async fn statements(world: &World, path: &str) -> Vec<String> {
    let mut browser = world.browser();
    for _ in 0..2 {
        let answer = browser.get_at_once(path).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    ASKED.set(Some(Vec::new()));
    browser.get_at_once(path).await;
    let asked = ASKED.take().unwrap_or_default();
    // What an instance says to itself to know that it hears.
    let asked = asked.into_iter().filter(|text| !text.to_lowercase().contains("notify"));
    asked.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

async fn address(world: &World, sql: &str) -> String {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("{sql} limit 1"))).fetch_one(&world.db.pool).await.unwrap()
}

#[tokio::test]
async fn no_page_asks_the_database_more_often_than_it_may() {
    let _listening = tracing::subscriber::set_default(Registry::default().with(Statements));
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
