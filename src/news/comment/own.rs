//! What a commenter may do with a comment of their own, by the token of a link: look at it, take it back, change it
//! when an editor asked.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::{CommentId, Fields, State, links, paragraphs, take};
use crate::accounts::token as random;
use crate::news::article::ArticleId;
use crate::paths;
use crate::text::Slug;

/// A link to take a comment back lives so long; nobody keeps letters for longer.
const OWN_DAYS: i32 = 365;

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Purpose {
    Own,
    Rewrite,
}

/// A comment in the hands of its commenter.
#[derive(Debug)]
pub struct Own {
    pub id: CommentId,
    pub state: State,
    pub name: String,
    pub body: String,
    pub created_at: DateTime<Utc>,
    pub reason: String,
    pub rewrite_until: Option<DateTime<Utc>>,
    pub article: ArticleId,
    pub slug: Slug,
    pub headline: String,
}

impl Own {
    pub fn href(&self) -> String {
        paths::article(self.article, &self.slug)
    }

    pub fn paragraphs(&self) -> Vec<&str> {
        paragraphs(&self.body)
    }
}

/// For the link by which a comment can be taken back.
pub async fn token(db: &mut PgConnection, id: CommentId) -> anyhow::Result<String> {
    create(db, id, Purpose::Own, OWN_DAYS).await
}

/// For the link by which it can be changed; a new one replaces the old.
pub(super) async fn rewrite_token(db: &mut PgConnection, id: CommentId) -> anyhow::Result<String> {
    forget(db, id, Purpose::Rewrite).await?;
    create(db, id, Purpose::Rewrite, super::decide::REWRITE_DAYS).await
}

async fn create(db: &mut PgConnection, id: CommentId, purpose: Purpose, days: i32) -> anyhow::Result<String> {
    let token = random::random()?;
    sqlx::query!(
        "insert into comment_tokens (token_hash, comment_id, purpose, expires_at)
         values ($1, $2, $3, now() + make_interval(days => $4))",
        random::digest(&token),
        id as CommentId,
        purpose as Purpose,
        days
    )
    .execute(db)
    .await?;
    Ok(token)
}

async fn forget(db: &mut PgConnection, id: CommentId, purpose: Purpose) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from comment_tokens where comment_id = $1 and purpose = $2",
        id as CommentId,
        purpose as Purpose
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The comment that a token opens for this purpose. `None`: it opens nothing (any more).
pub async fn by_token(db: impl PgExecutor<'_>, token: &str, purpose: Purpose) -> sqlx::Result<Option<Own>> {
    sqlx::query_as!(
        Own,
        r#"select c.id as "id: CommentId", c.state as "state: State", c.name, c.body, c.created_at, c.reason,
                  c.rewrite_until, a.id as "article: ArticleId", a.slug as "slug: Slug", a.headline
           from comment_tokens t
           join comments c on c.id = t.comment_id
           join articles a on a.id = c.article_id
           where t.token_hash = $1 and t.purpose = $2 and t.expires_at > now() and c.removed_at is null
             and ($2 = 'own' or c.rewrite_until > now())"#,
        random::digest(token),
        purpose as Purpose
    )
    .fetch_optional(db)
    .await
}

/// Takes a comment back: it is deleted, or, where others have answered it, an empty place is left.
pub async fn remove(db: &mut PgConnection, id: CommentId) -> sqlx::Result<()> {
    let gone = sqlx::query!(
        "delete from comments c where id = $1 and not exists (select from comments r where r.parent_id = c.id)",
        id as CommentId
    )
    .execute(&mut *db)
    .await?;
    if gone.rows_affected() > 0 {
        return Ok(());
    }
    sqlx::query!(
        "update comments
         set removed_at = now(), name = '-', body = '-', email = null, commenter = null, network = null, reason = '',
             marks = '{}', wants_answer = false, rewrite_until = null
         where id = $1",
        id as CommentId
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from comment_tokens where comment_id = $1", id as CommentId).execute(db).await?;
    Ok(())
}

/// Puts another text in its place: it waits for an editor again. `false`: somebody was faster, or time was.
pub async fn rewrite(db: &mut PgConnection, id: CommentId, fields: &Fields) -> sqlx::Result<bool> {
    let mut marks = vec!["rewritten".to_owned()];
    let text = format!("{}\n{}", fields.name, fields.text);
    if links(&text) > 0 {
        marks.push("link".to_owned());
    }
    let (condemned, found) = take::condemned(&mut *db, &text).await?;
    marks.extend(found);
    let state = if condemned { State::Spam } else { State::Pending };
    let changed = sqlx::query!(
        "update comments
         set state = $4, name = $2, body = $3, marks = $5, rewrite_until = null, moderated_at = null, moderated_by = null
         where id = $1 and rewrite_until > now() and removed_at is null",
        id as CommentId,
        fields.name,
        fields.text,
        state as State,
        &marks
    )
    .execute(&mut *db)
    .await?;
    forget(db, id, Purpose::Rewrite).await?;
    Ok(changed.rows_affected() > 0)
}
