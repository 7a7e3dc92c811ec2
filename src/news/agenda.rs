//! What waits for somebody at the desk, and what goes out next.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::article::ArticleId;
use crate::accounts::UserId;

/// An article in one of these lists.
#[derive(Clone, Debug)]
pub struct Item {
    pub id: ArticleId,
    pub headline: String,
    /// Who has to act, or who began it; "" when they are gone.
    pub who: String,
    /// When it was touched last, or when it goes out.
    pub at: DateTime<Utc>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Kind {
    Draft,
    Assigned,
    Review,
    /// A published article whose time comes.
    Article,
    /// New words for an article that readers see already.
    Edit,
    /// Such words that wait for a person, because the article was saved since.
    Held,
}

/// What they began and nobody has yet, and what was given to them; the newest first.
pub async fn of_user(db: impl PgExecutor<'_>, user: UserId, limit: i64) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as!(
        Item,
        r#"select a.id as "id: ArticleId", a.headline, coalesce(u.name, '') as "who!", a.updated_at as "at",
                  case when a.assignee = $1 then 'assigned' else 'draft' end as "kind!: Kind"
             from articles a
             left join users u on u.id = a.created_by
            where a.state in ('draft', 'review') and a.trashed_at is null
              and (a.assignee = $1 or (a.created_by = $1 and a.state = 'draft' and a.assignee is null))
            order by a.updated_at desc, a.id desc
            limit $2"#,
        user.0,
        limit
    )
    .fetch_all(db)
    .await
}

/// What authors handed in, the longest waiting first.
pub async fn in_review(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as!(
        Item,
        r#"select a.id as "id: ArticleId", a.headline, coalesce(u.name, '') as "who!", a.updated_at as "at",
                  'review' as "kind!: Kind"
             from articles a
             left join users u on u.id = a.created_by
            where a.state = 'review' and a.trashed_at is null
            order by a.updated_at, a.id
            limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}

/// Edits that wait for a person, because the article was saved since: those of `only`, or all; the first to take effect
/// first.
pub async fn held(db: impl PgExecutor<'_>, only: Option<UserId>, limit: i64) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as!(
        Item,
        r#"select e.article_id as "id: ArticleId", e.headline, e.author as "who", e.effective_at as "at",
                  'held' as "kind!: Kind"
             from scheduled_edits e
             join articles a on a.id = e.article_id
            where e.held and a.trashed_at is null
              and ($1::bigint is null or $1 in (a.created_by, a.assignee, e.user_id))
            order by e.effective_at, e.id
            limit $2"#,
        only as Option<UserId>,
        limit
    )
    .fetch_all(db)
    .await
}

/// What its time will bring to readers, soonest first; an edit that is held is brought by none. Of `only`, or of all.
pub async fn next(db: impl PgExecutor<'_>, only: Option<UserId>, limit: i64) -> sqlx::Result<Vec<Item>> {
    sqlx::query_as!(
        Item,
        r#"select id as "id!: ArticleId", headline as "headline!", who as "who!", at as "at!", kind as "kind!: Kind"
             from (select a.id, a.headline, coalesce(u.name, '') as who, a.publish_at as at, 'article' as kind
                     from articles a
                     left join users u on u.id = a.created_by
                    where a.state = 'published' and a.publish_at > now()
                      and ($1::bigint is null or $1 in (a.created_by, a.assignee))
                   union all
                   select e.article_id, e.headline, e.author, e.effective_at, 'edit'
                     from scheduled_edits e
                     join articles a on a.id = e.article_id
                    where not e.held and ($1::bigint is null or $1 in (a.created_by, a.assignee))) coming
            order by at, id
            limit $2"#,
        only as Option<UserId>,
        limit
    )
    .fetch_all(db)
    .await
}
