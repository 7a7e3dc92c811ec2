//! Browsers in which somebody has logged in: whoever guesses from elsewhere does not lock those out.

use sqlx::{PgConnection, PgExecutor};

use super::network::NetworkHash;
use super::{UserId, token};

pub const DAYS: i32 = 90;
/// The longest unused beyond these are forgotten.
const PER_ACCOUNT: i64 = 20;

/// A fresh token for the browser's cookie; the one it came with is over.
pub async fn remember(tx: &mut PgConnection, user: UserId, old: Option<&str>) -> anyhow::Result<String> {
    let token = token::random()?;
    if let Some(old) = old {
        sqlx::query!(
            "delete from known_devices where token_hash = $1 and user_id = $2",
            token::digest(old),
            user.0
        )
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query!(
        "insert into known_devices (token_hash, user_id) values ($1, $2)",
        token::digest(&token),
        user.0
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from known_devices
          where user_id = $1
            and token_hash not in (select token_hash
                                     from known_devices
                                    where user_id = $1
                                    order by last_used_at desc, token_hash
                                    limit $2)",
        user.0,
        PER_ACCOUNT
    )
    .execute(tx)
    .await?;
    Ok(token)
}

/// What guesses of a known device are counted under: itself, instead of its network.
pub async fn known(db: impl PgExecutor<'_>, token: &str, email: &str) -> sqlx::Result<Option<NetworkHash>> {
    let hash = token::digest(token);
    let is_known = sqlx::query_scalar!(
        r#"select exists (select from known_devices d
                            join users u on u.id = d.user_id
                           where d.token_hash = $1 and lower(u.email) = lower($2) and u.disabled_at is null
                             and d.last_used_at > now() - make_interval(days => $3)) as "known!""#,
        hash,
        email.trim(),
        DAYS
    )
    .fetch_one(db)
    .await?;
    Ok(if is_known { <[u8; 32]>::try_from(hash).ok().map(NetworkHash) } else { None })
}

pub async fn forget_all(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from known_devices where user_id = $1", user.0).execute(db).await?;
    Ok(())
}

/// The same, but for the browser at hand, which goes on under the token that is answered.
pub async fn forget_others(tx: &mut PgConnection, user: UserId) -> anyhow::Result<String> {
    forget_all(&mut *tx, user).await?;
    remember(tx, user, None).await
}

pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let old = sqlx::query!(
        "delete from known_devices where last_used_at <= now() - make_interval(days => $1)",
        DAYS
    );
    Ok(old.execute(db).await?.rows_affected())
}
