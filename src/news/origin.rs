//! Origins: which row came from which key elsewhere, so that loading twice finds instead of doubling.

use sqlx::{PgConnection, PgExecutor};

/// The id that this key of this origin has here.
pub async fn find(db: impl PgExecutor<'_>, origin: &str, noun: &str, key: &str) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "select noun_id from origins where origin = $1 and noun = $2 and key = $3",
        origin,
        noun,
        key
    )
    .fetch_optional(db)
    .await
}

pub async fn record(db: &mut PgConnection, origin: &str, noun: &str, key: &str, id: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into origins (origin, noun, key, noun_id) values ($1, $2, $3, $4)
         on conflict (origin, noun, key) do update set noun_id = excluded.noun_id",
        origin,
        noun,
        key,
        id
    )
    .execute(db)
    .await?;
    Ok(())
}
