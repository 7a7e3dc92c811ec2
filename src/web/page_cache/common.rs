//! What every page shows and hardly ever changes: menu, banner, icons, and what the site says of itself. A page that is
//! drawn for everybody takes it from memory; whoever is not everybody (somebody with a session, a form shown again)
//! gets what stands in the database.

use std::sync::{Arc, PoisonError};

use super::key::Key;
use super::{App, Ear, Known, PageCache};
use crate::news::discovery::{self, Discovery};
use crate::news::front::banner::{self, Top};

/// Of one moment.
#[derive(Debug)]
pub struct Common {
    pub top: Top,
    pub discovery: Discovery,
}

tokio::task_local! {
    /// While a page is drawn for everybody: what was known when it began.
    static DRAWING: Known;
}

/// Draws a page for everybody.
pub(super) async fn drawing<F: Future>(known: Known, draw: F) -> F::Output {
    DRAWING.scope(known, draw).await
}

impl PageCache {
    /// Kept like a page: until its keys are purged, or the next moment at which the site changes by itself.
    pub async fn common(app: &App) -> sqlx::Result<Arc<Common>> {
        let Ok(known) = DRAWING.try_with(|known| *known) else { return read(app).await };
        let pages = &app.pages;
        let lock = || pages.common.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.ear() != Ear::Open {
            return read(app).await;
        }
        let kept = lock().clone();
        if let Some((common, since)) = kept {
            let is_untouched = pages.ledger.is_untouched(since.mark, Key::Layout);
            if since.holds(pages.now()) && is_untouched {
                return Ok(common);
            }
        }
        let common = read(app).await?;
        *lock() = Some((Arc::clone(&common), known));
        Ok(common)
    }
}

async fn read(app: &App) -> sqlx::Result<Arc<Common>> {
    let top = banner::top(&app.db, None).await?;
    let discovery = discovery::of_site(&app.db).await?;
    Ok(Arc::new(Common { top, discovery }))
}
