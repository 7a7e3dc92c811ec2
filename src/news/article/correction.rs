//! Corrections: what was wrong and is right now, told to readers with its date and the two versions around it.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::ArticleId;
use crate::accounts::UserId;
use crate::paths;
use crate::text::{Cursor, Language, Slug, cursor};

/// Letters of the note for readers.
pub const MAX_NOTE: usize = 1000;

#[derive(Clone, Debug, serde::Deserialize)]
pub struct Correction {
    /// Counted from 1 for each article.
    pub number: i32,
    pub note: String,
    pub at: DateTime<Utc>,
    pub from_version: i32,
    pub to_version: i32,
}

/// A correction in the list of all, with the article it belongs to.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: i64,
    pub number: i32,
    pub note: String,
    pub at: DateTime<Utc>,
    pub article_id: ArticleId,
    pub slug: Slug,
    pub headline: String,
    pub language: Language,
}

impl Listed {
    pub fn article_href(&self) -> String {
        paths::article(self.article_id, &self.slug)
    }

    pub fn href(&self) -> String {
        paths::workflow::correction(self.article_id, self.number)
    }
}

pub async fn by_number(
    db: impl PgExecutor<'_>,
    id: ArticleId,
    number: i32,
) -> sqlx::Result<Option<Correction>> {
    sqlx::query_as!(
        Correction,
        "select number, note, at, from_version, to_version
         from corrections
         where article_id = $1 and number = $2",
        id as ArticleId,
        number
    )
    .fetch_optional(db)
    .await
}

/// The corrections of what readers can see, the newest first, and where the next page begins.
pub async fn latest(
    db: impl PgExecutor<'_>,
    before: Cursor,
    size: usize,
) -> sqlx::Result<(Vec<Listed>, Option<Cursor>)> {
    let found = sqlx::query_as!(
        Listed,
        r#"select c.id, c.number, c.note, c.at, a.id as "article_id: ArticleId", a.slug as "slug: Slug",
                  coalesce(e.headline, a.headline) as "headline!",
                  coalesce(e.language, a.language) as "language!: Language"
           from corrections c
           join articles a on a.id = c.article_id
           left join scheduled_edits e on e.article_id = a.id and not e.held and e.effective_at <= now()
           where (c.at, c.id) < ($1, $2)
             and a.state = 'published' and a.publish_at <= now() and (a.expire_at is null or a.expire_at > now())
           order by c.at desc, c.id desc
           limit $3"#,
        before.at,
        before.id,
        i64::try_from(size).unwrap_or(i64::MAX - 1) + 1
    )
    .fetch_all(db)
    .await?;
    Ok(cursor::page(found, size, |one| Cursor { at: one.at, id: one.id }))
}

/// Ties a note to the version that was just written and to the one before it.
pub(super) async fn record(
    db: &mut PgConnection,
    id: ArticleId,
    version: i32,
    note: &str,
    at: Option<DateTime<Utc>>,
    user: Option<UserId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into corrections (article_id, number, note, at, from_version, to_version, user_id)
         select $1, coalesce(max(number), 0) + 1, $2, coalesce($3, now()), $4 - 1, $4, $5
         from corrections
         where article_id = $1",
        id as ArticleId,
        note,
        at,
        version,
        user as Option<UserId>
    )
    .execute(db)
    .await?;
    Ok(())
}
