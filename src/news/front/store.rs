//! Where boards are kept: the one draft, and everything that was ever published, the last of which readers see.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::board::Board;
use crate::news::article::{ArticleId, State};

id!(BoardId);

/// Which board a page is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Published,
    Draft,
    /// One of the past.
    Old(BoardId),
}

/// A board, and the moment for which it is looked at.
#[derive(Debug)]
pub struct Seen {
    pub board: Board,
    pub at: DateTime<Utc>,
}

/// A board for a moment; without one, for now by the database's clock. Where nobody has arranged anything, it is the
/// first board.
pub async fn seen(db: impl PgExecutor<'_>, which: Which, at: Option<DateTime<Utc>>) -> sqlx::Result<Seen> {
    let (is_draft, old) = match which {
        Which::Published => (false, None),
        Which::Draft => (true, None),
        Which::Old(id) => (false, Some(id)),
    };
    let row = sqlx::query!(
        r#"select coalesce($1::timestamptz, now()) as "at!",
                  coalesce((select d.content from board_draft d where $2),
                           (select b.content from boards b where $3::bigint is null or b.id = $3
                            order by b.id desc limit 1)) as "content: Json<Board>""#,
        at,
        is_draft,
        old as Option<BoardId>
    )
    .fetch_one(db)
    .await?;
    Ok(Seen { board: row.content.map_or_else(Board::first, |content| content.0), at: row.at })
}

/// What is being arranged, beside what readers see.
#[derive(Debug)]
pub struct Draft {
    pub board: Board,
    pub version: i32,
    pub updated_at: DateTime<Utc>,
    pub updated_by: String,
    pub published: Board,
}

impl Draft {
    /// Readers see something else.
    pub fn is_changed(&self) -> bool {
        self.board != self.published
    }
}

pub async fn draft(db: impl PgExecutor<'_>) -> sqlx::Result<Draft> {
    let row = sqlx::query!(
        r#"select d.content as "content?: Json<Board>", coalesce(d.version, 0) as "version!",
                  coalesce(d.updated_at, now()) as "updated_at!", coalesce(d.updated_by, '') as "updated_by!",
                  b.content as "published?: Json<Board>"
           from (values (true)) v (only_one)
           left join board_draft d using (only_one)
           left join (select content from boards order by id desc limit 1) b on true"#
    )
    .fetch_one(db)
    .await?;
    let published = row.published.map_or_else(Board::first, |content| content.0);
    Ok(Draft {
        board: row.content.map_or_else(|| published.clone(), |content| content.0),
        version: row.version,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
        published,
    })
}

/// Writes the draft over that version of it. `None`: somebody was quicker, and nothing is written.
pub async fn save_draft(
    db: &mut PgConnection,
    version: i32,
    board: &Board,
    by: &str,
) -> sqlx::Result<Option<i32>> {
    sqlx::query_scalar!(
        "insert into board_draft as d (version, content, updated_by) values ($1 + 1, $2, $3)
         on conflict (only_one) do update
         set content = excluded.content, version = excluded.version, updated_at = now(),
             updated_by = excluded.updated_by
         where d.version = $1
         returning version",
        version,
        Json(board) as _,
        by
    )
    .fetch_optional(db)
    .await
}

/// Makes the draft of that version what readers see. `None`: it has changed meanwhile.
pub async fn publish(db: &mut PgConnection, version: i32, by: &str) -> sqlx::Result<Option<BoardId>> {
    // The row is held until the end of the transaction: nobody changes what is being published.
    sqlx::query_scalar!(
        r#"with draft as (select content from board_draft where version = $1 for update)
           insert into boards (content, published_by) select content, $2 from draft
           returning id as "id: BoardId""#,
        version,
        by
    )
    .fetch_optional(db)
    .await
}

/// Makes an old board what readers see again. `None`: there is none of this number.
pub async fn restore(db: &mut PgConnection, id: BoardId, by: &str) -> sqlx::Result<Option<BoardId>> {
    sqlx::query_scalar!(
        r#"insert into boards (content, published_by, restores) select content, $2, id from boards where id = $1
           returning id as "id: BoardId""#,
        id as BoardId,
        by
    )
    .fetch_optional(db)
    .await
}

/// A board that was published.
#[derive(Debug)]
pub struct Publication {
    pub id: BoardId,
    pub at: DateTime<Utc>,
    pub by: String,
    /// When the board was published first that this one brought back.
    pub restores: Option<DateTime<Utc>>,
}

/// What was published, the last first.
pub async fn history(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<Publication>> {
    sqlx::query_as!(
        Publication,
        r#"select b.id as "id: BoardId", b.published_at as at, b.published_by as by, r.published_at as "restores?"
           from boards b
           left join boards r on r.id = b.restores
           order by b.id desc
           limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}

/// An article on the board, whether readers see it or not.
#[derive(Debug)]
pub struct Named {
    pub id: ArticleId,
    pub headline: String,
    pub state: State,
    pub publish_at: Option<DateTime<Utc>>,
    /// Readers may see it, by the database's clock.
    pub visible: bool,
}

/// What the articles of a board are called.
pub async fn named(db: impl PgExecutor<'_>, ids: &[ArticleId]) -> sqlx::Result<Vec<Named>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sqlx::query_as!(
        Named,
        r#"select id as "id: ArticleId", headline, state as "state: State", publish_at,
                  (state = 'published' and publish_at <= now()
                   and (expire_at is null or expire_at > now())) as "visible!"
           from articles
           where id = any($1)"#,
        &ids
    )
    .fetch_all(db)
    .await
}

/// Changes the board that readers see, and the draft with it: for whatever sets up a paper by itself.
pub async fn amend(db: &mut PgConnection, by: &str, change: impl FnOnce(&mut Board)) -> sqlx::Result<()> {
    let mut draft = draft(&mut *db).await?;
    change(&mut draft.board);
    if let Some(version) = save_draft(db, draft.version, &draft.board, by).await? {
        publish(db, version, by).await?;
    }
    Ok(())
}

/// Whether a board of this number was published.
pub async fn exists(db: impl PgExecutor<'_>, id: BoardId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from boards where id = $1) as "there!""#, id as BoardId)
        .fetch_one(db)
        .await
}
