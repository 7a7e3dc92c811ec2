//! The comments below an article, as readers see them: approved ones, replies under what they answer.

use chrono::{DateTime, Utc};
use sqlx::PgExecutor;

use super::rules::{Discussion, Mode};
use super::{CommentId, paragraphs};
use crate::news::article::ArticleId;
use crate::text::{Cursor, cursor};

/// Comments shown below an article.
const SHOWN: i64 = 500;

/// What readers see of a comment.
#[derive(Clone, Debug)]
pub struct Comment {
    pub id: CommentId,
    pub parent_id: Option<CommentId>,
    pub depth: i16,
    pub name: String,
    pub body: String,
    pub created_at: DateTime<Utc>,
    pub newsroom: bool,
    /// Else it is the empty place of one that others had answered.
    pub shown: bool,
}

impl Comment {
    pub fn paragraphs(&self) -> Vec<&str> {
        paragraphs(&self.body)
    }

    /// Where a link leads to it.
    pub fn anchor(&self) -> String {
        format!("comment-{}", self.id)
    }
}

/// A comment with the replies to it.
#[derive(Clone, Debug)]
pub struct Branch {
    pub comment: Comment,
    pub replies: Vec<Branch>,
}

/// The discussion below an article: what holds for it, and the newest comments that readers see, oldest first, with the
/// empty places that hold replies together. Nothing of a comment that is not shown comes along. `None`: there is no such
/// article.
pub async fn of(
    db: impl PgExecutor<'_>,
    article: ArticleId,
) -> sqlx::Result<Option<(Discussion, Vec<Branch>)>> {
    let rows = sqlx::query!(
        r#"with ruled as (
               select case when not a.comments_open then 'closed'
                           when a.comment_mode = 'site' then coalesce(r.mode, 'moderated')
                           else a.comment_mode end as mode,
                      case when coalesce(a.comment_days, r.close_after_days, 0) > 0
                           then a.publish_at + make_interval(days => coalesce(a.comment_days, r.close_after_days))
                           end as closes_at
               from articles a left join comment_rules r on true
               where a.id = $1
           ), newest as (
               select c.*, c.state = 'approved' and c.removed_at is null as shown
               from comments c
               where c.article_id = $1
                 and (c.state = 'approved' or exists (select from comments r where r.parent_id = c.id))
               order by c.created_at desc, c.id desc
               limit $2
           )
           select mode as "mode!: Mode", closes_at, coalesce(closes_at <= now(), false) as "is_over!",
                  id as "id?: CommentId", parent_id as "parent_id?: CommentId", coalesce(depth, 0::smallint) as "depth!",
                  case when shown then name else '' end as "name!", case when shown then body else '' end as "body!",
                  coalesce(created_at, now()) as "created_at!", coalesce(newsroom, false) as "newsroom!",
                  coalesce(shown, false) as "shown!"
           from ruled
           left join newest on true
           order by created_at, id"#,
        article as ArticleId,
        SHOWN
    )
    .fetch_all(db)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let discussion = Discussion { mode: first.mode, closes_at: first.closes_at, is_over: first.is_over };
    let comments: Vec<Comment> = rows
        .into_iter()
        .filter_map(|row| {
            Some(Comment {
                id: row.id?,
                parent_id: row.parent_id,
                depth: row.depth,
                name: row.name,
                body: row.body,
                created_at: row.created_at,
                newsroom: row.newsroom,
                shown: row.shown,
            })
        })
        .collect();
    Ok(Some((discussion, grow(None, &comments).into_iter().filter_map(pruned).collect())))
}

/// The newest that readers see, the newest first, and where the next page begins.
pub async fn latest(
    db: impl PgExecutor<'_>,
    article: ArticleId,
    before: Cursor,
    size: usize,
) -> sqlx::Result<(Vec<Comment>, Option<Cursor>)> {
    let found = sqlx::query_as!(
        Comment,
        r#"select id as "id: CommentId", parent_id as "parent_id: CommentId", depth, name, body, created_at, newsroom,
                  true as "shown!"
           from comments
           where article_id = $1 and state = 'approved' and removed_at is null and (created_at, id) < ($2, $3)
           order by created_at desc, id desc
           limit $4"#,
        article as ArticleId,
        before.at,
        before.id,
        i64::try_from(size).unwrap_or(SHOWN) + 1
    )
    .fetch_all(db)
    .await?;
    Ok(cursor::page(found, size, |one| Cursor { at: one.created_at, id: one.id.0 }))
}

/// How many of them are comments and not empty places.
pub fn count(branches: &[Branch]) -> usize {
    branches.iter().map(|branch| usize::from(branch.comment.shown) + count(&branch.replies)).sum()
}

/// One of them, if it is shown.
pub fn find(branches: &[Branch], id: CommentId) -> Option<&Comment> {
    branches.iter().find_map(|branch| {
        if branch.comment.id == id {
            return Some(&branch.comment).filter(|comment| comment.shown);
        }
        find(&branch.replies, id)
    })
}

fn grow(under: Option<CommentId>, rows: &[Comment]) -> Vec<Branch> {
    let there = |id: CommentId| rows.iter().any(|row| row.id == id);
    let belongs = |row: &&Comment| match row.parent_id {
        // A reply whose comment is gone stands by itself.
        Some(parent) if there(parent) => under == Some(parent),
        _ => under.is_none(),
    };
    rows.iter()
        .filter(belongs)
        .map(|row| Branch { comment: row.clone(), replies: grow(Some(row.id), rows) })
        .collect()
}

/// Without empty places that hold nothing.
fn pruned(mut branch: Branch) -> Option<Branch> {
    branch.replies = branch.replies.into_iter().filter_map(pruned).collect();
    (branch.comment.shown || !branch.replies.is_empty()).then_some(branch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, parent: Option<i64>, shown: bool) -> Comment {
        Comment {
            id: CommentId(id),
            parent_id: parent.map(CommentId),
            depth: 0,
            name: String::new(),
            body: String::new(),
            created_at: DateTime::UNIX_EPOCH,
            newsroom: false,
            shown,
        }
    }

    fn drawn(branches: &[Branch]) -> String {
        let one = |branch: &Branch| format!("{}({})", branch.comment.id, drawn(&branch.replies));
        branches.iter().map(one).collect()
    }

    #[test]
    fn replies_stand_under_what_they_answer() {
        let rows = [row(1, None, true), row(2, Some(1), true), row(3, None, true), row(4, Some(2), true)];
        let branches = grow(None, &rows);
        assert_eq!(drawn(&branches), "1(2(4()))3()");
        assert_eq!((count(&branches), find(&branches, CommentId(4)).is_some()), (4, true));
    }

    #[test]
    fn a_reply_whose_comment_is_gone_stands_by_itself_and_an_empty_place_without_replies_is_none() {
        let rows = [row(2, Some(1), true), row(3, None, false), row(5, None, false), row(6, Some(5), true)];
        let branches: Vec<Branch> = grow(None, &rows).into_iter().filter_map(pruned).collect();
        assert_eq!(drawn(&branches), "2()5(6())");
        assert_eq!((count(&branches), find(&branches, CommentId(5)).is_none()), (2, true));
    }
}
