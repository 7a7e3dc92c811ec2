//! Revisions: every save, whole, so that nothing an editor wrote is lost.

use sqlx::{PgConnection, types::Json};

use super::ArticleId;
use crate::accounts::UserId;

/// The words of an article as they were at one version.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Content {
    pub kicker: String,
    pub headline: String,
    pub slug: String,
    pub standfirst: String,
    pub body: String,
    pub byline: String,
    pub dateline: String,
    pub tags: Vec<String>,
    pub picture_alt: String,
    pub picture_caption: String,
    pub picture_credit: String,
}

pub(super) async fn record(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    action: &str,
    user: Option<UserId>,
    content: &Content,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into revisions (article_id, version, action, user_id, content) values ($1, $2, $3, $4, $5)",
        id as ArticleId,
        version,
        action,
        user as Option<UserId>,
        Json(content) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
