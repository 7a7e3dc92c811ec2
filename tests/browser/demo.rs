//! The sample news in the middle of a busy day, drawn once for all tests and served by the program itself. Once it
//! stands, nobody writes into it.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use broadsheet::accounts::user::{self, NewUser};
use broadsheet::accounts::{Role, session};
use broadsheet::paths;
use sqlx::PgPool;
use tokio::runtime::Runtime;

use crate::busy;
use crate::keeper::{self, Keeper};
use crate::support::{self, TestDb};
use crate::window::Window;

pub struct Demo {
    pub base_url: String,
    /// The session of an administrator.
    pub token: String,
    /// Pages for readers, one of each kind.
    pub pages: Vec<String>,
    /// Every screen of the desk that has an address.
    pub screens: Vec<String>,
    /// An article in Persian.
    pub right_to_left: String,
    /// The page of a film that is stored here.
    pub film: String,
    _keeper: Keeper,
    _db: TestDb,
    /// Holds the lease of the database.
    _runtime: Runtime,
}

/// All the pictures, by a program that nobody has optimised.
const DRAWING: Duration = Duration::from_mins(15);

const RIGHT_TO_LEFT: &str =
    "select '/article/' || id || '/' || slug from articles where language = 'fa' order by id limit 1";
const FILM: &str =
    "select '/gallery/' || id || '/' || slug from galleries where film_id is not null order by id limit 1";

/// Started by whoever asks first; the others wait.
pub async fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    tokio::task::spawn_blocking(|| DEMO.get_or_init(start)).await.unwrap()
}

fn start() -> Demo {
    let runtime = Runtime::new().unwrap();
    let db = runtime.block_on(support::database());
    let folder = keeper::folder();
    let keeper = Keeper::start(folder.clone(), Path::new("sh"), |command| {
        // The flag is what the keeper knows the program by.
        command.args(["-c", r#""$0" demo --data "$1" && "$0" --data "$1""#]);
        command.arg(env!("CARGO_BIN_EXE_broadsheet")).arg(folder.join("data"));
        command.env("DATABASE_URL", db.url()).env("BROADSHEET_LISTEN", "127.0.0.1:0");
    });
    let port = keeper.port("listens on http://127.0.0.1:", DRAWING);
    let base_url = format!("http://localhost:{port}");
    let find = async |query| text(&db.pool, query).await;
    let (token, pages, screens, right_to_left, film) = runtime.block_on(async {
        let token = log_in(&db.pool).await;
        let window = Window::open_as(&base_url, &token).await;
        let preview = busy::fill(&window, &db.pool).await;
        window.close().await;
        let mut pages = pages(&db.pool).await;
        pages.push(preview);
        (token, pages, screens(&db.pool).await, find(RIGHT_TO_LEFT).await, find(FILM).await)
    });
    Demo { base_url, token, pages, screens, right_to_left, film, _keeper: keeper, _db: db, _runtime: runtime }
}

async fn log_in(db: &PgPool) -> String {
    let mut tx = db.begin().await.unwrap();
    let new =
        NewUser { email: "admin@example.org", name: "Mira Holt", role: Role::Admin, password_hash: "none" };
    let id = user::create(&mut tx, &new).await.unwrap();
    let token = session::create(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    token.as_str().to_owned()
}

async fn pages(db: &PgPool) -> Vec<String> {
    let fixed = [
        paths::HOME,
        paths::TOPICS,
        paths::GALLERY,
        "/gallery/photo",
        "/gallery/film",
        paths::MAP,
        paths::ARCHIVE,
        paths::EDITORS_CHOICE,
        paths::FEEDS,
        paths::api::DOCS,
        paths::SEARCH,
        "/search?q=library",
        "/most-viewed/day",
        "/most-viewed/week",
        "/most-viewed/month",
        "/no-such-page",
        "/search?q=no-such-word-anywhere",
        paths::workflow::CORRECTIONS,
        paths::LICENCES,
    ];
    let mut pages: Vec<String> = fixed.map(str::to_owned).to_vec();
    for one in [
        "select '/section/' || slug from sections order by position limit 1",
        "select '/tag/' || slug from tags join article_tags on tag_id = tags.id group by slug
          order by count(*) desc, slug limit 1",
        "select '/focus/' || slug from topics order by id limit 1",
        "select '/author/' || slug from authors order by id limit 1",
        "select '/article/' || id || '/' || slug from articles where language = 'en' and comments_open
            and picture_id is not null order by words desc limit 1",
        RIGHT_TO_LEFT,
        "select '/gallery/' || id || '/' || slug from galleries where kind = 'photo' order by id limit 1",
        "select '/gallery/' || id || '/' || slug from galleries where kind = 'film' order by id limit 1",
        "select '/article/' || article_id || '/corrections/' || number from corrections order by id limit 1",
        "select '/article/' || c.article_id || '/' || slug || '?reply=' || c.id from comments c join articles a on a.id = article_id
          where c.state = 'approved' and c.depth = 0 and comments_open order by c.id limit 1",
        "select '/article/' || id || '/' || slug from articles where state = 'withdrawn' limit 1",
        "select to_char(publish_at, '\"/archive/\"YYYY/MM') from articles where state = 'published' and publish_at < now() limit 1",
        "select to_char(publish_at, '\"/archive/\"YYYY/MM/DD') from articles where state = 'published' and publish_at < now() limit 1",
    ] {
        pages.push(text(db, one).await);
    }
    pages
}

async fn screens(db: &PgPool) -> Vec<String> {
    use paths::desk;
    let fixed = [
        desk::ARTICLES,
        desk::ARTICLE_NEW,
        desk::HOME,
        paths::documents::DOCUMENT,
        paths::people::PROFILE,
        paths::people::PROFILE_PASSWORD,
        paths::people::SECOND_FACTOR,
        paths::people::PROFILE_AUTHOR,
        paths::people::CONFIRM,
        "/desk/jobs",
        paths::imports::IMPORTS,
        "/desk/discovery",
        "/desk/front/history",
        "/desk/front/at",
        "/desk/front/at?board=published&at=2999-06-02T10:00",
        "/desk/front/banners",
        desk::COMMENTS,
        "/desk/comments?state=approved",
        "/desk/comments?state=rejected",
        "/desk/comments?state=spam",
        "/desk/comments?q=no-such-word",
        "/desk/articles?state=draft",
        "/desk/articles?state=review",
        "/desk/articles?state=trash",
        "/desk/articles?state=published&q=no-such-word",
        paths::comments::desk::RULES,
        paths::comments::desk::WORDS,
        paths::comments::desk::BANS,
        desk::TOPICS,
        desk::TOPIC_NEW,
        desk::SECTIONS,
        desk::TAGS,
        desk::FRONT,
        desk::GALLERIES,
        "/desk/galleries/new?kind=photo",
        "/desk/galleries/new?kind=film",
        desk::MEDIA,
        "/desk/media?state=failed",
        "/desk/media?state=ended",
        "/desk/media?kind=film",
        "/desk/media?q=no-such-word",
        desk::USERS,
        desk::AUDIT,
        paths::api::desk::TOKENS,
        "/desk/audit?noun=article",
    ];
    let mut screens: Vec<String> = fixed.map(str::to_owned).to_vec();
    for one in [
        "select '/desk/imports/' || id from imports order by id limit 1",
        "select '/desk/articles/' || id from articles where picture_id is not null order by id limit 1",
        "select '/desk/articles/' || id from articles where language = 'fa' order by id limit 1",
        "select '/desk/articles/' || article_id || '/edit' from scheduled_edits",
        "select '/desk/articles/' || article_id || '/revisions?from=1&to=2' from revisions where version = 2 limit 1",
        "select '/desk/articles/' || article_id || '/revisions?from=1&to=edit' from scheduled_edits",
        "select '/desk/articles/' || id || '/revisions' from articles where picture_id is not null order by id desc limit 1",
        "select '/desk/articles/' || id from articles where state = 'draft' and trashed_at is null limit 1",
        "select '/desk/articles/' || id from articles where state = 'review'",
        "select '/desk/articles/' || id from articles where state = 'withdrawn' limit 1",
        "select '/desk/articles/' || id from articles where trashed_at is not null",
        "select '/desk/articles/new?draft=' || draft_key from autosaves where draft_key is not null",
        "select '/desk/front/banners/' || id from banners order by id limit 1",
        "select '/desk/media/' || id from media where failed is not null limit 1",
        "select '/desk/media/' || id from media where licence_ends_at is not null limit 1",
        "select '/desk/media/' || id from media where kind = 'film' order by id limit 1",
        "select '/desk/comments?state=pending&q=peat&article=' || article_id || '&same_as=' || id from comments
          where commenter is not null and state = 'pending' limit 1",
        "select '/desk/comments/' || id from comments where state = 'pending' and commenter is not null limit 1",
        "select '/desk/comments/' || id from comments where state = 'rejected' and commenter is not null limit 1",
        "select '/desk/media/' || id from media where kind = 'picture' order by id limit 1",
        "select '/desk/comments/' || id from comments where email is not null order by id limit 1",
        "select '/desk/topics/' || id from topics order by id limit 1",
        "select '/desk/tags/' || id from tags order by id limit 1",
        "select '/desk/galleries/' || id from galleries where kind = 'photo' order by id limit 1",
        "select '/desk/galleries/' || id from galleries where kind = 'film' order by id limit 1",
        "select '/desk/users/' || id from users order by id limit 1",
        "select '/desk/users/' || id from users where email = 'aron@example.org'",
    ] {
        screens.push(text(db, one).await);
    }
    screens
}

pub async fn text(db: &PgPool, query: &'static str) -> String {
    let found: Option<String> = sqlx::query_scalar(query).fetch_optional(db).await.unwrap();
    found.unwrap_or_else(|| panic!("the sample news have nothing for: {query}"))
}
