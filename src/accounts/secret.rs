//! Random keys that all instances share, made by whoever comes first.

use sqlx::PgPool;

use super::token;

/// The key of that name, created if nobody has yet. Two that come first at once get the same one.
pub async fn named(db: &PgPool, name: &str) -> anyhow::Result<[u8; 32]> {
    let fresh = token::bytes()?;
    sqlx::query!(
        "insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing",
        name,
        &fresh[..]
    )
    .execute(db)
    .await?;
    let value = sqlx::query_scalar!("select value from secrets where name = $1", name).fetch_one(db).await?;
    <[u8; 32]>::try_from(value).map_err(|_| anyhow::anyhow!("the secret {name:?} is not 32 bytes long"))
}
