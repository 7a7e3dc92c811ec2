//! The field of the article form that says what kind of work it is. A form without it leaves what is stored.

use sqlx::{PgConnection, PgExecutor};

use crate::news::article::ArticleId;
use crate::news::article::work::{self, Work};
use crate::web::{Errors, Upload};

pub const NAME: &str = "work";

/// As typed; nothing where the form has no such field.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub String);

impl Typed {
    pub fn sent(upload: &Upload) -> Self {
        Self(upload.text(NAME).trim().to_owned())
    }

    pub async fn stored(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Self> {
        Ok(Self(work::of_article(db, article).await?.as_str().to_owned()))
    }

    /// For the form: whether this kind is the one chosen.
    pub fn is(&self, work: Work) -> bool {
        self.0 == work.as_str() || (self.0.is_empty() && work == Work::default())
    }

    /// Names what is wrong; `None`: it stays as it is.
    pub fn check(&self, errors: &mut Errors) -> Option<Work> {
        let work = Work::parse(&self.0);
        if work.is_none() && !self.0.is_empty() {
            errors.add(NAME, "Please choose one of the kinds in the list.");
        }
        work
    }

    pub async fn is_change(&self, db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<bool> {
        Ok(!self.0.is_empty() && self.0 != Self::stored(db, article).await?.0)
    }
}

/// With the article, in its transaction.
pub async fn keep(db: &mut PgConnection, article: ArticleId, work: Option<Work>) -> sqlx::Result<()> {
    match work {
        Some(work) => work::save(db, article, work).await,
        None => Ok(()),
    }
}
