//! Letters that tell somebody what was done to their account: whoever loses one hears of it at the old address.

use askama::Template;
use sqlx::PgConnection;

use crate::mail;
use crate::paths;
use crate::web::{App, Result};

#[derive(Clone, Copy, Debug)]
pub enum About {
    Address,
    Password,
    FactorOn,
    FactorOff,
    RecoveryCodes,
    Role,
}

impl About {
    fn what(self) -> &'static str {
        match self {
            Self::Address => "Your account logs in with another e-mail address from now on.",
            Self::Password => "The password of your account was changed.",
            Self::FactorOn => "A second factor was set up for your account.",
            Self::FactorOff => "The second factor of your account was taken off.",
            Self::RecoveryCodes => {
                "The recovery codes of your account were made anew; the old ones do not work."
            }
            Self::Role => "Your account has another role from now on.",
        }
    }
}

#[derive(Template)]
#[template(path = "mail/account.txt")]
struct Told<'a> {
    site: &'a str,
    what: &'static str,
    login: String,
}

impl mail::View for Told<'_> {
    fn subject(&self) -> String {
        format!("Your account at {}", self.site)
    }
}

/// Written in the transaction of the change. An account may have an address that no server takes; then nobody can
/// be told.
pub async fn tell(app: &App, tx: &mut PgConnection, to: &str, about: About) -> Result<()> {
    if mail::is_address(to) {
        let login = app.site.absolute(paths::desk::LOGIN);
        mail::send(tx, to, &Told { site: &app.site.name, what: about.what(), login }).await?;
    }
    Ok(())
}
