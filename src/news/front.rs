//! The front page as editors arrange it: the editor's choice, an ordered list with optional start and end.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::{
    article::{
        ArticleId, State,
        card::{Card, cards},
    },
    media::Rendition,
};
use crate::text::{Language, Slug};

/// One place of the board, as the desk shows it.
#[derive(Debug)]
pub struct Slot {
    pub article_id: ArticleId,
    pub headline: String,
    pub state: State,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    /// Its time on the board.
    pub turn: Turn,
    /// Readers may see the article, by the database's clock.
    pub visible: bool,
    pub publish_at: Option<DateTime<Utc>>,
}

impl Slot {
    /// Readers see it in the editor's choice now.
    pub fn shown(&self) -> bool {
        self.visible && self.turn == Turn::Now
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Turn {
    Ahead,
    Now,
    Over,
}

/// What readers see of the editor's choice now.
pub async fn editors_choice(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Card>> {
    cards!(
        from "join editors_choice e on e.article_id = a.id",
        "and (e.starts_at is null or e.starts_at <= now()) and (e.ends_at is null or e.ends_at > now())
         order by e.position, e.id
         limit $1",
        limit
    )
    .fetch_all(db)
    .await
}

/// The whole board in order.
pub async fn board(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Slot>> {
    sqlx::query_as!(
        Slot,
        r#"select e.article_id as "article_id: ArticleId", a.headline, a.state as "state: State",
                  e.starts_at, e.ends_at, a.publish_at,
                  case when e.starts_at > now() then 'ahead' when e.ends_at <= now() then 'over' else 'now' end as "turn!: Turn",
                  (a.state = 'published' and a.publish_at <= now()
                   and (a.expire_at is null or a.expire_at > now())) as "visible!"
           from editors_choice e
           join articles a on a.id = e.article_id
           order by e.position, e.id"#
    )
    .fetch_all(db)
    .await
}

/// Puts an article at the end of the board, or changes its times where it is.
pub async fn place(
    db: &mut PgConnection,
    article: ArticleId,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into editors_choice (article_id, starts_at, ends_at, position)
         values ($1, $2, $3, (select coalesce(max(position), 0) + 1 from editors_choice))
         on conflict (article_id) do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at",
        article as ArticleId,
        starts_at,
        ends_at
    )
    .execute(db)
    .await?;
    Ok(())
}

/// `false`: it was not on the board.
pub async fn remove(db: &mut PgConnection, article: ArticleId) -> sqlx::Result<bool> {
    let removed = sqlx::query!("delete from editors_choice where article_id = $1", article as ArticleId)
        .execute(db)
        .await?;
    Ok(removed.rows_affected() > 0)
}

/// Puts the board into the given order; articles not named keep their place behind them.
pub async fn reorder(db: &mut PgConnection, order: &[ArticleId]) -> sqlx::Result<()> {
    let ids: Vec<i64> = order.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update editors_choice set position = coalesce(array_position($1::bigint[], article_id), 10000 + position)",
        &ids
    )
    .execute(db)
    .await?;
    Ok(())
}
