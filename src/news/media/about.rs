//! What is known of a picture wherever it hangs, and its end: changed, replaced, deleted.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Kept, MediaId, NewMedia, cleaned_name, integer};
use crate::media::renditions::Focus;

/// Checked, as the form of a picture holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub alt: String,
    pub decorative: bool,
    pub caption: String,
    pub credit: String,
    pub source: String,
    pub licence: String,
    pub licence_ends_at: Option<DateTime<Utc>>,
    pub focus: Focus,
}

pub async fn update(db: &mut PgConnection, id: MediaId, about: &About) -> sqlx::Result<()> {
    sqlx::query!(
        "update media
         set alt = $2, decorative = $3, caption = $4, credit = $5, source = $6, licence = $7, licence_ends_at = $8,
             focus_x = $9, focus_y = $10
         where id = $1",
        id as MediaId,
        about.alt,
        about.decorative,
        about.caption,
        about.credit,
        about.source,
        about.licence,
        about.licence_ends_at,
        super::thousandths(about.focus.x),
        super::thousandths(about.focus.y)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the file itself said, where nobody has said anything yet.
pub async fn fill(
    db: &mut PgConnection,
    id: MediaId,
    (alt, caption, credit, source): (&str, &str, &str, &str),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update media
         set alt = case when alt = '' and not decorative then left($2, 500) else alt end,
             caption = case when caption = '' then left($3, 500) else caption end,
             credit = case when credit = '' then left($4, 200) else credit end,
             source = case when source = '' then left($5, 200) else source end
         where id = $1",
        id as MediaId,
        alt,
        caption,
        credit,
        source
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The job gets another try.
pub async fn retry(db: &mut PgConnection, id: MediaId) -> sqlx::Result<()> {
    sqlx::query!("update media set failed = null where id = $1", id as MediaId).execute(db).await?;
    Ok(())
}

/// Another file in the place of this one, wherever it is used. Addresses of the old files lead to the new ones.
/// `Err`: that file is another medium already.
pub async fn replace(
    db: &mut PgConnection,
    id: MediaId,
    new: &NewMedia<'_>,
) -> sqlx::Result<Result<Kept, MediaId>> {
    super::hold(&mut *db, id).await?;
    let other = sqlx::query_scalar!(
        r#"select id as "id: MediaId" from media where sha256 = $1"#,
        new.digest.as_slice()
    )
    .fetch_optional(&mut *db)
    .await?;
    match other {
        Some(other) if other == id => return Ok(Ok(Kept { id, duplicate: true })),
        Some(other) => return Ok(Err(other)),
        None => {}
    }
    sqlx::query!(
        "insert into media_files (media_id, shape, width, height, extension, sha256, bytes, retired_at)
         select media_id, 'full', width, height, extension, sha256, bytes, now() from renditions where media_id = $1",
        id as MediaId
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from renditions where media_id = $1", id as MediaId).execute(&mut *db).await?;
    sqlx::query!(
        "update media_files set shape = 'full', retired_at = coalesce(retired_at, now()) where media_id = $1",
        id as MediaId
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update media
         set sha256 = $2, extension = $3, name = $4, width = $5, height = $6, bytes = $7, ready_at = null,
             failed = null, focus_x = 500, focus_y = 500, cropped_x = null, cropped_y = null
         where id = $1",
        id as MediaId,
        new.digest.as_slice(),
        new.extension.as_str(),
        cleaned_name(new.name),
        integer(new.width),
        integer(new.height),
        i64::try_from(new.bytes).unwrap_or(i64::MAX)
    )
    .execute(db)
    .await?;
    Ok(Ok(Kept { id, duplicate: false }))
}

/// `false`: something uses it, and it stays.
pub async fn delete(db: &mut PgConnection, id: MediaId) -> sqlx::Result<bool> {
    let deleted = sqlx::query!(
        "delete from media m where m.id = $1 and not exists (select from media_uses u where u.media_id = m.id)",
        id as MediaId
    )
    .execute(db)
    .await?;
    Ok(deleted.rows_affected() > 0)
}
