//! Text that nobody has saved by hand yet: one row for a person and an article.
//!
//! It never touches the article, and never goes over newer text: neither over a version of the article that its
//! writer has not seen, nor over what the same person wrote in another window.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::ArticleId;
use crate::accounts::UserId;

/// What has waited longer was forgotten.
const DAYS: i32 = 30;

/// The values of the form by the names of its fields.
pub type Fields = BTreeMap<String, String>;

/// What the text belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Article(ArticleId),
    /// The edit that waits for its time, of this article.
    Edit(ArticleId),
    /// An article that was never saved.
    Draft(Key),
}

/// In the rows of edits, in the place of a draft's key.
const EDIT: &str = "scheduled-edit";

impl Subject {
    fn article(&self) -> Option<ArticleId> {
        match self {
            Self::Article(id) | Self::Edit(id) => Some(*id),
            Self::Draft(_) => None,
        }
    }

    fn key(&self) -> Option<&str> {
        match self {
            Self::Article(_) => None,
            Self::Edit(_) => Some(EDIT),
            Self::Draft(key) => Some(&key.0),
        }
    }
}

/// Names a draft until it has a number. Made by the browser, and worth nothing to anybody but its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    pub fn parse(text: &str) -> Option<Self> {
        let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        ((8..=64).contains(&text.len()) && text.chars().all(is_fit)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Clone, Debug)]
pub struct Autosave {
    pub base_version: i32,
    pub sequence: i32,
    pub fields: Json<Fields>,
    /// The article that this draft was saved as; then there is no text.
    pub became: Option<ArticleId>,
    pub saved_at: DateTime<Utc>,
}

pub async fn of(db: impl PgExecutor<'_>, user: UserId, subject: &Subject) -> sqlx::Result<Option<Autosave>> {
    sqlx::query_as!(
        Autosave,
        r#"select base_version, sequence, fields as "fields: Json<Fields>", became as "became: ArticleId", saved_at
           from autosaves
           where user_id = $1 and article_id is not distinct from $2 and draft_key is not distinct from $3"#,
        user as UserId,
        subject.article() as Option<ArticleId>,
        subject.key()
    )
    .fetch_optional(db)
    .await
}

/// A text that waits for its writer, for lists.
#[derive(Debug)]
pub struct Waiting {
    pub article_id: Option<ArticleId>,
    pub draft_key: Option<String>,
    /// As typed, so it may be empty.
    pub headline: String,
    pub saved_at: DateTime<Utc>,
}

/// What this person has not saved, the newest first.
pub async fn waiting(db: impl PgExecutor<'_>, user: UserId, limit: i64) -> sqlx::Result<Vec<Waiting>> {
    sqlx::query_as!(
        Waiting,
        r#"select article_id as "article_id: ArticleId", draft_key,
                  coalesce(fields ->> 'headline', '') as "headline!", saved_at
           from autosaves
           where user_id = $1 and became is null
           order by saved_at desc, id desc
           limit $2"#,
        user as UserId,
        limit
    )
    .fetch_all(db)
    .await
}

/// One pause of the writer.
#[derive(Debug)]
pub struct New<'a> {
    /// The version of the article that the form was opened with.
    pub base_version: i32,
    /// The newest autosave that this page knows of; 0 for none.
    pub sequence: i32,
    /// The page that writes; it may always go over its own.
    pub page: &'a str,
    pub fields: &'a Fields,
}

/// What came of it. Only `Saved` wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    Saved {
        sequence: i32,
        at: DateTime<Utc>,
    },
    /// The article was saved since the form was opened.
    Moved {
        version: i32,
    },
    /// The same person wrote in another window since.
    Elsewhere {
        sequence: i32,
        at: DateTime<Utc>,
    },
    /// The draft was saved as an article in another window.
    Became(ArticleId),
    /// The draft was thrown away in another window.
    Gone,
}

/// `None`: there is no such article.
pub async fn keep(
    db: &mut PgConnection,
    user: UserId,
    subject: &Subject,
    new: &New<'_>,
) -> sqlx::Result<Option<Kept>> {
    if let Some(id) = subject.article() {
        // Waits for a save that is under way, and then sees its version.
        let version =
            sqlx::query_scalar!("select version from articles where id = $1 for share", id as ArticleId)
                .fetch_optional(&mut *db)
                .await?;
        match version {
            None => return Ok(None),
            Some(version) if version != new.base_version => return Ok(Some(Kept::Moved { version })),
            Some(_) => {}
        }
    }
    let there = sqlx::query!(
        r#"select sequence, page, became as "became: ArticleId", saved_at
           from autosaves
           where user_id = $1 and article_id is not distinct from $2 and draft_key is not distinct from $3
           for update"#,
        user as UserId,
        subject.article() as Option<ArticleId>,
        subject.key()
    )
    .fetch_optional(&mut *db)
    .await?;
    match there {
        None if subject.key().is_some() && new.sequence > 0 => return Ok(Some(Kept::Gone)),
        Some(row) if let Some(article) = row.became => return Ok(Some(Kept::Became(article))),
        Some(row) if row.sequence != new.sequence && row.page != new.page => {
            return Ok(Some(Kept::Elsewhere { sequence: row.sequence, at: row.saved_at }));
        }
        _ => {}
    }
    let row = sqlx::query!(
        "insert into autosaves (user_id, article_id, draft_key, base_version, page, fields, sequence)
         values ($1, $2, $3, $4, $5, $6, $7 + 1)
         on conflict (user_id, article_id, draft_key) do update
         set base_version = $4, page = $5, fields = $6, sequence = autosaves.sequence + 1, saved_at = now()
         where autosaves.page = $5 or autosaves.sequence = $7
         returning sequence, saved_at",
        user as UserId,
        subject.article() as Option<ArticleId>,
        subject.key(),
        new.base_version,
        new.page,
        Json(new.fields) as _,
        new.sequence
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(row) = row {
        return Ok(Some(Kept::Saved { sequence: row.sequence, at: row.saved_at }));
    }
    // Two windows wrote their first at the same moment.
    let first = of(db, user, subject).await?;
    Ok(Some(
        first.map_or(Kept::Gone, |first| Kept::Elsewhere { sequence: first.sequence, at: first.saved_at }),
    ))
}

/// Throws a text away.
pub async fn discard(db: &mut PgConnection, user: UserId, subject: &Subject) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from autosaves
         where user_id = $1 and article_id is not distinct from $2 and draft_key is not distinct from $3
           and became is null",
        user as UserId,
        subject.article() as Option<ArticleId>,
        subject.key()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Holds the key of a draft for the one save that makes an article of it, until the end of the transaction. `Some`:
/// another save was faster.
pub async fn claim(db: &mut PgConnection, user: UserId, draft: &Key) -> sqlx::Result<Option<ArticleId>> {
    sqlx::query_scalar!(
        r#"insert into autosaves (user_id, draft_key) values ($1, $2)
           on conflict (user_id, article_id, draft_key) do update set draft_key = excluded.draft_key
           returning became as "became: ArticleId""#,
        user as UserId,
        draft.as_str()
    )
    .fetch_one(db)
    .await
}

/// The text was saved by hand, in this transaction: it waits no longer.
pub async fn settle(
    db: &mut PgConnection,
    user: UserId,
    article: ArticleId,
    draft: Option<&Key>,
) -> sqlx::Result<()> {
    discard(db, user, &Subject::Article(article)).await?;
    let Some(draft) = draft else { return Ok(()) };
    sqlx::query!(
        "insert into autosaves (user_id, draft_key, became) values ($1, $2, $3)
         on conflict (user_id, article_id, draft_key) do update
         set became = $3, fields = '{}', saved_at = now()
         where autosaves.became is null",
        user as UserId,
        draft.as_str(),
        article as ArticleId
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes what was forgotten.
pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let swept =
        sqlx::query!("delete from autosaves where saved_at < now() - make_interval(days => $1)", DAYS)
            .execute(db)
            .await?;
    Ok(swept.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_letters_digits_and_dashes() {
        for text in ["", "short", "with space", "a/b/c/d/e", "schlüssel", &"x".repeat(65)] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
        assert!(Key::parse("0f9a-B_17").is_some());
    }
}
