//! The second factor: a secret shared with an app, and ten codes for the day the app is lost.

use sqlx::{PgConnection, PgExecutor};

use super::{Role, UserId, seal, token, totp, user};

/// As many as fit on a slip of paper.
pub const RECOVERY_CODES: usize = 10;
/// 80 bits: too many to guess, so that a fast hash is enough.
const RECOVERY_BYTES: usize = 10;

/// The secret that is being set up: made at the first look and the same at each further one. `None` when a second
/// factor is there already.
pub async fn begin(db: &mut PgConnection, key: &[u8; 32], user: UserId) -> anyhow::Result<Option<Vec<u8>>> {
    let fresh = seal::seal(key, &owner(user), &token::bytes()?[..totp::SECRET_BYTES])?;
    // One that the key of today does not open is replaced.
    let found = stored(&mut *db, user).await?;
    let is_usable = |row: &Stored| seal::open(key, &owner(user), &row.secret).is_some();
    let sealed = match found {
        Some(row) if row.confirmed => return Ok(None),
        Some(row) if is_usable(&row) => row.secret,
        _ => {
            sqlx::query!(
                "insert into second_factors (user_id, secret) values ($1, $2)
                 on conflict (user_id) do update set secret = excluded.secret, created_at = now()
                 where second_factors.confirmed_at is null",
                user.0,
                fresh
            )
            .execute(&mut *db)
            .await?;
            fresh
        }
    };
    Ok(seal::open(key, &owner(user), &sealed))
}

/// Turns on what `begin` made, if this code comes from it; the recovery codes are to be shown once. Who is just coming
/// in with the password alone is in before it, and then the caller ends that session, or is asked for a code.
pub async fn confirm(
    tx: &mut PgConnection,
    key: &[u8; 32],
    user: UserId,
    typed: &str,
) -> anyhow::Result<Option<Vec<String>>> {
    user::hold(&mut *tx, user).await?;
    let Some(row) = stored(&mut *tx, user).await?.filter(|row| !row.confirmed) else { return Ok(None) };
    let Some(secret) = seal::open(key, &owner(user), &row.secret) else { return Ok(None) };
    let Some(step) = totp::step_of(&secret, &digits(typed), row.step, 0) else { return Ok(None) };
    sqlx::query!(
        "update second_factors set confirmed_at = now(), last_step = $2 where user_id = $1",
        user.0,
        step
    )
    .execute(&mut *tx)
    .await?;
    Ok(Some(renew_recovery_codes(tx, user).await?))
}

/// Which of the two opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    Code,
    RecoveryCode,
}

/// Whether this is a code of the app, later than the last one, or a recovery code that was not used. It is used up.
pub async fn verify(
    tx: &mut PgConnection,
    key: &[u8; 32],
    user: UserId,
    typed: &str,
) -> sqlx::Result<Option<Proof>> {
    let Some(row) = stored(&mut *tx, user).await?.filter(|row| row.confirmed) else { return Ok(None) };
    let secret = seal::open(key, &owner(user), &row.secret);
    let step = secret.and_then(|secret| totp::step_of(&secret, &digits(typed), row.step, row.last_step));
    if let Some(step) = step {
        sqlx::query!("update second_factors set last_step = $2 where user_id = $1", user.0, step)
            .execute(tx)
            .await?;
        return Ok(Some(Proof::Code));
    }
    let opened = sqlx::query!(
        "update recovery_codes set used_at = now() where code_hash = $1 and user_id = $2 and used_at is null",
        token::digest(&bare(typed)),
        user.0
    )
    .execute(tx)
    .await?;
    Ok((opened.rows_affected() == 1).then_some(Proof::RecoveryCode))
}

/// The codes that were there before open nothing any more.
pub async fn renew_recovery_codes(tx: &mut PgConnection, user: UserId) -> anyhow::Result<Vec<String>> {
    sqlx::query!("delete from recovery_codes where user_id = $1", user.0).execute(&mut *tx).await?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let code = totp::base32(&token::bytes()?[..RECOVERY_BYTES]).to_lowercase();
        sqlx::query!(
            "insert into recovery_codes (code_hash, user_id) values ($1, $2)",
            token::digest(&code),
            user.0
        )
        .execute(&mut *tx)
        .await?;
        codes.push(in_fours(&code));
    }
    Ok(codes)
}

pub async fn is_on(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from second_factors where user_id = $1 and confirmed_at is not null) as "on!""#,
        user.0
    )
    .fetch_one(db)
    .await
}

pub async fn recovery_codes_left(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_codes where user_id = $1 and used_at is null"#,
        user.0
    )
    .fetch_one(db)
    .await
}

/// Takes it off, whatever state it is in. `false`: there was none.
pub async fn remove(tx: &mut PgConnection, user: UserId) -> sqlx::Result<bool> {
    user::hold(&mut *tx, user).await?;
    sqlx::query!("delete from recovery_codes where user_id = $1", user.0).execute(&mut *tx).await?;
    sqlx::query!("delete from login_challenges where user_id = $1", user.0).execute(&mut *tx).await?;
    let removed = sqlx::query!("delete from second_factors where user_id = $1", user.0).execute(tx).await?;
    Ok(removed.rows_affected() > 0)
}

/// A key that was shown and never confirmed: whoever stood at an open session may have it.
pub async fn forget_unconfirmed(db: impl PgExecutor<'_>, user: UserId) -> sqlx::Result<()> {
    sqlx::query!("delete from second_factors where user_id = $1 and confirmed_at is null", user.0)
        .execute(db)
        .await?;
    Ok(())
}

/// The roles that must have one.
pub async fn required_of(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Role>> {
    sqlx::query_scalar!(r#"select role as "role: Role" from role_rules where second_factor"#)
        .fetch_all(db)
        .await
}

pub async fn require_of(tx: &mut PgConnection, roles: &[Role]) -> sqlx::Result<()> {
    let roles: Vec<String> = roles.iter().map(Role::to_string).collect();
    let all: Vec<String> = Role::ALL.iter().map(Role::to_string).collect();
    sqlx::query!(
        "insert into role_rules (role, second_factor)
         select role, role = any($2::text[]) from unnest($1::text[]) role
         on conflict (role) do update set second_factor = excluded.second_factor",
        &all,
        &roles
    )
    .execute(tx)
    .await?;
    Ok(())
}

struct Stored {
    secret: Vec<u8>,
    confirmed: bool,
    last_step: i64,
    /// The step of now, on the clock of the database, so that all instances agree.
    step: i64,
}

/// One after another for one account: the same code sent twice at once counts once.
async fn stored(db: &mut PgConnection, user: UserId) -> sqlx::Result<Option<Stored>> {
    sqlx::query_as!(
        Stored,
        r#"select secret, confirmed_at is not null as "confirmed!", last_step,
                  floor(extract(epoch from clock_timestamp()) / 30)::bigint as "step!"
             from second_factors
            where user_id = $1
              for update"#,
        user.0
    )
    .fetch_optional(db)
    .await
}

fn owner(user: UserId) -> String {
    format!("second factor of {user}")
}

/// Apps show `123 456`.
fn digits(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_whitespace()).collect()
}

fn bare(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

fn in_fours(code: &str) -> String {
    code.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        assert_eq!(in_fours("abcdefghijklmnop"), "abcd-efgh-ijkl-mnop");
        assert_eq!(bare(" ABCD efgh-IJKL-mnop "), "abcdefghijklmnop");
        assert_eq!(digits(" 123 456 "), "123456");
    }
}
