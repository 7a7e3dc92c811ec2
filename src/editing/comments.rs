//! What an article says about its comments otherwise than the site: two fields of its form. Whether it takes any is the
//! field `comments`.

use sqlx::{PgConnection, PgExecutor};

use crate::news::article::ArticleId;
use crate::news::comment::rules::{self, MAX_DAYS, Mode, Own};
use crate::web::{Errors, Upload};

pub const MODE: &str = "comment_mode";
pub const DAYS: &str = "comment_days";

/// As typed. A form that has no such fields leaves what is stored.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub mode: String,
    /// Nothing is "as the site", 0 is never.
    pub days: String,
    is_sent: bool,
}

impl Typed {
    pub fn sent(upload: &Upload) -> Self {
        let line = |name| upload.text(name).trim().to_owned();
        let (mode, days) = (line(MODE), line(DAYS));
        Self { is_sent: !mode.is_empty(), mode, days }
    }

    pub async fn stored(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Self> {
        let own = rules::of_article(db, article).await?;
        let mode = own.mode.map_or("site", Mode::as_str).to_owned();
        Ok(Self { mode, days: own.days.map(|days| days.to_string()).unwrap_or_default(), is_sent: false })
    }

    /// Names what is wrong.
    pub fn check(&self, errors: &mut Errors) -> Own {
        if !self.is_sent {
            return Own::default();
        }
        let mode = match self.mode.as_str() {
            "site" => None,
            mode => {
                let mode = Mode::parse(mode).filter(|mode| *mode != Mode::Closed);
                if mode.is_none() {
                    errors.add(MODE, "Please choose one of the three.");
                }
                mode
            }
        };
        let days = match self.days.as_str() {
            "" => None,
            text => {
                let days = days(text);
                if days.is_none() {
                    errors.add(DAYS, format!("Days are a number up to {MAX_DAYS}; 0 means never."));
                }
                days
            }
        };
        Own { mode, days }
    }

    /// Whether it says something else than is stored.
    pub async fn is_change(&self, db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<bool> {
        if !self.is_sent {
            return Ok(false);
        }
        let stored = Self::stored(db, article).await?;
        Ok((&self.mode, &self.days) != (&stored.mode, &stored.days))
    }

    /// With the article, in its transaction.
    pub async fn keep(&self, db: &mut PgConnection, article: ArticleId, own: Own) -> sqlx::Result<()> {
        if self.is_sent { rules::save_article(db, article, own).await } else { Ok(()) }
    }
}

/// Nothing is 0 is never.
pub fn days(text: &str) -> Option<i32> {
    match text.trim() {
        "" => Some(0),
        number => number.parse().ok().filter(|days| (0..=MAX_DAYS).contains(days)),
    }
}
