//! People at one desk, and an article in whatever state a test begins with.

use axum::http::StatusCode;
use broadsheet::accounts::user::{self, NewUser};
use broadsheet::accounts::{Role, UserId, session};
use broadsheet::news::article::{self, Article, ArticleId};
use broadsheet::server;

use super::Screen;
use crate::browser::{Answer, Browser, World};
use crate::newsroom::{Story, section};

pub struct Newsdesk {
    pub world: World,
    pub editor: Browser,
    pub author: Browser,
    pub author_id: UserId,
}

impl Newsdesk {
    pub async fn new() -> Self {
        let world = World::new().await;
        section(&world, "News").await;
        let (editor, _) = person(&world, "Edda Frey", Role::Editor).await;
        let (author, author_id) = person(&world, "Aron Lund", Role::Author).await;
        Self { world, editor, author, author_id }
    }

    /// A draft of the author.
    pub async fn draft(&self, headline: &str) -> ArticleId {
        let id = Story::new(headline).draft(&self.world).await;
        self.run("update articles set created_by = $1 where id = $2", self.author_id.0, id).await;
        id
    }

    /// An article of the author that readers have.
    pub async fn published(&self, headline: &str) -> ArticleId {
        let id = Story::new(headline).hours_ago(2).publish(&self.world).await;
        self.run("update articles set created_by = $1 where id = $2", self.author_id.0, id).await;
        id
    }

    pub async fn run(&self, statement: &'static str, value: i64, id: ArticleId) {
        sqlx::query(statement).bind(value).bind(id.0).execute(&self.world.db.pool).await.unwrap();
    }

    /// One value, as text.
    pub async fn value(&self, question: &'static str) -> String {
        let value: Option<String> =
            sqlx::query_scalar(question).fetch_one(&self.world.db.pool).await.unwrap();
        value.unwrap_or_default()
    }

    pub async fn article(&self, id: ArticleId) -> Article {
        article::by_id(&self.world.db.pool, id).await.unwrap().unwrap()
    }

    /// The editor's form as it is stored, with these fields changed.
    pub async fn save(&mut self, id: ArticleId, changes: &[(&str, &str)]) -> Answer {
        save(&mut self.editor, id, changes).await
    }

    /// Saved, or the test ends here.
    pub async fn saved(&mut self, id: ArticleId, changes: &[(&str, &str)]) {
        let answer = self.save(id, changes).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", problems(&answer));
    }

    /// The time of the edit that waits has come.
    pub async fn let_time_pass(&self) {
        let past = "update scheduled_edits set effective_at = now() - interval '1 second'";
        sqlx::query(past).execute(&self.world.db.pool).await.unwrap();
    }
}

/// What a form's answer complains of.
pub fn problems(answer: &Answer) -> String {
    Screen::of(answer).text(".error-summary li, .notice").join("; ")
}

/// The form of an article as a browser would send it back, with some fields changed.
pub async fn save(browser: &mut Browser, id: ArticleId, changes: &[(&str, &str)]) -> Answer {
    let path = format!("/desk/articles/{id}");
    let form = Screen::of(&browser.get(&path).await);
    send(browser, &path, &form, changes).await
}

pub async fn send(browser: &mut Browser, path: &str, form: &Screen, changes: &[(&str, &str)]) -> Answer {
    let names = [
        "version",
        "edit",
        "section",
        "kicker",
        "headline",
        "slug",
        "standfirst",
        "body",
        "byline",
        "dateline",
        "tags",
        "related",
        "picture_id",
        "picture_alt",
        "picture_caption",
        "picture_credit",
        "publish_at",
        "expire_at",
        "language",
        "place",
        "latitude",
        "longitude",
        "effective_at",
        "correction_note",
        "why",
    ];
    let mut fields: Vec<(&str, String)> = names.iter().map(|name| (*name, form.field(name))).collect();
    if form.has("input[name=comments][checked]") {
        fields.push(("comments", "on".to_owned()));
    }
    for (name, value) in changes {
        fields.retain(|(field, _)| field != name);
        fields.push((name, (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.upload(path, &fields, &[]).await
}

pub async fn person(world: &World, name: &str, role: Role) -> (Browser, UserId) {
    let email = format!("{}@example.org", name.to_lowercase().replace(' ', "."));
    let mut tx = world.db.pool.begin().await.unwrap();
    let new = NewUser { email: &email, name, role, password_hash: "none" };
    let id = user::create(&mut tx, &new).await.unwrap();
    let token = session::create(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let mut browser = Browser::on(server::router(world.app.clone())).of(&world.app);
    browser.cookies.push(("__Host-sid".to_owned(), token.as_str().to_owned()));
    (browser, id)
}
