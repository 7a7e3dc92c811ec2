//! Clears away the files that no medium names any more, and asks for the crops that pictures lack.

use std::time::Duration;

use crate::media::store::Area;
use crate::news::media::files;
use crate::queue::{self, Payload};
use crate::web::App;

/// What is younger may belong to an upload whose row is not written yet.
const AGE: Duration = Duration::from_hours(24);
const EVERY: f64 = 6.0 * 3600.0;
/// Pages that somebody has open, caches and feed readers have given up the address of a crop by then.
const CROP_DAYS: i32 = 30;
/// Old pictures are cropped a few at a time, so that new ones need not wait behind thousands.
const CROPS_AT_ONCE: i64 = 20;
const CROPS_EVERY: f64 = 60.0;

pub(super) async fn run(app: &App) -> anyhow::Result<()> {
    if queue::turn(&app.db, "crop pictures", CROPS_EVERY).await? {
        crop(app).await?;
    }
    if queue::turn(&app.db, "sweep media", EVERY).await? {
        orphans(app, AGE).await?;
    }
    Ok(())
}

/// Enqueues work for pictures that lack their crops.
pub async fn crop(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    for id in files::uncropped(&mut *tx, CROPS_AT_ONCE).await? {
        queue::enqueue(&mut tx, &Payload::MakeRenditions { media_id: id.0 }).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes files of this age that nothing needs. Answers how many.
pub async fn orphans(app: &App, age: Duration) -> anyhow::Result<usize> {
    files::forget_crops(&app.db, CROP_DAYS).await?;
    let mut removed = 0;
    for area in [Area::Public, Area::Originals] {
        for folder in 0..=u8::MAX {
            let lying = app.media.lying(area, folder, age).await?;
            if lying.is_empty() {
                continue;
            }
            let digests: Vec<_> = lying.iter().map(|(digest, _)| *digest).collect();
            let needed = match area {
                Area::Public => files::known(&app.db, &digests).await?,
                Area::Originals => files::originals(&app.db, &digests).await?,
            };
            for (digest, extension) in lying.iter().filter(|(digest, _)| !needed.contains(digest)) {
                app.media.remove(area, digest, *extension).await?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}
