//! `broadsheet user`: accounts from the command line. The password is one line of standard input, so that it
//! stands in no history and no process list.

use std::io::BufRead;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::json;
use sqlx::PgPool;

use super::say;
use crate::accounts::password::{self, Hasher};
use crate::accounts::user::{self, CreateError, NewUser};
use crate::accounts::{Role, User, second_factor, secret, throttle};
use crate::config::Config;
use crate::db::{self, migrations};
use crate::news::audit::{self, Actor};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an account; the password is read from standard input, one line
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// author, editor or admin
        #[arg(long)]
        role: Role,
    },
    /// Set a new password (one line of standard input) and end all sessions of the account
    ResetPassword {
        #[arg(long)]
        email: String,
    },
    /// Take off the second factor of an account whose owner lost it, and end all its sessions
    ResetSecondFactor {
        #[arg(long)]
        email: String,
    },
    /// Show all accounts: role, e-mail address, name
    List,
}

pub(super) async fn run(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    let database = db::open(&config).await?;
    let done = act(command, &database.pool, &config.site_name).await;
    database.close().await?;
    done.map(|()| ExitCode::SUCCESS)
}

/// `site_name` is a word that passwords must not be made of.
async fn act(command: Command, db: &PgPool, site_name: &str) -> anyhow::Result<()> {
    migrations::migrate(db).await?;
    match command {
        Command::Create { email, name, role } => create(db, site_name, &email, &name, role).await,
        Command::ResetPassword { email } => reset_password(db, site_name, &email).await,
        Command::ResetSecondFactor { email } => reset_second_factor(db, &email).await,
        Command::List => list(db).await,
    }
}

async fn create(db: &PgPool, site_name: &str, email: &str, name: &str, role: Role) -> anyhow::Result<()> {
    if let Some((field, problem)) = user::check(email, name).first() {
        bail!("--{field}: {problem}");
    }
    let password_hash = new_password(&[site_name, email, name]).await?;
    let mut tx = db.begin().await?;
    match user::create(&mut tx, &NewUser { email, name, role, password_hash: &password_hash }).await {
        Ok(id) => {
            let detail = json!({ "name": name.trim(), "role": role.as_str() });
            audit::record(&mut tx, &Actor::command_line(), "create", "user", Some(id.0), detail).await?;
            tx.commit().await?;
        }
        Err(taken @ CreateError::EmailTaken) => bail!("--email: {taken}"),
        Err(CreateError::Database(cause)) => return Err(cause.into()),
    }
    say(&format!("{name} can log in as {email} with the role {role}."))
}

async fn reset_password(db: &PgPool, site_name: &str, email: &str) -> anyhow::Result<()> {
    let found = user::by_email(db, email).await?;
    let user = found.with_context(|| format!("there is no account {email}"))?;
    let password_hash = new_password(&[site_name, &user.email, &user.name]).await?;
    let mut tx = db.begin().await?;
    user::reset_password(&mut tx, user.id, &password_hash).await?;
    // Who forgot a password has guessed at it.
    throttle::pardon(&mut tx, &secret::named(db, "network").await?, &user.email).await?;
    let detail = json!({ "name": user.name });
    audit::record(&mut tx, &Actor::command_line(), "reset password", "user", Some(user.id.0), detail).await?;
    tx.commit().await?;
    say(&format!("{email} has a new password; all sessions of the account have ended."))
}

async fn reset_second_factor(db: &PgPool, email: &str) -> anyhow::Result<()> {
    let found = user::by_email(db, email).await?;
    let user = found.with_context(|| format!("there is no account {email}"))?;
    let mut tx = db.begin().await?;
    if !second_factor::remove(&mut tx, user.id).await? {
        bail!("{email} has no second factor");
    }
    user::log_out_everywhere(&mut tx, user.id).await?;
    let (actor, detail) = (Actor::command_line(), json!({ "name": user.name }));
    audit::record(&mut tx, &actor, "take off the second factor of", "user", Some(user.id.0), detail).await?;
    tx.commit().await?;
    say(&format!("{email} logs in with the password alone; all sessions of the account have ended."))
}

async fn list(db: &PgPool) -> anyhow::Result<()> {
    for User { email, name, role, disabled, .. } in user::list(db).await? {
        let state = if disabled { "\tdisabled" } else { "" };
        say(&format!("{role}\t{email}\t{name}{state}"))?;
    }
    Ok(())
}

async fn new_password(known: &[&str]) -> anyhow::Result<String> {
    let password = tokio::task::spawn_blocking(read_line).await??;
    password::check(&password, known).map_err(|weak| anyhow::anyhow!("the password is refused: {weak}"))?;
    Hasher::default().hash(&password).await
}

/// Without its line end; spaces belong to the password.
fn read_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("reading the password from standard input")?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        bail!("no password came on standard input; give it as one line");
    }
    Ok(password.to_owned())
}
