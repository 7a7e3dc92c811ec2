//! Which files of the store are still needed, and which pictures still need files.

use futures_util::stream::BoxStream;
use sqlx::{PgConnection, PgExecutor};

use super::MediaId;
use crate::media::Digest;

/// Those of the public files that a page may still be asked for. The files of a picture that was replaced are not
/// among them, though their addresses go on leading to its successor.
pub async fn known(db: impl PgExecutor<'_>, digests: &[Digest]) -> sqlx::Result<Vec<Digest>> {
    let digests: Vec<Vec<u8>> = digests.iter().map(|digest| digest.as_slice().to_vec()).collect();
    let found = sqlx::query_scalar!(
        r#"select sha256 as "sha256!" from renditions where sha256 = any($1)
           union
           select sha256 from media_files where sha256 = any($1) and not (shape = 'full' and retired_at is not null)"#,
        &digests
    )
    .fetch_all(db)
    .await?;
    Ok(found.iter().filter_map(|sha256| Digest::from_slice(sha256)).collect())
}

/// Those that are the original of a medium.
pub async fn originals(db: impl PgExecutor<'_>, digests: &[Digest]) -> sqlx::Result<Vec<Digest>> {
    let digests: Vec<Vec<u8>> = digests.iter().map(|digest| digest.as_slice().to_vec()).collect();
    let found = sqlx::query_scalar!("select sha256 from media where sha256 = any($1)", &digests)
        .fetch_all(db)
        .await?;
    Ok(found.iter().filter_map(|sha256| Digest::from_slice(sha256)).collect())
}

/// A file that a row names.
#[derive(Debug)]
pub struct Named {
    pub sha256: Vec<u8>,
    pub extension: String,
    /// In the private part of the store.
    pub original: bool,
}

/// Every file that has to be there, each once, in an order of its own.
pub fn all<'a>(db: impl PgExecutor<'a> + 'a) -> BoxStream<'a, sqlx::Result<Named>> {
    sqlx::query_as!(
        Named,
        r#"select sha256 as "sha256!", extension as "extension!", kind = 'picture' as "original!" from media
           union
           select sha256, extension, false from renditions
           union
           select sha256, extension, false from media_files where not (shape = 'full' and retired_at is not null)
           order by 1, 3, 2"#
    )
    .fetch(db)
}

/// Pictures that have no sizes yet, and no job that makes them.
pub async fn without_renditions(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from media m
           where m.kind = 'picture' and m.ready_at is null and m.failed is null
             and not exists (select from jobs j
                             where j.kind = 'make_renditions' and j.payload->>'media_id' = m.id::text)"#
    )
    .fetch_one(db)
    .await
}

/// Those get a job.
pub async fn ask_for_renditions(db: &mut PgConnection) -> sqlx::Result<u64> {
    let asked = sqlx::query!(
        "insert into jobs (kind, payload)
         select 'make_renditions', jsonb_build_object('kind', 'make_renditions', 'media_id', m.id)
         from media m
         where m.kind = 'picture' and m.ready_at is null and m.failed is null
           and not exists (select from jobs j
                           where j.kind = 'make_renditions' and j.payload->>'media_id' = m.id::text)"
    )
    .execute(db)
    .await?;
    Ok(asked.rows_affected())
}

/// Rows that name these files are about to be written: until the transaction ends nobody removes them.
pub async fn claim(tx: &mut PgConnection, digests: &[Digest]) -> sqlx::Result<()> {
    let digests: Vec<Vec<u8>> = digests.iter().map(|digest| digest.as_slice().to_vec()).collect();
    sqlx::query!(
        "select pg_advisory_xact_lock_shared(hashtextextended('file ' || encode(digest, 'hex'), 0))
         from (select unnest($1::bytea[]) as digest order by 1) claimed",
        &digests
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// These files may be removed, unless a row names them: until the transaction ends none comes to do so.
pub async fn hold(tx: &mut PgConnection, digests: &[Digest]) -> sqlx::Result<()> {
    let digests: Vec<Vec<u8>> = digests.iter().map(|digest| digest.as_slice().to_vec()).collect();
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('file ' || encode(digest, 'hex'), 0))
         from (select unnest($1::bytea[]) as digest order by 1) held",
        &digests
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Forgets crops that were replaced so many days ago.
pub async fn forget_crops(db: impl PgExecutor<'_>, days: i32) -> sqlx::Result<u64> {
    let forgotten = sqlx::query!(
        "delete from media_files where retired_at < now() - make_interval(days => $1) and shape <> 'full'",
        days
    )
    .execute(db)
    .await?;
    Ok(forgotten.rows_affected())
}

/// Pictures that are ready and lack the crops of their focal point, newest first: they were made before there were
/// crops. Whatever waits in the queue, or was given up there, is not named again.
pub async fn uncropped(db: impl PgExecutor<'_>, limit: i64) -> sqlx::Result<Vec<MediaId>> {
    sqlx::query_scalar!(
        r#"select m.id as "id: MediaId"
           from media m
           where m.kind = 'picture' and m.ready_at is not null and m.failed is null
             and (m.cropped_x, m.cropped_y) is distinct from (m.focus_x, m.focus_y)
             and not exists (select from jobs j
                             where j.kind = 'make_renditions' and j.payload->>'media_id' = m.id::text)
           order by m.id desc
           limit $1"#,
        limit
    )
    .fetch_all(db)
    .await
}
