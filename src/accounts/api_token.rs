//! Tokens of programs. Each belongs to a person, does no more than that person may, and of that only what its scopes say.
//! It is shown once and kept as its hash; it ends by itself.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor, PgPool};

use super::{Role, User, UserId, token};

/// So that whoever finds one in a file knows what it is.
const PREFIX: &str = "bsk_";
/// Days that one may live.
pub const DAYS: [i32; 4] = [30, 90, 180, 365];
/// More in use at once would be forgotten.
pub const PER_ACCOUNT: i64 = 20;

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    DraftsRead,
    ArticlesWrite,
    ArticlesPublish,
    MediaRead,
    MediaWrite,
}

impl Scope {
    pub const ALL: [Self; 5] =
        [Self::DraftsRead, Self::ArticlesWrite, Self::ArticlesPublish, Self::MediaRead, Self::MediaWrite];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::DraftsRead => "drafts:read",
            Self::ArticlesWrite => "articles:write",
            Self::ArticlesPublish => "articles:publish",
            Self::MediaRead => "media:read",
            Self::MediaWrite => "media:write",
        }
    }

    /// For whoever chooses.
    pub fn words(self) -> &'static str {
        match self {
            Self::DraftsRead => "Read articles in every state",
            Self::ArticlesWrite => "Write articles, and hand them in",
            Self::ArticlesPublish => "Publish, schedule and withdraw articles",
            Self::MediaRead => "Look through the media",
            Self::MediaWrite => "Upload pictures",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type, serde::Deserialize)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct TokenId(pub i64);

impl std::fmt::Display for TokenId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A token that opens something, and whose it is.
#[derive(Clone, Debug)]
pub struct Held {
    pub id: TokenId,
    pub name: String,
    pub scopes: Vec<String>,
    pub expires_at: DateTime<Utc>,
    pub user: User,
}

impl Held {
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|name| name == scope.as_str())
    }
}

/// A new token, in words: nobody can be told it again.
pub async fn create(
    db: &mut PgConnection,
    user: UserId,
    name: &str,
    scopes: &[Scope],
    days: i32,
) -> anyhow::Result<(TokenId, String)> {
    let text = format!("{PREFIX}{}", token::random()?);
    let scopes: Vec<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    let id = sqlx::query_scalar!(
        r#"insert into api_tokens (user_id, name, token_hash, hint, scopes, expires_at)
           values ($1, $2, $3, right($4, 4), $5, now() + make_interval(days => $6))
           returning id as "id: TokenId""#,
        user.0,
        name,
        token::digest(&text),
        text,
        &scopes,
        days
    )
    .fetch_one(db)
    .await?;
    Ok((id, text))
}

/// Whose token this is. Over, revoked, or of somebody who may not come in at the moment: nobody's. What a role must have
/// to log in, it must have here too.
pub async fn by_text(db: &PgPool, text: &str) -> sqlx::Result<Option<Held>> {
    if !text.starts_with(PREFIX) {
        return Ok(None);
    }
    let hash = token::digest(text);
    let row = sqlx::query!(
        r#"select t.id as "token: TokenId", t.name as token_name, t.scopes, t.expires_at,
                  coalesce(t.last_used_at < now() - interval '1 minute', true) as "stale!",
                  u.id as "id: UserId", u.email, u.name, u.role as "role: Role"
             from api_tokens t
             join users u on u.id = t.user_id
            where t.token_hash = $1 and t.revoked_at is null and t.expires_at > now() and u.disabled_at is null
              and (exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null)
                   or not u.password_short
                      and not exists (select from role_rules r where r.role = u.role and r.second_factor))"#,
        hash
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.stale {
        sqlx::query!("update api_tokens set last_used_at = now() where id = $1", row.token.0)
            .execute(db)
            .await?;
    }
    let user = User { id: row.id, email: row.email, name: row.name, role: row.role, disabled: false };
    Ok(Some(Held {
        id: row.token,
        name: row.token_name,
        scopes: row.scopes,
        expires_at: row.expires_at,
        user,
    }))
}

/// A token as the desk shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: TokenId,
    pub user_id: UserId,
    pub owner: String,
    pub name: String,
    pub hint: String,
    pub scopes: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub is_over: bool,
}

/// Those of one person, or of everybody: those in use first, then the newest.
pub async fn list(db: impl PgExecutor<'_>, of: Option<UserId>) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select t.id as "id: TokenId", t.user_id as "user_id: UserId", u.name as owner, t.name, t.hint, t.scopes,
                  t.created_at, t.expires_at, t.last_used_at,
                  (t.revoked_at is not null or t.expires_at <= now() or u.disabled_at is not null) as "is_over!"
             from api_tokens t
             join users u on u.id = t.user_id
            where $1::bigint is null or t.user_id = $1
            order by (t.revoked_at is not null or t.expires_at <= now()), t.id desc
            limit 200"#,
        of.map(|user| user.0)
    )
    .fetch_all(db)
    .await
}

/// How many of a person's are in use.
pub async fn count(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from api_tokens
            where user_id = $1 and revoked_at is null and expires_at > now()"#,
        user.0
    )
    .fetch_one(db)
    .await
}

/// `of`: only if it is this person's. Its name, if there was one to revoke.
pub async fn revoke(db: &mut PgConnection, id: TokenId, of: Option<UserId>) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update api_tokens set revoked_at = now()
          where id = $1 and revoked_at is null and ($2::bigint is null or user_id = $2)
          returning name",
        id.0,
        of.map(|user| user.0)
    )
    .fetch_optional(db)
    .await
}

/// All of an account: they do not come back with it.
pub async fn revoke_all(db: &mut PgConnection, user: UserId) -> sqlx::Result<()> {
    sqlx::query!(
        "update api_tokens set revoked_at = now() where user_id = $1 and revoked_at is null",
        user.0
    )
    .execute(db)
    .await?;
    Ok(())
}
