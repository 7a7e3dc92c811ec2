//! Makes the smaller copies and the crops of a picture: after its upload, and when its focal point was moved.
//!
//! Not here: how they are made (`media::renditions`), the queue that calls this (`queue`).

use anyhow::Context as _;
use sqlx::PgPool;

use crate::media::{Store, Workshop};
use crate::news::media::{self, Kind, MediaId, NewRendition};

/// Files first, rows second: a killed job leaves files that nobody names, never rows without files. May run
/// any number of times, and makes only what is missing. A file that cannot be read is a fact about the file, kept
/// for the editor; only what may be better next time is an error. A file that was replaced meanwhile is left alone:
/// whoever replaced it asked for another job.
pub async fn run(pool: &PgPool, store: &Store, workshop: &Workshop, id: MediaId) -> anyhow::Result<()> {
    let Some(medium) = media::by_id(pool, id).await? else { return Ok(()) };
    let order = medium.order();
    let width = u32::try_from(medium.width).unwrap_or(u32::MAX);
    if medium.kind == Kind::Film || (medium.is_ready() && order.is_done(width)) {
        return Ok(());
    }
    let digest = medium.digest().context("a medium without a digest")?;
    let extension = medium.stored_as().context("a medium of an unknown kind")?;
    let original =
        store.read_original(&digest, extension).await?.context("the original is not in the store")?;

    let made = match workshop.renditions(original, order.clone()).await {
        Ok(made) => made,
        Err(refused) => {
            let mut connection = pool.acquire().await?;
            media::mark_failed(&mut connection, id, &digest, &refused.to_string()).await?;
            return Ok(());
        }
    };
    let mut files = Vec::with_capacity(made.len());
    for one in made {
        let (shape, width, height, extension) = (one.shape, one.width, one.height, one.extension);
        let bytes = one.bytes.len() as u64;
        let digest = store.put_public(one.bytes, extension).await?;
        files.push(NewRendition { shape, digest, extension, width, height, bytes });
    }
    let mut transaction = pool.begin().await?;
    if media::hold(&mut transaction, id).await? != Some(digest) {
        return Ok(());
    }
    media::save_renditions(&mut transaction, id, &files).await?;
    if let Some(focus) = order.crops {
        media::save_crops(&mut transaction, id, focus, &files).await?;
    }
    transaction.commit().await?;
    Ok(())
}
