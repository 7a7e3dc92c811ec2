//! Links with which somebody who forgot their password sets a new one: one use, half an hour, and the second factor is
//! asked all the same.

use std::time::Duration;

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::network::NetworkHash;
use super::{User, UserId, throttle, token, user};

pub const MINUTES: i32 = 30;
/// Requests within an hour; whether the address is known makes no difference.
const PER_ACCOUNT: i64 = 3;
const PER_NETWORK: i64 = 5;

/// Counts a request for a mail. `Err`: too many, so long until the next. The network is named as of today, then as of
/// yesterday.
pub async fn request(
    db: &PgPool,
    key: &[u8; 32],
    email: &str,
    (network, before): (NetworkHash, Option<NetworkHash>),
) -> sqlx::Result<Result<(), Duration>> {
    let account = throttle::hashed(key, email);
    let mut tx = db.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('reset requests', 0))")
        .execute(&mut *tx)
        .await?;
    let counts = sqlx::query!(
        r#"select count(*) filter (where account = $1) as "account!",
                  count(*) filter (where network_hash = any($2)) as "network!",
                  coalesce(ceil(extract(epoch from min(requested_at) + interval '1 hour' - now())), 0)::bigint as "left!"
             from reset_requests
            where (account = $1 or network_hash = any($2)) and requested_at > now() - interval '1 hour'"#,
        account,
        &throttle::names(network, before)
    )
    .fetch_one(&mut *tx)
    .await?;
    if counts.account >= PER_ACCOUNT || counts.network >= PER_NETWORK {
        return Ok(Err(Duration::from_secs(counts.left.max(1).unsigned_abs())));
    }
    sqlx::query!(
        "insert into reset_requests (account, network_hash) values ($1, $2)",
        account,
        network.as_bytes()
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// A fresh token; earlier ones of the account open nothing any more.
pub async fn create(tx: &mut PgConnection, user: UserId, by: Option<UserId>) -> anyhow::Result<String> {
    cancel_all(&mut *tx, user).await?;
    let token = token::random()?;
    sqlx::query!(
        "insert into password_resets (token_hash, user_id, created_by, expires_at)
         values ($1, $2, $3, now() + make_interval(mins => $4))",
        token::digest(&token),
        user.0,
        by as Option<UserId>,
        MINUTES
    )
    .execute(tx)
    .await?;
    Ok(token)
}

/// Whose password it sets; looking uses nothing up.
pub async fn owner(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<Option<User>> {
    let row = sqlx::query!(
        r#"select u.id as "id: UserId", u.email, u.name, u.role as "role: super::Role"
             from password_resets r
             join users u on u.id = r.user_id
            where r.token_hash = $1 and r.used_at is null and r.expires_at > now() and u.disabled_at is null"#,
        token::digest(token)
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| User { id: row.id, email: row.email, name: row.name, role: row.role, disabled: false }))
}

/// Sets the password and ends every session, or changes nothing and answers `false`. Of two at once, one wins.
pub async fn redeem(
    tx: &mut PgConnection,
    token: &str,
    password_hash: &str,
    is_short: bool,
) -> sqlx::Result<Option<UserId>> {
    let user = sqlx::query_scalar!(
        r#"update password_resets r
              set used_at = now()
             from users u
            where r.token_hash = $1 and r.used_at is null and r.expires_at > now()
              and u.id = r.user_id and u.disabled_at is null
           returning r.user_id as "user: UserId""#,
        token::digest(token)
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(user) = user {
        user::set_password(&mut *tx, user, password_hash, is_short).await?;
        user::log_out_everywhere(tx, user).await?;
    }
    Ok(user)
}

pub(super) async fn cancel_all(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<()> {
    sqlx::query!(
        "update password_resets set expires_at = now() where user_id = $1 and expires_at > now()",
        user.0
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Those that this account made for others.
pub(super) async fn cancel_all_by(db: impl PgExecutor<'_>, maker: UserId) -> sqlx::Result<()> {
    sqlx::query!(
        "update password_resets set expires_at = now() where created_by = $1 and expires_at > now()",
        maker.0
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn sweep(db: &PgPool) -> sqlx::Result<u64> {
    sqlx::query!("delete from reset_requests where requested_at < now() - interval '1 day'")
        .execute(db)
        .await?;
    let old = sqlx::query!("delete from password_resets where expires_at < now() - interval '1 day'");
    Ok(old.execute(db).await?.rows_affected())
}
