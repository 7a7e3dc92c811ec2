//! Comments as editors look through them: by state, article, words, commenter.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::{CommentId, State};
use crate::news::article::ArticleId;
use crate::text::{Cursor, Language, Slug};

/// Tabs count no further.
pub const MOST_COUNTED: i64 = 1000;

/// A comment as the desk shows it: neither address nor hash.
#[derive(Debug)]
pub struct Row {
    pub id: CommentId,
    pub state: State,
    pub name: String,
    pub body: String,
    pub marks: Vec<String>,
    pub reason: String,
    pub created_at: DateTime<Utc>,
    pub rewrite_until: Option<DateTime<Utc>>,
    pub newsroom: bool,
    /// Whom it answers.
    pub answers: Option<String>,
    /// It came with an address, so the commenter is known from other comments.
    pub has_commenter: bool,
    /// The address is still there: a letter can be sent.
    pub can_be_asked: bool,
    pub wants_answer: bool,
    /// Other comments of the same commenter, approved and refused.
    pub approved_before: i64,
    pub refused_before: i64,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub article_id: ArticleId,
    pub article_slug: Slug,
    pub headline: String,
    pub language: Language,
}

/// What is looked for; what is empty does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub article: Option<ArticleId>,
    /// In name and text, as they are written.
    pub words: String,
    /// Everything of whoever wrote this one.
    pub same_as: Option<CommentId>,
}

/// `queue_rows!("order and condition", arguments)`: the one projection that the queue, a comment and a history share.
macro_rules! queue_rows {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select c.id as "id: CommentId", c.state as "state: State", c.name, c.body, c.marks, c.reason, c.created_at,
                       c.rewrite_until, c.newsroom, p.name as "answers?", c.commenter is not null as "has_commenter!",
                       c.email is not null as "can_be_asked!", c.wants_answer, h.approved as "approved_before!",
                       h.refused as "refused_before!", u.name as "decided_by?", c.moderated_at as "decided_at?",
                       a.id as "article_id: ArticleId", a.slug as "article_slug: Slug", a.headline,
                       a.language as "language: Language"
                from comments c
                join articles a on a.id = c.article_id
                left join comments p on p.id = c.parent_id
                left join users u on u.id = c.moderated_by
                cross join lateral (select count(*) filter (where o.state = 'approved') as approved,
                                           count(*) filter (where o.state in ('rejected', 'spam')) as refused
                                    from comments o
                                    where o.commenter = c.commenter and o.id <> c.id) as h
               where c.removed_at is null "#
                + $rest
            $(, $arg)*
        )
    };
}

/// The comments of one state, newest first.
pub async fn rows(
    db: impl PgExecutor<'_>,
    state: State,
    filter: &Filter,
    before: Cursor,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    queue_rows!(
        r#"and c.state = $1
             and ($2::bigint is null or c.article_id = $2)
             and ($3 = '' or position(lower($3) in lower(c.name || ' ' || c.body)) > 0)
             and ($4::bigint is null or c.id = $4 or c.commenter = (select commenter from comments where id = $4))
             and (c.created_at, c.id) < ($5, $6)
           order by c.created_at desc, c.id desc
           limit $7"#,
        state as State,
        filter.article as Option<ArticleId>,
        filter.words,
        filter.same_as as Option<CommentId>,
        before.at,
        before.id,
        limit
    )
    .fetch_all(db)
    .await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: CommentId) -> sqlx::Result<Option<Row>> {
    queue_rows!(r#"and c.id = $1"#, id as CommentId).fetch_optional(db).await
}

/// What else the commenter of this one wrote, in any state, newest first.
pub async fn history(db: impl PgExecutor<'_>, id: CommentId, limit: i64) -> sqlx::Result<Vec<Row>> {
    queue_rows!(
        r#"and c.id <> $1
             and c.commenter = (select commenter from comments where id = $1)
           order by c.created_at desc, c.id desc
           limit $2"#,
        id as CommentId,
        limit
    )
    .fetch_all(db)
    .await
}

/// How many there are of each state, in the order of `State::ALL`, each counted up to `MOST_COUNTED`.
pub async fn counts(db: impl PgExecutor<'_>, filter: &Filter) -> sqlx::Result<[i64; 4]> {
    let row = sqlx::query!(
        r#"with counted as (
               select s.state, n.n
               from unnest(array['pending', 'approved', 'rejected', 'spam']) as s(state)
               cross join lateral (
                   select count(*) as n
                   from (select from comments c
                         where c.removed_at is null and c.state = s.state
                           and ($1::bigint is null or c.article_id = $1)
                           and ($2 = '' or position(lower($2) in lower(c.name || ' ' || c.body)) > 0)
                           and ($3::bigint is null or c.id = $3
                                or c.commenter = (select commenter from comments where id = $3))
                         limit $4) as found) as n
           )
           select max(n) filter (where state = 'pending') as "pending!",
                  max(n) filter (where state = 'approved') as "approved!",
                  max(n) filter (where state = 'rejected') as "rejected!",
                  max(n) filter (where state = 'spam') as "spam!"
           from counted"#,
        filter.article as Option<ArticleId>,
        filter.words,
        filter.same_as as Option<CommentId>,
        MOST_COUNTED
    )
    .fetch_one(db)
    .await?;
    Ok([row.pending, row.approved, row.rejected, row.spam])
}

/// How many wait, counted up to 100.
pub async fn waiting(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "waiting!" from (select from comments where state = 'pending' limit 100) as held"#
    )
    .fetch_one(db)
    .await
}
