//! Accounts. Changing what an account may do ends its sessions in the same transaction.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::{Role, api_token, challenge, device, invitation, reset, second_factor, session};

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type, serde::Serialize, serde::Deserialize,
)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct UserId(pub i64);

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[derive(Clone, Debug)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub disabled: bool,
}

/// An account to be made; the password is hashed already (`password::Hasher::hash`).
#[derive(Clone, Debug)]
pub struct NewUser<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub password_hash: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Belongs to the field `email`.
    #[error("There is an account with this e-mail address already.")]
    EmailTaken,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A field of an account that breaks a rule: the field and what is wrong with it.
pub type FieldError = (&'static str, &'static str);

/// The rules for name and address, as the forms and the command line both need them.
pub fn check(email: &str, name: &str) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let halves = email.split_once('@');
    let plausible =
        halves.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    if !plausible || email.chars().count() > 254 || email.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        errors.push(("email", "Enter an e-mail address, such as name@example.org."));
    }
    let name_chars = name.trim().chars().count();
    if name_chars == 0 || name_chars > 100 || name.chars().any(char::is_control) {
        errors.push(("name", "Enter a name of at most 100 characters."));
    }
    errors
}

pub async fn create(db: &mut PgConnection, new: &NewUser<'_>) -> Result<UserId, CreateError> {
    let created = sqlx::query_scalar!(
        r#"insert into users (email, name, role, password_hash)
           values ($1, $2, $3, $4)
           on conflict (lower(email)) do nothing
           returning id as "id: UserId""#,
        new.email.trim(),
        new.name.trim(),
        new.role.as_str(),
        new.password_hash
    )
    .fetch_optional(db)
    .await?;
    created.ok_or(CreateError::EmailTaken)
}

/// Also the disabled ones.
pub async fn by_email(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        r#"select id as "id: UserId", email, name, role as "role: Role", disabled_at is not null as "disabled!"
             from users
            where lower(email) = lower($1)"#,
        email.trim()
    )
    .fetch_optional(db)
    .await
}

pub async fn by_id(db: impl PgExecutor<'_>, id: UserId) -> sqlx::Result<Option<User>> {
    sqlx::query_as!(
        User,
        r#"select id as "id: UserId", email, name, role as "role: Role", disabled_at is not null as "disabled!"
             from users
            where id = $1"#,
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Everybody, by name. A newsroom's worth: no paging.
pub async fn list(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<User>> {
    sqlx::query_as!(
        User,
        r#"select id as "id: UserId", email, name, role as "role: Role", disabled_at is not null as "disabled!"
             from users
            order by lower(name), id
            limit 1000"#
    )
    .fetch_all(db)
    .await
}

/// An account as the list of the desk shows it.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: User,
    pub created_at: DateTime<Utc>,
    pub last_login_at: Option<DateTime<Utc>>,
    pub has_second_factor: bool,
}

/// Everybody with their dates, by name.
pub async fn accounts(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Account>> {
    let rows = sqlx::query!(
        r#"select id as "id: UserId", email, name, role as "role: Role", disabled_at is not null as "disabled!",
                  created_at, last_login_at,
                  exists (select from second_factors f
                           where f.user_id = users.id and f.confirmed_at is not null) as "has_second!"
             from users
            order by lower(name), id
            limit 1000"#
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Account {
            user: User {
                id: row.id,
                email: row.email,
                name: row.name,
                role: row.role,
                disabled: row.disabled,
            },
            created_at: row.created_at,
            last_login_at: row.last_login_at,
            has_second_factor: row.has_second,
        })
        .collect())
}

/// Whether somebody else could still manage accounts without this one. Until the caller's transaction ends, no
/// other can take an administrator away, so two of them cannot remove each other.
pub async fn has_other_admin(db: &mut PgConnection, id: UserId) -> sqlx::Result<bool> {
    let admins = sqlx::query_scalar!(
        r#"select id as "id: UserId" from users where role = 'admin' and disabled_at is null order by id for update"#
    )
    .fetch_all(db)
    .await?;
    Ok(admins.iter().any(|admin| *admin != id))
}

pub async fn any_admin(db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
    let any = sqlx::query_scalar!(
        r#"select exists (select from users where role = 'admin' and disabled_at is null) as "any!""#
    );
    any.fetch_one(db).await
}

/// The account and its stored hash, for the login only. A disabled account is not there.
pub async fn credentials(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<Option<(UserId, String)>> {
    let row = sqlx::query!(
        r#"select id as "id: UserId", password_hash
             from users
            where lower(email) = lower($1) and disabled_at is null"#,
        email.trim()
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.id, row.password_hash)))
}

pub async fn logged_in(db: &mut PgConnection, id: UserId) -> sqlx::Result<()> {
    sqlx::query!("update users set last_login_at = now() where id = $1", id.0).execute(db).await?;
    Ok(())
}

/// Nobody changes this account, and nobody else comes in with it, until the transaction ends. Its stored hash; `None`:
/// it is not there, or disabled. Whoever has compared a password compares the hash: it may be another by now.
pub async fn hold(tx: &mut PgConnection, id: UserId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select password_hash from users where id = $1 and disabled_at is null for no key update",
        id.0
    )
    .fetch_optional(tx)
    .await
}

/// What the owner's password is compared with when it is asked again.
pub async fn password_hash(db: impl PgExecutor<'_>, id: UserId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select password_hash from users where id = $1", id.0).fetch_optional(db).await
}

/// A password somebody else set, or the owner after losing the old one: whoever is logged in is logged out.
pub async fn reset_password(db: &mut PgConnection, id: UserId, password_hash: &str) -> sqlx::Result<()> {
    set_password(&mut *db, id, password_hash, false).await?;
    log_out_everywhere(db, id).await
}

/// `is_short`: long enough only beside a second factor. Links with which it could be set once more are over.
pub async fn set_password(
    db: &mut PgConnection,
    id: UserId,
    password_hash: &str,
    is_short: bool,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set password_hash = $2, password_short = $3 where id = $1",
        id.0,
        password_hash,
        is_short
    )
    .execute(&mut *db)
    .await?;
    reset::cancel_all(&mut *db, id).await?;
    second_factor::forget_unconfirmed(&mut *db, id).await?;
    challenge::end_all(db, id).await
}

/// Every session ends, and every browser is a stranger again.
pub async fn log_out_everywhere(db: &mut PgConnection, id: UserId) -> sqlx::Result<()> {
    second_factor::forget_unconfirmed(&mut *db, id).await?;
    challenge::end_all(&mut *db, id).await?;
    device::forget_all(&mut *db, id).await?;
    session::end_all(db, id).await
}

/// What an account says of itself.
#[derive(Clone, Debug)]
pub struct Profile {
    pub name: String,
    pub email: String,
    /// Tags, with commas between them.
    pub languages: String,
}

pub async fn profile(db: impl PgExecutor<'_>, id: UserId) -> sqlx::Result<Option<Profile>> {
    sqlx::query_as!(Profile, "select name, email, languages from users where id = $1", id.0)
        .fetch_optional(db)
        .await
}

pub async fn describe(db: &mut PgConnection, id: UserId, name: &str, languages: &str) -> sqlx::Result<()> {
    sqlx::query!("update users set name = $2, languages = $3 where id = $1", id.0, name.trim(), languages)
        .execute(db)
        .await?;
    Ok(())
}

/// `false`: another account has this address. Links that were sent to the old one are over.
pub async fn set_email(db: &mut PgConnection, id: UserId, email: &str) -> sqlx::Result<bool> {
    let set = sqlx::query!(
        "update users set email = $2
          where id = $1 and not exists (select from users where lower(email) = lower($2) and id <> $1)",
        id.0,
        email.trim()
    )
    .execute(&mut *db)
    .await;
    match set {
        Ok(set) if set.rows_affected() == 0 => Ok(false),
        Ok(_) => reset::cancel_all(db, id).await.map(|()| true),
        // Somebody else took it at the same moment.
        Err(sqlx::Error::Database(cause)) if cause.is_unique_violation() => Ok(false),
        Err(cause) => Err(cause),
    }
}

/// The same password, hashed anew: nobody's session ends. A newer one stays.
pub async fn rehash(db: &mut PgConnection, id: UserId, old: &str, password_hash: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update users set password_hash = $3 where id = $1 and password_hash = $2",
        id.0,
        old,
        password_hash
    )
    .execute(db)
    .await?;
    Ok(())
}

pub async fn set_role(db: &mut PgConnection, id: UserId, role: Role) -> sqlx::Result<()> {
    sqlx::query!("update users set role = $2 where id = $1", id.0, role.as_str()).execute(&mut *db).await?;
    end_links_by(&mut *db, id).await?;
    session::end_all(db, id).await
}

pub async fn disable(db: &mut PgConnection, id: UserId) -> sqlx::Result<()> {
    sqlx::query!("update users set disabled_at = coalesce(disabled_at, now()) where id = $1", id.0)
        .execute(&mut *db)
        .await?;
    reset::cancel_all(&mut *db, id).await?;
    end_links_by(&mut *db, id).await?;
    api_token::revoke_all(&mut *db, id).await?;
    log_out_everywhere(db, id).await
}

/// What somebody gave out does not outlive what they may do.
async fn end_links_by(db: &mut PgConnection, id: UserId) -> sqlx::Result<()> {
    reset::cancel_all_by(&mut *db, id).await?;
    invitation::revoke_all_by(db, id).await
}

pub async fn enable(db: &mut PgConnection, id: UserId) -> sqlx::Result<()> {
    sqlx::query!("update users set disabled_at = null where id = $1", id.0).execute(db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_needs_something_on_both_sides_of_one_at() {
        for good in ["a@b", "mira.holt@example.org", "имя@пример.рф"] {
            assert!(check(good, "Mira").is_empty(), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nBcc: c@d"] {
            assert_eq!(check(bad, "Mira").first().map(|error| error.0), Some("email"), "{bad}");
        }
    }

    #[test]
    fn a_name_is_asked_for() {
        assert_eq!(check("a@b", " ").first().map(|error| error.0), Some("name"));
    }
}
