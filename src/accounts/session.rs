//! Sessions: who is logged in, on the database's clock, so that all instances agree.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Role, User, UserId, token};

/// Somebody who has gone for lunch logs in again.
pub const IDLE_MINUTES: i32 = 60;
pub const ABSOLUTE_HOURS: i32 = 12;
/// Within this time of the password, what changes an account needs no second look at it.
pub const FRESH_MINUTES: i32 = 15;
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

/// Tells the sessions of an account apart without showing their tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Deserialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct SessionId(pub i64);

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What an account lacks before anything else opens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The site asks one of this role.
    SecondFactor,
    /// The password was long enough beside a second factor, which is gone.
    LongerPassword,
}

/// Somebody who is logged in.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub user: User,
    /// Whether the password was asked within the last minutes.
    pub is_fresh: bool,
    pub need: Option<Need>,
}

/// Always a fresh token: what a client brings is never adopted.
pub async fn create(db: &mut PgConnection, user: UserId) -> anyhow::Result<Token> {
    create_in(db, user, "").await
}

/// The same, in a browser that the list of sessions shall name.
pub async fn create_in(db: &mut PgConnection, user: UserId, browser: &str) -> anyhow::Result<Token> {
    let token = token::random()?;
    sqlx::query!(
        "insert into sessions (token_hash, user_id, expires_at, browser)
         values ($1, $2, now() + make_interval(hours => $3), left($4, 60))",
        token::digest(&token),
        user.0,
        ABSOLUTE_HOURS,
        browser
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
    Ok(by_token(db, token).await?.map(|session| session.user))
}

/// The session of this token, if it is alive and the account is not disabled.
pub async fn by_token(db: &PgPool, token: &str) -> sqlx::Result<Option<Session>> {
    let hash = token::digest(token);
    let row = sqlx::query!(
        r#"select s.id as "session: SessionId", u.id as "id: UserId", u.email, u.name, u.role as "role: Role",
                  s.last_seen_at < now() - interval '1 minute' as "stale!",
                  s.authed_at > now() - make_interval(mins => $3) as "fresh!",
                  exists (select from second_factors f
                           where f.user_id = u.id and f.confirmed_at is not null) as "has_second!",
                  exists (select from role_rules r where r.role = u.role and r.second_factor) as "asks_second!",
                  u.password_short
             from sessions s
             join users u on u.id = s.user_id
            where s.token_hash = $1
              and s.expires_at > now()
              and s.last_seen_at > now() - make_interval(mins => $2)
              and u.disabled_at is null"#,
        hash,
        IDLE_MINUTES,
        FRESH_MINUTES
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.stale {
        touch(db, &hash).await?;
    }
    let need = match (row.has_second, row.asks_second, row.password_short) {
        (false, true, _) => Some(Need::SecondFactor),
        (false, false, true) => Some(Need::LongerPassword),
        _ => None,
    };
    let user = User { id: row.id, email: row.email, name: row.name, role: row.role, disabled: false };
    Ok(Some(Session { id: row.session, user, is_fresh: row.fresh, need }))
}

/// The same session under a new token, its password asked just now. `None`: it is over.
pub async fn renew(db: &mut PgConnection, id: SessionId) -> anyhow::Result<Option<Token>> {
    let token = token::random()?;
    let renewed = sqlx::query!(
        "update sessions set token_hash = $2, authed_at = now(), last_seen_at = now() where id = $1",
        id.0,
        token::digest(&token)
    );
    let renewed = renewed.execute(db).await?.rows_affected() == 1;
    Ok(renewed.then_some(Token(token)))
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct Open {
    pub id: SessionId,
    pub browser: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
}

/// Those that are alive, the last used first.
pub async fn open_of(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<Vec<Open>> {
    sqlx::query_as!(
        Open,
        r#"select id as "id: SessionId", browser, created_at, last_seen_at
             from sessions
            where user_id = $1 and expires_at > now() and last_seen_at > now() - make_interval(mins => $2)
            order by last_seen_at desc, id desc"#,
        user.0,
        IDLE_MINUTES
    )
    .fetch_all(db)
    .await
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

/// One of this account's; `false`: it has no such session.
pub async fn end_one(db: impl PgExecutor<'_>, user: UserId, id: SessionId) -> sqlx::Result<bool> {
    let ended = sqlx::query!("delete from sessions where user_id = $1 and id = $2", user.0, id.0);
    Ok(ended.execute(db).await?.rows_affected() > 0)
}

/// All of the account but the one at hand.
pub async fn end_others(db: impl PgExecutor<'_>, user: UserId, kept: SessionId) -> sqlx::Result<u64> {
    let ended = sqlx::query!("delete from sessions where user_id = $1 and id <> $2", user.0, kept.0);
    Ok(ended.execute(db).await?.rows_affected())
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
