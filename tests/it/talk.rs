//! An article of a newsroom, and what readers say below it.

use broadsheet::news::article::ArticleId;
use broadsheet::news::comment::rules::{self, Mode, Rules};
use broadsheet::news::comment::word_list::{self, List};
use broadsheet::web::rates::Quotas;
use chrono::{TimeDelta, Utc};

use crate::browser::{Answer, BASE, World};
use crate::newsroom::Story;

pub const KNOWN: &str = "known@example.org";

pub struct Talk {
    pub world: World,
    pub id: ArticleId,
    /// The article, and where its form is sent.
    pub page: String,
    pub form: String,
}

impl Talk {
    pub async fn new() -> Self {
        Self::with(Quotas::open()).await
    }

    pub async fn with(quotas: Quotas) -> Self {
        let world = World::at(BASE, quotas).await;
        let id = Story::new("Bridge").hours_ago(1).publish(&world).await;
        Self { page: format!("/article/{id}/bridge"), form: format!("/article/{id}/comments"), world, id }
    }

    pub async fn rules(&self, mode: Mode, close_after_days: i32) {
        let mut tx = self.world.db.pool.begin().await.unwrap();
        rules::save(&mut tx, &Rules { mode, close_after_days, ..Rules::default() }).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn words(&self, list: List, words: &str) {
        let mut tx = self.world.db.pool.begin().await.unwrap();
        word_list::save(&mut tx, list, &word_list::read(words).unwrap()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn send(&self, fields: &[(&str, &str)]) -> Answer {
        self.world.browser().post(&self.form, fields).await
    }

    /// From a form that was shown so long ago.
    pub async fn send_after(&self, age: TimeDelta, fields: &[(&str, &str)]) -> Answer {
        let time = self.world.app.comment_keys.stamp(self.id, Utc::now() - age);
        let fields: Vec<_> = fields.iter().copied().chain([("time", time.as_str())]).collect();
        self.send(&fields).await
    }

    /// As the only address of this name that an editor has approved something of.
    pub async fn get_known(&self) {
        self.send(&[("email", KNOWN), ("text", "The first of mine.")]).await;
        self.sql("update comments set state = 'approved', moderated_at = now() - interval '1 day'").await;
    }

    pub async fn sql(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.world.db.pool).await.unwrap();
    }

    pub async fn approve_all(&self) {
        self.sql("update comments set state = 'approved', moderated_at = now() where state = 'pending'")
            .await;
    }

    /// State and marks of the newest.
    pub async fn newest(&self) -> String {
        let newest =
            "select state || ' ' || array_to_string(marks, ', ') from comments order by id desc limit 1";
        sqlx::query_scalar(newest).fetch_one(&self.world.db.pool).await.unwrap()
    }

    pub async fn count(&self) -> i64 {
        sqlx::query_scalar("select count(*) from comments").fetch_one(&self.world.db.pool).await.unwrap()
    }

    pub async fn id_of(&self, text: &str) -> i64 {
        let find = sqlx::query_scalar("select id from comments where body = $1").bind(text);
        find.fetch_one(&self.world.db.pool).await.unwrap()
    }

    /// Answers a comment by the link under it, without any script.
    pub async fn reply(&self, to: &str, text: &str) {
        let to = self.id_of(to).await;
        let page = self.world.browser().read(&self.page).await;
        let link = page.attribute(&format!("#comment-{to} > .comment-reply a"), "href");
        let path = link.split('#').next().unwrap();
        let page = self.world.browser().read(path).await;
        let parent = page.attribute(".comment-form [name=parent]", "value");
        assert_eq!(parent, to.to_string(), "{link}");
        self.send(&[("text", text), ("parent", &parent)]).await;
        self.approve_all().await;
    }
}
