//! The rules of the site about comments, and what an article says otherwise.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use crate::news::article::ArticleId;

/// More than the longest life of a discussion.
pub const MAX_DAYS: i32 = 3650;
pub const MAX_REASONS: usize = 4000;

/// Who decides about a comment that nothing speaks against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Mode {
    /// It appears at once, if its commenter is known.
    Open,
    /// It waits for an editor.
    Moderated,
    /// None is taken.
    Closed,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Open, Self::Moderated, Self::Closed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Moderated => "moderated",
            Self::Closed => "closed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// The rules of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub mode: Mode,
    /// After an article came out; 0 is never.
    pub close_after_days: i32,
    /// What a commenter may be told about a rejection, one a line.
    pub reasons: String,
}

/// Before anybody has changed them.
impl Default for Rules {
    fn default() -> Self {
        let reasons = [
            "It does not speak about the article.",
            "It attacks a person instead of an argument.",
            "It states something that we cannot check.",
            "It tells private things about somebody.",
            "It advertises.",
            "It was said already.",
        ];
        Self { mode: Mode::Moderated, close_after_days: 0, reasons: reasons.join("\n") }
    }
}

impl Rules {
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        self.reasons.lines().map(str::trim).filter(|reason| !reason.is_empty())
    }
}

pub async fn of_site(db: impl PgExecutor<'_>) -> sqlx::Result<Rules> {
    let rules = sqlx::query_as!(
        Rules,
        r#"select mode as "mode: Mode", close_after_days, reasons from comment_rules"#
    );
    Ok(rules.fetch_optional(db).await?.unwrap_or_default())
}

pub async fn save(db: &mut PgConnection, rules: &Rules) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into comment_rules (mode, close_after_days, reasons) values ($1, $2, $3)
         on conflict (only_row) do update
             set mode = excluded.mode, close_after_days = excluded.close_after_days, reasons = excluded.reasons",
        rules.mode as Mode,
        rules.close_after_days,
        rules.reasons
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What an article says itself; `None` is "as the site".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Open or moderated; whether it takes any is another field of the article.
    pub mode: Option<Mode>,
    pub days: Option<i32>,
}

pub async fn of_article(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Own> {
    let own = sqlx::query_as!(
        Own,
        r#"select nullif(comment_mode, 'site') as "mode: Mode", comment_days as days from articles where id = $1"#,
        article as ArticleId
    );
    Ok(own.fetch_optional(db).await?.unwrap_or_default())
}

pub async fn save_article(db: &mut PgConnection, article: ArticleId, own: Own) -> sqlx::Result<()> {
    sqlx::query!(
        "update articles set comment_mode = $2, comment_days = $3 where id = $1",
        article as ArticleId,
        own.mode.map_or("site", Mode::as_str),
        own.days
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What holds for one article now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discussion {
    pub mode: Mode,
    /// When it ends, or ended.
    pub closes_at: Option<DateTime<Utc>>,
    /// By the clock of the database.
    pub is_over: bool,
}

impl Discussion {
    pub fn takes_comments(&self) -> bool {
        self.mode != Mode::Closed && !self.is_over
    }
}

pub async fn discussion(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Option<Discussion>> {
    sqlx::query_as!(
        Discussion,
        r#"with ruled as (
               select case when not a.comments_open then 'closed'
                           when a.comment_mode = 'site' then coalesce(r.mode, 'moderated')
                           else a.comment_mode end as mode,
                      case when coalesce(a.comment_days, r.close_after_days, 0) > 0
                           then a.publish_at + make_interval(days => coalesce(a.comment_days, r.close_after_days))
                           end as closes_at
               from articles a left join comment_rules r on true
               where a.id = $1
           )
           select mode as "mode!: Mode", closes_at, coalesce(closes_at <= now(), false) as "is_over!" from ruled"#,
        article as ArticleId
    )
    .fetch_optional(db)
    .await
}
