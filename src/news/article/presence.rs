//! Who has an article open, and since when. A page says so every half minute; what is silent for longer is closed.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::ArticleId;
use crate::accounts::UserId;

/// Two signs of life may get lost.
const SILENT_SECONDS: f64 = 90.0;
/// A page that comes back within this time was only loaded again.
const BACK_SECONDS: f64 = 60.0;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    pub article_id: ArticleId,
    pub name: String,
    /// Of several tabs the first.
    pub since: DateTime<Utc>,
}

/// Everybody but `user` who has this article open, who came first.
pub async fn others(db: impl PgExecutor<'_>, article: ArticleId, user: UserId) -> sqlx::Result<Vec<Present>> {
    of(db, &[article], user).await
}

/// The same for several articles at once, for a list.
pub async fn of(
    db: impl PgExecutor<'_>,
    articles: &[ArticleId],
    except: UserId,
) -> sqlx::Result<Vec<Present>> {
    let ids: Vec<i64> = articles.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Present,
        r#"select p.article_id as "article_id: ArticleId", u.name, min(p.opened_at) as "since!"
           from presence p
           join users u on u.id = p.user_id
           where p.article_id = any($1) and p.user_id <> $2 and p.left_at is null
             and p.seen_at > now() - make_interval(secs => $3)
           group by p.article_id, u.id
           order by min(p.opened_at), u.id"#,
        &ids,
        except as UserId,
        SILENT_SECONDS
    )
    .fetch_all(db)
    .await
}

/// A sign of life of one tab. `false`: there is no such article any more.
pub async fn arrive(
    db: &mut PgConnection,
    article: ArticleId,
    user: UserId,
    tab: &str,
) -> sqlx::Result<bool> {
    let seen = sqlx::query!(
        "insert into presence as p (article_id, user_id, tab)
         select id, $2, $3 from articles where id = $1
         on conflict (article_id, user_id, tab) do update
         set opened_at = case when coalesce(p.left_at + make_interval(secs => $4),
                                            p.seen_at + make_interval(secs => $5)) > now()
                              then p.opened_at else now() end,
             seen_at = now(), left_at = null",
        article as ArticleId,
        user as UserId,
        tab,
        BACK_SECONDS,
        SILENT_SECONDS
    )
    .execute(db)
    .await?;
    Ok(seen.rows_affected() > 0)
}

/// The tab went elsewhere.
pub async fn leave(db: &mut PgConnection, article: ArticleId, user: UserId, tab: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update presence set left_at = now() where article_id = $1 and user_id = $2 and tab = $3",
        article as ArticleId,
        user as UserId,
        tab
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes what nobody will come back to.
pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let swept =
        sqlx::query!("delete from presence where seen_at < now() - interval '1 day'").execute(db).await?;
    Ok(swept.rows_affected())
}
