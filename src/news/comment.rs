//! Comments: what a reader writes below an article, held until a person approves it.
//!
//! A comment is text: nothing in it is ever treated as markup. Its e-mail is for the desk alone.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgExecutor};

use super::article::ArticleId;
use crate::{
    accounts::UserId,
    text::{Cursor, Language, Slug},
};

id!(CommentId);

pub const MAX_NAME: usize = 60;
pub const MAX_EMAIL: usize = 254;
pub const MAX_TEXT: usize = 5_000;
/// What a reader who gives no name is called; it stands in the row, so that every list shows the same.
pub const ANONYMOUS: &str = "Anonymous";
/// More links than this are advertising.
pub const MAX_LINKS: usize = 2;
/// Comments shown below an article.
const SHOWN: i64 = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum State {
    Pending,
    Approved,
    Rejected,
    Spam,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Approved, Self::Rejected, Self::Spam];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spam => "spam",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What readers see of a comment.
#[derive(Debug)]
pub struct Comment {
    pub id: CommentId,
    pub name: String,
    pub body: String,
    pub created_at: DateTime<Utc>,
}

impl Comment {
    /// The paragraphs that the reader made with blank lines.
    pub fn paragraphs(&self) -> Vec<&str> {
        self.body.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()).collect()
    }
}

/// The approved comments of an article, oldest first.
pub async fn approved(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Vec<Comment>> {
    sqlx::query_as!(
        Comment,
        r#"select id as "id: CommentId", name, body, created_at
           from comments
           where article_id = $1 and state = 'approved'
           order by created_at, id
           limit $2"#,
        article as ArticleId,
        SHOWN
    )
    .fetch_all(db)
    .await
}

/// What a reader sends, checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Fields {
    pub name: String,
    pub email: Option<String>,
    pub text: String,
}

/// Why a field of a comment is refused, as (field, sentence).
pub type Refusal = (&'static str, &'static str);

impl Fields {
    /// Checks what was typed; every refused field is named.
    pub fn check(name: &str, email: &str, text: &str) -> Result<Self, Vec<Refusal>> {
        let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let (email, text) = (email.trim(), text.replace("\r\n", "\n").trim().to_owned());
        let mut refusals = Vec::new();
        if name.is_empty() {
            ANONYMOUS.clone_into(&mut name);
        } else if name.chars().count() > MAX_NAME {
            refusals.push(("name", "A name has at most 60 letters."));
        }
        if email.len() > MAX_EMAIL {
            refusals.push(("email", "An e-mail address has at most 254 letters."));
        } else if !email.is_empty() && !is_address(email) {
            refusals.push(("email", "This is not an e-mail address."));
        }
        if text.is_empty() {
            refusals.push(("text", "Please write something."));
        } else if text.chars().count() > MAX_TEXT {
            refusals.push(("text", "A comment has at most 5000 letters."));
        } else if text.matches("http://").count() + text.matches("https://").count() > MAX_LINKS {
            refusals.push(("text", "A comment holds at most two links."));
        }
        if refusals.is_empty() {
            Ok(Self { name, email: (!email.is_empty()).then(|| email.to_owned()), text })
        } else {
            Err(refusals)
        }
    }
}

fn is_address(email: &str) -> bool {
    let Some((local, domain)) = email.rsplit_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !email.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'))
}

/// Stores a comment as pending. A second press of the button within a minute is the same comment: `None`.
/// So is a comment on an article that takes none; the caller asks beforehand to say so.
pub async fn create(
    db: &mut PgConnection,
    article: ArticleId,
    fields: &Fields,
) -> sqlx::Result<Option<CommentId>> {
    // The row of the article is the lock that makes two presses one.
    sqlx::query!("select id from articles where id = $1 for no key update", article as ArticleId)
        .fetch_optional(&mut *db)
        .await?;
    sqlx::query_scalar!(
        r#"insert into comments (article_id, name, email, body)
           select a.id, $2, $3, $4
           from articles a
           where a.id = $1 and a.comments_open
             and not exists (select from comments c
                             where c.article_id = a.id and c.name = $2 and c.body = $4
                               and c.created_at > now() - interval '1 minute')
           returning id as "id: CommentId""#,
        article as ArticleId,
        fields.name,
        fields.email,
        fields.text
    )
    .fetch_optional(db)
    .await
}

/// A comment as the desk shows it.
#[derive(Debug)]
pub struct Row {
    pub id: CommentId,
    pub state: State,
    pub name: String,
    pub email: Option<String>,
    pub body: String,
    pub created_at: DateTime<Utc>,
    pub article_id: ArticleId,
    pub article_slug: Slug,
    pub headline: String,
    pub language: Language,
}

/// The comments of one state, newest first.
pub async fn rows(
    db: impl PgExecutor<'_>,
    state: State,
    before: Cursor,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select c.id as "id: CommentId", c.state as "state: State", c.name, c.email, c.body, c.created_at,
                  a.id as "article_id: ArticleId", a.slug as "article_slug: Slug", a.headline,
                  a.language as "language: Language"
           from comments c
           join articles a on a.id = c.article_id
           where c.state = $1 and (c.created_at, c.id) < ($2, $3)
           order by c.created_at desc, c.id desc
           limit $4"#,
        state as State,
        before.at,
        before.id,
        limit
    )
    .fetch_all(db)
    .await
}

/// How many wait, counted up to 100.
pub async fn waiting(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "waiting!" from (select from comments where state = 'pending' limit 100) as held"#
    )
    .fetch_one(db)
    .await
}

/// Moves a comment to another state and says whose it is. `None`: there is no such comment.
pub async fn moderate(
    db: &mut PgConnection,
    id: CommentId,
    state: State,
    by: Option<UserId>,
) -> sqlx::Result<Option<ArticleId>> {
    sqlx::query_scalar!(
        r#"update comments set state = $2, moderated_at = now(), moderated_by = $3 where id = $1
           returning article_id as "article_id: ArticleId""#,
        id as CommentId,
        state as State,
        by as Option<UserId>
    )
    .fetch_optional(db)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, email: &str, text: &str) -> Vec<&'static str> {
        Fields::check(name, email, text)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(field, _)| field)
            .collect()
    }

    #[test]
    fn every_refused_field_is_named() {
        assert_eq!(refused(&"x".repeat(61), "nobody", " "), ["name", "email", "text"]);
        assert_eq!(refused("", "", &"x".repeat(5001)), ["text"]);
    }

    #[test]
    fn an_address_is_one_address() {
        for email in
            ["a@x", "a@x.org,b@x.org", "a b@x.org", "a@x.org\nBcc:b@x.org", "@x.org", "a@.org", "<a@x.org>"]
        {
            assert_eq!(refused("A", email, "text"), ["email"], "{email}");
        }
    }

    #[test]
    fn the_email_may_be_left_out() {
        assert_eq!(
            Fields::check(" A  reader ", "", "One.\r\n\r\nTwo."),
            Ok(Fields { name: "A reader".into(), email: None, text: "One.\n\nTwo.".into() })
        );
    }

    #[test]
    fn whoever_gives_no_name_is_called_anonymous() {
        let fields = Fields::check(" \t ", "", "One.");
        assert_eq!(fields, Ok(Fields { name: "Anonymous".into(), email: None, text: "One.".into() }));
    }

    #[test]
    fn a_comment_full_of_links_is_refused() {
        assert_eq!(refused("A", "", "http://a.b https://c.d http://e.f"), ["text"]);
    }
}
