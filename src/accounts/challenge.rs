//! Between the two steps of a login: the password was right, the code is awaited. It is bound to the browser that
//! typed the password, lives five minutes, stands five tries, and opens nothing.

use sqlx::{PgConnection, PgExecutor};

use super::throttle::Attempt;
use super::{UserId, token};

pub const MINUTES: i32 = 5;
pub const TRIES: i32 = 5;

/// The text of its cookie; earlier ones of the same account go on until they are over.
pub async fn create(tx: &mut PgConnection, user: UserId, attempt: &Attempt) -> anyhow::Result<String> {
    let token = token::random()?;
    let network = attempt.network();
    sqlx::query!(
        "insert into login_challenges (token_hash, user_id, account, network_hash, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(mins => $5))",
        token::digest(&token),
        user.0,
        attempt.account(),
        network.as_bytes(),
        MINUTES
    )
    .execute(tx)
    .await?;
    Ok(token)
}

/// Whose code is awaited.
#[derive(Clone, Debug)]
pub struct Challenge {
    pub user: UserId,
    account: String,
    network_hash: Vec<u8>,
    /// How many remain after the one that is being made.
    pub tries_left: i32,
}

impl Challenge {
    /// The attempt at whose password the count against guessing began.
    pub fn attempt(&self) -> Option<Attempt> {
        Attempt::resumed(&self.account, &self.network_hash)
    }
}

/// Whether the form may be shown; looking takes no try.
pub async fn is_open(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from login_challenges
                           where token_hash = $1 and expires_at > now() and tries < $2) as "open!""#,
        token::digest(token),
        TRIES
    )
    .fetch_one(db)
    .await
}

/// Takes one try, before the code is looked at: five at once are five. `None`: over, used up, or never made.
pub async fn take_try(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<Option<Challenge>> {
    sqlx::query_as!(
        Challenge,
        r#"update login_challenges c
              set tries = tries + 1
             from users u
            where c.token_hash = $1 and c.expires_at > now() and c.tries < $2
              and u.id = c.user_id and u.disabled_at is null
           returning c.user_id as "user: UserId", c.account, c.network_hash, $2 - c.tries as "tries_left!""#,
        token::digest(token),
        TRIES
    )
    .fetch_optional(db)
    .await
}

/// `false`: it had ended, for the account was changed meanwhile.
pub async fn end(db: impl PgExecutor<'_>, token: &str) -> sqlx::Result<bool> {
    let ended = sqlx::query!("delete from login_challenges where token_hash = $1", token::digest(token));
    Ok(ended.execute(db).await?.rows_affected() == 1)
}

/// Whoever waits for a code begins anew.
pub async fn end_all(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from login_challenges where user_id = $1", user.0).execute(db).await?;
    Ok(())
}

pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let over = sqlx::query!("delete from login_challenges where expires_at <= now()");
    Ok(over.execute(db).await?.rows_affected())
}
