//! What the desk says about an article among itself, and whose turn it is. Readers see none of it.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{PgConnection, PgExecutor};

use super::ArticleId;
use crate::accounts::UserId;
use crate::news::audit::{self, Actor};

/// Letters of a note; more belongs into the article.
pub const MAX: usize = 2000;

#[derive(Debug)]
pub struct Note {
    pub author: String,
    pub body: String,
    pub at: DateTime<Utc>,
}

impl Note {
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.body.lines().map(str::trim).filter(|line| !line.is_empty())
    }
}

/// The thread, the oldest first.
pub async fn of_article(db: impl PgExecutor<'_>, id: ArticleId) -> sqlx::Result<Vec<Note>> {
    sqlx::query_as!(
        Note,
        "select author, body, at from article_notes where article_id = $1 order by at, id",
        id as ArticleId
    )
    .fetch_all(db)
    .await
}

/// Adds a note. The audit row says that there is one, not what is in it.
pub async fn post(db: &mut PgConnection, id: ArticleId, body: &str, actor: &Actor) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into article_notes (article_id, user_id, author, body) values ($1, $2, $3, $4)",
        id as ArticleId,
        actor.user as Option<UserId>,
        actor.name,
        body
    )
    .execute(&mut *db)
    .await?;
    audit::record(db, actor, "note", "article", Some(id.0), json!({})).await
}

/// Makes it this person's turn, or nobody's. No version: no word changes.
pub async fn assign(
    db: &mut PgConnection,
    id: ArticleId,
    to: Option<UserId>,
    actor: &Actor,
) -> sqlx::Result<()> {
    let name = sqlx::query_scalar!(
        r#"update articles set assignee = $2 where id = $1
           returning (select name from users where id = $2) as "name?""#,
        id as ArticleId,
        to as Option<UserId>
    )
    .fetch_one(&mut *db)
    .await?;
    audit::record(db, actor, "assign", "article", Some(id.0), json!({ "to": name })).await
}
