//! Invitations: a role set beforehand, a link that works once, three days long.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::user::{self, CreateError, NewUser};
use super::{Role, UserId, token};

pub const HOURS: i32 = 72;

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Serialize, serde::Deserialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct InvitationId(pub i64);

impl std::fmt::Display for InvitationId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One that can still be used.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    /// Of whom it is meant for; "" when the link is handed over.
    pub email: String,
    pub role: Role,
    /// The name of who made it; "" when they are gone.
    pub by: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Without a link yet: `link` makes one.
pub async fn create(
    tx: &mut PgConnection,
    email: &str,
    role: Role,
    by: UserId,
) -> sqlx::Result<InvitationId> {
    sqlx::query_scalar!(
        r#"insert into invitations (email, role, created_by, expires_at)
           values ($1, $2, $3, now() + make_interval(hours => $4))
           returning id as "id: InvitationId""#,
        email.trim(),
        role.as_str(),
        by.0,
        HOURS
    )
    .fetch_one(tx)
    .await
}

/// A fresh token that lives three days from now; the one before opens nothing any more. `None`: used or revoked.
pub async fn link(tx: &mut PgConnection, id: InvitationId) -> anyhow::Result<Option<String>> {
    let token = token::random()?;
    let made = sqlx::query!(
        "update invitations set token_hash = $2, expires_at = now() + make_interval(hours => $3)
          where id = $1 and used_at is null and revoked_at is null",
        id.0,
        token::digest(&token),
        HOURS
    );
    Ok((made.execute(tx).await?.rows_affected() == 1).then_some(token))
}

/// Those that wait for somebody, the newest first; also those whose time is over, for they can be given a new link.
pub async fn open(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"select i.id as "id: InvitationId", i.email, i.role as "role: Role", coalesce(u.name, '') as "by!",
                  i.created_at, i.expires_at
             from invitations i
             left join users u on u.id = i.created_by
            where i.used_at is null and i.revoked_at is null and i.expires_at > now() - interval '30 days'
            order by i.created_at desc, i.id desc
            limit 200"#
    )
    .fetch_all(db)
    .await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: InvitationId) -> sqlx::Result<Option<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"select i.id as "id: InvitationId", i.email, i.role as "role: Role", coalesce(u.name, '') as "by!",
                  i.created_at, i.expires_at
             from invitations i
             left join users u on u.id = i.created_by
            where i.id = $1 and i.used_at is null and i.revoked_at is null"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// What a link opens; looking uses nothing up.
pub async fn by_token(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<Option<Invitation>> {
    sqlx::query_as!(
        Invitation,
        r#"select i.id as "id: InvitationId", i.email, i.role as "role: Role", coalesce(u.name, '') as "by!",
                  i.created_at, i.expires_at
             from invitations i
             left join users u on u.id = i.created_by
            where i.token_hash = $1 and i.used_at is null and i.revoked_at is null and i.expires_at > now()"#,
        token::digest(token)
    )
    .fetch_optional(db)
    .await
}

#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// Over, used, or revoked.
    #[error("This invitation is not valid any more.")]
    Invalid,
    #[error(transparent)]
    Create(#[from] CreateError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Makes the account and uses the link up, or changes nothing. Of two at once, one wins. The caller commits.
pub async fn redeem(
    tx: &mut PgConnection,
    token: &str,
    email: &str,
    name: &str,
    password_hash: &str,
) -> Result<UserId, RedeemError> {
    let row = sqlx::query!(
        r#"update invitations set used_at = now()
            where token_hash = $1 and used_at is null and revoked_at is null and expires_at > now()
           returning id, role as "role: Role""#,
        token::digest(token)
    )
    .fetch_optional(&mut *tx)
    .await?;
    let row = row.ok_or(RedeemError::Invalid)?;
    let user = user::create(&mut *tx, &NewUser { email, name, role: row.role, password_hash }).await?;
    sqlx::query!("update invitations set user_id = $2 where id = $1", row.id, user.0).execute(tx).await?;
    Ok(user)
}

/// `false`: there is no such open invitation.
pub async fn revoke(tx: &mut PgConnection, id: InvitationId) -> sqlx::Result<bool> {
    let revoked = sqlx::query!(
        "update invitations set revoked_at = now(), token_hash = null
          where id = $1 and used_at is null and revoked_at is null",
        id.0
    );
    Ok(revoked.execute(tx).await?.rows_affected() == 1)
}

/// All that this account made and nobody has used.
pub(super) async fn revoke_all_by(db: impl PgExecutor<'_>, maker: UserId) -> sqlx::Result<()> {
    sqlx::query!(
        "update invitations set revoked_at = now(), token_hash = null
          where created_by = $1 and used_at is null and revoked_at is null",
        maker.0
    )
    .execute(db)
    .await?;
    Ok(())
}
