//! Pictures that the site draws itself: the icons of its logo, and one for each article that has none.

use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgExecutor};

use super::article::ArticleId;
use crate::media::drawing::Words;
use crate::media::icons::Icon;

/// Twelve hexadecimal digits, as they stand in addresses.
fn version(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes)).chars().take(12).collect()
}

/// Of the words on a picture.
pub fn version_of(words: &Words) -> String {
    version([words.site.as_str(), &words.section, &words.headline].join("\n").as_bytes())
}

/// Puts the icons of a logo in the place of those before.
pub async fn save_icons(db: &mut PgConnection, logo: &[u8], icons: &[Icon]) -> sqlx::Result<()> {
    sqlx::query!("delete from site_icons").execute(&mut *db).await?;
    for icon in icons {
        sqlx::query!(
            "insert into site_icons (size, version, png) values ($1, $2, $3)",
            i32::try_from(icon.size).unwrap_or(i32::MAX),
            version(logo),
            icon.png
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// The icon of this version and size.
pub async fn icon(db: impl PgExecutor<'_>, version: &str, size: i32) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select png from site_icons where version = $1 and size = $2", version, size)
        .fetch_optional(db)
        .await
}

/// The version of the icons there are.
pub async fn icons(db: impl PgExecutor<'_>) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select version from site_icons limit 1").fetch_optional(db).await
}

/// The version of an article's picture.
pub async fn of_article(db: impl PgExecutor<'_>, article: ArticleId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select version from drawings where article_id = $1", article as ArticleId)
        .fetch_optional(db)
        .await
}

pub async fn png(
    db: impl PgExecutor<'_>,
    article: ArticleId,
    version: &str,
) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!(
        "select png from drawings where article_id = $1 and version = $2",
        article as ArticleId,
        version
    )
    .fetch_optional(db)
    .await
}

pub async fn save(db: &mut PgConnection, article: ArticleId, version: &str, png: &[u8]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into drawings (article_id, version, png) values ($1, $2, $3)
         on conflict (article_id) do update set version = excluded.version, png = excluded.png",
        article as ArticleId,
        version,
        png
    )
    .execute(db)
    .await?;
    Ok(())
}

/// When it has a picture of its own.
pub async fn forget(db: &mut PgConnection, article: ArticleId) -> sqlx::Result<()> {
    sqlx::query!("delete from drawings where article_id = $1", article as ArticleId).execute(db).await?;
    Ok(())
}
