//! Sessions: who is logged in, on the database's clock, so that all instances agree.

use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Role, User, UserId, token};

/// Somebody who has gone for lunch logs in again.
pub const IDLE_MINUTES: i32 = 60;
pub const ABSOLUTE_HOURS: i32 = 12;
/// The oldest beyond these end: a forgotten browser does not stay open for ever.
pub const PER_ACCOUNT: i64 = 10;

/// The text of the cookie; the database holds only its hash.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Always a fresh token: what a client brings is never adopted.
pub async fn create(db: &mut PgConnection, user: UserId) -> anyhow::Result<Token> {
    let token = token::random()?;
    sqlx::query!(
        "insert into sessions (token_hash, user_id, expires_at)
         values ($1, $2, now() + make_interval(hours => $3))",
        token::digest(&token),
        user.0,
        ABSOLUTE_HOURS
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "delete from sessions
          where user_id = $1
            and token_hash not in (select token_hash
                                     from sessions
                                    where user_id = $1
                                    order by created_at desc, token_hash
                                    limit $2)",
        user.0,
        PER_ACCOUNT
    )
    .execute(db)
    .await?;
    Ok(Token(token))
}

/// Who holds this token, if the session is alive and the account is not disabled.
pub async fn user(db: &PgPool, token: &str) -> sqlx::Result<Option<User>> {
    let hash = token::digest(token);
    let row = sqlx::query!(
        r#"select u.id as "id: UserId", u.email, u.name, u.role as "role: Role",
                  s.last_seen_at < now() - interval '1 minute' as "stale!"
             from sessions s
             join users u on u.id = s.user_id
            where s.token_hash = $1
              and s.expires_at > now()
              and s.last_seen_at > now() - make_interval(mins => $2)
              and u.disabled_at is null"#,
        hash,
        IDLE_MINUTES
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.stale {
        touch(db, &hash).await?;
    }
    Ok(Some(User { id: row.id, email: row.email, name: row.name, role: row.role, disabled: false }))
}

/// At most once a minute, so that reading at the desk does not write at every click.
async fn touch(db: impl PgExecutor<'_>, hash: &[u8]) -> sqlx::Result<()> {
    sqlx::query!("update sessions set last_seen_at = now() where token_hash = $1", hash).execute(db).await?;
    Ok(())
}

pub async fn end(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<()> {
    sqlx::query!("delete from sessions where token_hash = $1", token::digest(token)).execute(db).await?;
    Ok(())
}

pub async fn end_all(db: &mut PgConnection, user: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from sessions where user_id = $1", user.0).execute(db).await?;
    Ok(())
}

/// Removes what is over; for the sweep.
pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let over = sqlx::query!(
        "delete from sessions where expires_at <= now() or last_seen_at <= now() - make_interval(mins => $1)",
        IDLE_MINUTES
    );
    Ok(over.execute(db).await?.rows_affected())
}
