//! Links on which people without an account see what is not public yet: an article, or the front page as it will be
//! at a time. They end after days at most, and whenever an editor says so.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{PgConnection, PgExecutor, PgPool};

use super::article::ArticleId;
use super::audit::{self, Actor};
use super::media::MediaId;
use crate::accounts::{UserId, network, secret, token};

id!(PreviewId);

/// Days that a link lives at most; the schema says so too.
pub const MAX_DAYS: i32 = 7;
/// The key of the links' signatures.
const KEY: &str = "previews";
/// Bytes of the signature in an address: 192 bits.
const SIGNED: usize = 24;

/// What a link shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// As it is saved; or, at a moment, with the edit that will be in force then.
    Article(ArticleId),
    /// The board that is being arranged, as of now or of a moment.
    Front,
}

impl Subject {
    fn noun(self) -> &'static str {
        match self {
            Self::Article(_) => "article",
            Self::Front => "front",
        }
    }

    fn article(self) -> Option<ArticleId> {
        match self {
            Self::Article(id) => Some(id),
            Self::Front => None,
        }
    }
}

/// A link that works.
#[derive(Clone, Copy, Debug)]
pub struct Preview {
    pub id: PreviewId,
    pub subject: Subject,
    /// The moment that is shown; `None`: what is saved, as it is now.
    pub as_of: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
}

/// A link as the desk lists it.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: PreviewId,
    /// For `paths::workflow::preview`.
    pub token: String,
    pub as_of: Option<DateTime<Utc>>,
    /// Nobody, once the account is gone.
    pub author: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Makes a link that lives for so many days, `MAX_DAYS` at most. Returns its token.
pub async fn create(
    pool: &PgPool,
    db: &mut PgConnection,
    subject: Subject,
    as_of: Option<DateTime<Utc>>,
    days: i32,
    actor: &Actor,
) -> anyhow::Result<String> {
    let key = secret::named(pool, KEY).await?;
    let nonce = token::bytes()?;
    let row = sqlx::query!(
        r#"insert into previews (nonce, noun, article_id, as_of, created_by, expires_at)
           values ($1, $2, $3, $4, $5, now() + make_interval(days => $6))
           returning id as "id: PreviewId", expires_at"#,
        &nonce[..],
        subject.noun(),
        subject.article() as Option<ArticleId>,
        as_of,
        actor.user as Option<UserId>,
        days.clamp(1, MAX_DAYS)
    )
    .fetch_one(&mut *db)
    .await?;
    let detail = json!({ "preview": row.id, "until": row.expires_at, "as_of": as_of });
    audit::record(db, actor, "preview", subject.noun(), subject.article().map(|id| id.0), detail).await?;
    Ok(signed(&key, row.id, &nonce))
}

/// The links that still work, the newest first.
pub async fn of_subject(pool: &PgPool, subject: Subject) -> anyhow::Result<Vec<Link>> {
    let key = secret::named(pool, KEY).await?;
    let rows = sqlx::query!(
        r#"select p.id as "id: PreviewId", p.nonce, p.as_of, u.name as "author?", p.created_at, p.expires_at
           from previews p
           left join users u on u.id = p.created_by
           where p.noun = $1 and ($2::bigint is null or p.article_id = $2)
             and p.revoked_at is null and p.expires_at > now()
           order by p.id desc"#,
        subject.noun(),
        subject.article() as Option<ArticleId>
    )
    .fetch_all(pool)
    .await?;
    let links = rows.into_iter().map(|row| Link {
        token: signed(&key, row.id, &row.nonce),
        id: row.id,
        as_of: row.as_of,
        author: row.author,
        created_at: row.created_at,
        expires_at: row.expires_at,
    });
    Ok(links.collect())
}

/// What a link shows, while it works: neither revoked nor over.
pub async fn by_token(pool: &PgPool, token: &str) -> anyhow::Result<Option<Preview>> {
    let Some(id) = token.split_once('-').and_then(|(id, _)| id.parse::<PreviewId>().ok()) else {
        return Ok(None);
    };
    let row = sqlx::query!(
        r#"select nonce, article_id as "article_id: ArticleId", as_of, expires_at
           from previews
           where id = $1 and revoked_at is null and expires_at > now()"#,
        id as PreviewId
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let key = secret::named(pool, KEY).await?;
    // Digests are compared, so that the time it takes says nothing about the right one.
    if token::digest(token) != token::digest(&signed(&key, id, &row.nonce)) {
        return Ok(None);
    }
    let subject = row.article_id.map_or(Subject::Front, Subject::Article);
    Ok(Some(Preview { id, subject, as_of: row.as_of, expires_at: row.expires_at }))
}

/// Whether this link shows a page on which the medium hangs, so that whoever has the link may have the file: that of
/// its article, or whatever is out when the front page is as it shows it.
pub async fn shows(pool: &PgPool, token: &str, medium: MediaId) -> anyhow::Result<bool> {
    let Some(preview) = by_token(pool, token).await? else { return Ok(false) };
    let shows = sqlx::query_scalar!(
        r#"select exists (
               select
               from media_uses u
               left join articles a on u.noun = 'article' and a.id = u.noun_id
               left join galleries g on u.noun = 'gallery' and g.id = u.noun_id
               cross join (select coalesce($3, now())) seen(at)
               where u.media_id = $1
                 and case when $2::bigint is not null then a.id = $2 and a.trashed_at is null
                          else u.visible
                               or (a.state = 'published' and a.publish_at <= seen.at
                                   and (a.expire_at is null or a.expire_at > seen.at))
                               or (g.publish_at <= seen.at and g.withdrawn_at is null) end) as "shows!""#,
        medium as MediaId,
        preview.subject.article() as Option<ArticleId>,
        preview.as_of
    )
    .fetch_one(pool)
    .await?;
    Ok(shows)
}

/// What a link is about, working or not: for the check of who may end it.
pub async fn subject(db: impl PgExecutor<'_>, id: PreviewId) -> sqlx::Result<Option<Subject>> {
    let article = sqlx::query_scalar!(
        r#"select article_id as "article_id: ArticleId" from previews where id = $1"#,
        id as PreviewId
    )
    .fetch_optional(db)
    .await?;
    Ok(article.map(|article| article.map_or(Subject::Front, Subject::Article)))
}

/// Ends a link; `false` when it had ended.
pub async fn revoke(db: &mut PgConnection, id: PreviewId, actor: &Actor) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        r#"update previews set revoked_at = now()
           where id = $1 and revoked_at is null and expires_at > now()
           returning noun, article_id"#,
        id as PreviewId
    )
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(false) };
    audit::record(db, actor, "end preview", &row.noun, row.article_id, json!({ "preview": id })).await?;
    Ok(true)
}

/// Forgets links that ended a month ago; the audit trail remembers.
pub async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<()> {
    sqlx::query!("delete from previews where expires_at < now() - interval '30 days'").execute(db).await?;
    Ok(())
}

/// The id in the open, and what only we can know of it.
fn signed(key: &[u8; 32], id: PreviewId, nonce: &[u8]) -> String {
    let signature = network::keyed(key, &[id.0.to_be_bytes().as_slice(), nonce].concat());
    format!("{id}-{}", hex::encode(&signature[..SIGNED]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_depends_on_key_id_and_nonce() {
        let token = signed(&[1; 32], PreviewId(7), &[2; 32]);
        assert_eq!(token.len(), "7-".len() + 48);
        for other in [
            signed(&[2; 32], PreviewId(7), &[2; 32]),
            signed(&[1; 32], PreviewId(8), &[2; 32]),
            signed(&[1; 32], PreviewId(7), &[3; 32]),
        ] {
            assert_ne!(token[2..], other[2..]);
        }
    }
}
