//! The one-time link with which the first administrator is made. "The first visitor is admin" is never true.

use sqlx::{PgConnection, PgExecutor};

use super::user::{self, CreateError, NewUser};
use super::{Role, UserId, token};

/// Long enough for a weekend between installing and setting up.
pub const HOURS: i32 = 72;
/// "setup": one redeem at a time over all instances.
const LOCK: i64 = 0x0073_6574_7570;

#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// Never made, over, used, or an administrator is there already.
    #[error("This set-up link is not valid any more.")]
    Invalid,
    #[error(transparent)]
    Create(#[from] CreateError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A new token; earlier ones stay valid until somebody uses one.
pub async fn create(db: impl PgExecutor<'_>) -> anyhow::Result<String> {
    let token = token::random()?;
    sqlx::query!(
        "insert into setup_tokens (token_hash, expires_at) values ($1, now() + make_interval(hours => $2))",
        token::digest(&token),
        HOURS
    )
    .execute(db)
    .await?;
    Ok(token)
}

/// Whether the form may be shown; looking uses nothing up.
pub async fn is_valid(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from setup_tokens
                           where token_hash = $1 and used_at is null and expires_at > now())
              and not exists (select from users where role = 'admin' and disabled_at is null) as "valid!""#,
        token::digest(token)
    )
    .fetch_one(db)
    .await
}

/// Makes the administrator and uses up every link, or changes nothing. The caller commits.
pub async fn redeem(
    tx: &mut PgConnection,
    token: &str,
    email: &str,
    name: &str,
    password_hash: &str,
) -> Result<UserId, RedeemError> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut *tx).await?;
    if !is_valid(&mut *tx, token).await? {
        return Err(RedeemError::Invalid);
    }
    let admin = user::create(tx, &NewUser { email, name, role: Role::Admin, password_hash }).await?;
    sqlx::query!("update setup_tokens set used_at = now() where used_at is null").execute(tx).await?;
    Ok(admin)
}
