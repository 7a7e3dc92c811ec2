//! Looks through what readers see for links that lead to no page of ours, a few articles at a time.

use crate::news::broken_link;
use crate::queue;
use crate::web::App;

/// Seconds between two looks, and articles in each: a day for some thirty thousand.
const EVERY: f64 = 60.0;
const AT_ONCE: i64 = 20;

pub(super) async fn run(app: &App) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    if queue::turn(&mut *tx, "check links", EVERY).await? {
        broken_link::check_some(&mut tx, &app.site.base_url, AT_ONCE).await?;
    }
    tx.commit().await?;
    Ok(())
}
