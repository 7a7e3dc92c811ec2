//! The desk's list of articles: rows in any state, and how many there are. What waits for whom: `news::agenda`.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::{ArticleId, State};
use crate::accounts::UserId;
use crate::news::tag;
use crate::text::{Cursor, Language, Slug};

/// A tab counts no further: the number only says whether there is much to do.
pub const COUNTED: i64 = 100;

/// An article in any state, as one line.
#[derive(Debug)]
pub struct Row {
    pub id: ArticleId,
    pub slug: Slug,
    pub state: State,
    pub scheduled: bool,
    pub expired: bool,
    pub headline: String,
    pub language: Language,
    pub section_name: String,
    pub byline: String,
    pub version: i32,
    pub assignee: Option<String>,
    /// An edit waits for its time; or, if it is held, for a person.
    pub edit_at: Option<DateTime<Utc>>,
    pub edit_held: bool,
    pub publish_at: Option<DateTime<Utc>>,
    pub trashed_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
}

/// What the desk's list shows; empty strings filter nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// `draft`, `review`, `scheduled`, `published`, `withdrawn`, `trash`; what is in the trash is in no other.
    pub state: String,
    pub section: String,
    pub words: String,
    /// Part of a byline, or of the name of whoever began it.
    pub author: String,
    /// Only what this person began or was given.
    pub of: Option<UserId>,
}

/// Articles as the desk lists them: whatever was touched last comes first.
pub async fn rows(
    db: impl PgExecutor<'_>,
    filter: &Filter,
    before: Cursor,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select a.id as "id: ArticleId", a.slug as "slug: Slug", a.state as "state: State",
                  (a.state = 'published' and a.publish_at > now()) as "scheduled!",
                  (a.state = 'published' and coalesce(a.expire_at <= now(), false)) as "expired!",
                  a.headline, a.language as "language: Language", s.name as section_name, a.byline, a.version,
                  w.name as "assignee?", e.effective_at as "edit_at?", coalesce(e.held, false) as "edit_held!",
                  a.publish_at, a.trashed_at, a.updated_at
           from articles a
           join sections s on s.id = a.section_id
           left join users w on w.id = a.assignee
           left join scheduled_edits e on e.article_id = a.id
           where (a.updated_at, a.id) < ($1, $2)
             and (a.trashed_at is not null) = ($4 = 'trash')
             and ($4 in ('', 'trash')
                  or case $4 when 'scheduled' then a.state = 'published' and a.publish_at > now()
                             when 'published' then a.state = 'published' and a.publish_at <= now()
                             else a.state = $4 end)
             and ($5 = '' or s.slug = $5)
             and ($6 = '' or lower(a.headline) like '%' || lower($6) || '%')
             and ($7::bigint is null or a.created_by = $7 or a.assignee = $7)
             and ($8 = '' or lower(a.byline) like '%' || lower($8) || '%'
                  or exists (select from users u
                             where u.id = a.created_by and lower(u.name) like '%' || lower($8) || '%'))
           order by a.updated_at desc, a.id desc
           limit $3"#,
        before.at,
        before.id,
        limit,
        filter.state,
        filter.section,
        tag::like_literal(&filter.words),
        filter.of as Option<UserId>,
        tag::like_literal(&filter.author),
    )
    .fetch_all(db)
    .await
}

/// How many wait in each state, each counted to `COUNTED` at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub drafts: i64,
    pub in_review: i64,
    pub scheduled: i64,
    pub withdrawn: i64,
    pub trashed: i64,
    /// Given to the person who asks, and not out yet.
    pub mine: i64,
}

/// With `of`, only what this person began or was given.
pub async fn counts(db: impl PgExecutor<'_>, me: UserId, of: Option<UserId>) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select (select count(*) from (select from articles a
                                         where a.state = 'draft' and a.trashed_at is null
                                           and ($3::bigint is null or a.created_by = $3 or a.assignee = $3)
                                         limit $1) x) as "drafts!",
                  (select count(*) from (select from articles a
                                         where a.state = 'review'
                                           and ($3::bigint is null or a.created_by = $3 or a.assignee = $3)
                                         limit $1) x) as "in_review!",
                  (select count(*) from (select from articles a
                                         where a.state = 'published' and a.publish_at > now()
                                           and ($3::bigint is null or a.created_by = $3 or a.assignee = $3)
                                         limit $1) x) as "scheduled!",
                  (select count(*) from (select from articles a
                                         where a.state = 'withdrawn'
                                           and ($3::bigint is null or a.created_by = $3 or a.assignee = $3)
                                         limit $1) x) as "withdrawn!",
                  (select count(*) from (select from articles a
                                         where a.trashed_at is not null
                                           and ($3::bigint is null or a.created_by = $3 or a.assignee = $3)
                                         limit $1) x) as "trashed!",
                  (select count(*) from (select from articles a
                                         where a.assignee = $2 and a.state in ('draft', 'review')
                                           and a.trashed_at is null
                                         limit $1) x) as "mine!""#,
        COUNTED,
        me as UserId,
        of as Option<UserId>
    )
    .fetch_one(db)
    .await
}
