//! What editors do with a comment: decide, ask for another text, answer.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::take::{New, insert};
use super::{CommentId, Fields, Keys, MAX_DEPTH, State, own};
use crate::accounts::UserId;
use crate::news::article::ArticleId;
use crate::text::Slug;

/// How long a commenter may take to change a comment.
pub const REWRITE_DAYS: i32 = 14;

#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    pub state: State,
    /// What the commenter is told about a rejection.
    pub reason: &'a str,
    pub by: Option<UserId>,
}

/// What was decided about, and whom to tell.
#[derive(Debug)]
pub struct Decided {
    pub id: CommentId,
    pub article: ArticleId,
    pub slug: Slug,
    pub headline: String,
    pub created_at: DateTime<Utc>,
    /// The address of a commenter who asked for a letter, once: it is not in the table any more.
    pub tell: Option<String>,
}

/// Moves a comment to another state. With a decision the address is forgotten. `None`: there is no such comment.
pub async fn decide(
    db: &mut PgConnection,
    keys: &Keys,
    id: CommentId,
    decision: &Decision<'_>,
) -> sqlx::Result<Option<Decided>> {
    let Some(held) = held(db, id).await? else { return Ok(None) };
    let is_decided = decision.state != State::Pending;
    let reason = if decision.state == State::Rejected { decision.reason } else { "" };
    let commenter = held.commenter.or_else(|| held.email.as_deref().map(|email| keys.commenter(email)));
    sqlx::query!(
        "update comments
         set state = $2, moderated_at = now(), moderated_by = $3, reason = $4, commenter = $5, rewrite_until = null,
             email = case when $6 then null else email end,
             wants_answer = wants_answer and not $6
         where id = $1",
        id as CommentId,
        decision.state as State,
        decision.by as Option<UserId>,
        reason,
        commenter,
        is_decided
    )
    .execute(&mut *db)
    .await?;
    let tells = matches!(decision.state, State::Approved | State::Rejected) && held.wants_answer;
    Ok(Some(Decided {
        id,
        article: held.article_id,
        slug: held.slug,
        headline: held.headline,
        created_at: held.created_at,
        tell: held.email.filter(|_| tells),
    }))
}

struct Held {
    article_id: ArticleId,
    slug: Slug,
    headline: String,
    created_at: DateTime<Utc>,
    email: Option<String>,
    commenter: Option<Vec<u8>>,
    wants_answer: bool,
}

/// One that was taken back is not there.
async fn held(db: &mut PgConnection, id: CommentId) -> sqlx::Result<Option<Held>> {
    sqlx::query_as!(
        Held,
        r#"select c.article_id as "article_id: ArticleId", a.slug as "slug: Slug", a.headline, c.created_at, c.email,
                  c.commenter, c.wants_answer
           from comments c join articles a on a.id = c.article_id
           where c.id = $1 and c.removed_at is null
           for update of c"#,
        id as CommentId
    )
    .fetch_optional(db)
    .await
}

/// A comment that goes back to its commenter.
#[derive(Debug)]
pub struct Asked {
    pub article: ArticleId,
    pub slug: Slug,
    pub headline: String,
    pub to: String,
    /// For the link.
    pub token: String,
}

/// Asks the commenter for another text: the comment counts as rejected until it comes. `None`: there is no such
/// comment, or no address to write to.
pub async fn ask(
    db: &mut PgConnection,
    keys: &Keys,
    id: CommentId,
    note: &str,
    by: UserId,
) -> anyhow::Result<Option<Asked>> {
    let Some(held) = held(db, id).await? else { return Ok(None) };
    let Some(to) = held.email else { return Ok(None) };
    sqlx::query!(
        "update comments
         set state = 'rejected', moderated_at = now(), moderated_by = $2, reason = $3, commenter = $4,
             rewrite_until = now() + make_interval(days => $5)
         where id = $1",
        id as CommentId,
        by as UserId,
        note,
        keys.commenter(&to),
        REWRITE_DAYS
    )
    .execute(&mut *db)
    .await?;
    let token = own::rewrite_token(db, id).await?;
    Ok(Some(Asked { article: held.article_id, slug: held.slug, headline: held.headline, to, token }))
}

/// Answers a comment that readers see, in the name of the paper. `None`: there is no such comment.
pub async fn reply(
    db: &mut PgConnection,
    id: CommentId,
    name: &str,
    text: &str,
    by: UserId,
) -> sqlx::Result<Option<(ArticleId, CommentId)>> {
    let above = sqlx::query!(
        r#"select article_id as "article_id: ArticleId", depth, parent_id as "parent_id: CommentId"
           from comments
           where id = $1 and state = 'approved' and removed_at is null"#,
        id as CommentId
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(above) = above else { return Ok(None) };
    let parent = match above.parent_id {
        Some(parent) if above.depth >= MAX_DEPTH => (parent, above.depth),
        _ => (id, (above.depth + 1).min(MAX_DEPTH)),
    };
    let fields = Fields { name: name.to_owned(), email: None, text: text.to_owned() };
    let new = New {
        parent: Some(parent),
        state: State::Approved,
        newsroom: true,
        ..New::of(above.article_id, &fields)
    };
    let reply = insert(&mut *db, &new).await?;
    sqlx::query!(
        "update comments set moderated_at = now(), moderated_by = $2 where id = $1",
        reply as CommentId,
        by as UserId
    )
    .execute(db)
    .await?;
    Ok(Some((above.article_id, reply)))
}
