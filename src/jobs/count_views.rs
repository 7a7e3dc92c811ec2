//! Moves counted reads into the hourly sums, and writes the lists of "most viewed" anew when it is time.

use chrono::Utc;

use crate::news::views::{self, Span};
use crate::queue;
use crate::web::App;

/// Seconds between two rankings of each span: the day moves quickly, the month hardly.
const SPANS: [(Span, &str, f64); 3] =
    [(Span::Day, "rank day", 60.0), (Span::Week, "rank week", 300.0), (Span::Month, "rank month", 900.0)];

pub(super) async fn rank(app: &App) -> anyhow::Result<()> {
    for (span, name, seconds) in SPANS {
        let mut db = app.db.begin().await?;
        if queue::turn(&mut *db, name, seconds).await? {
            if span != Span::Day {
                views::roll_up(&mut db).await?;
            }
            views::rank(&mut db, span).await?;
        }
        db.commit().await?;
    }
    Ok(())
}

/// What cannot be written is kept for the next time.
pub(crate) async fn flush(app: &App) -> anyhow::Result<()> {
    let counted = app.views.take();
    if counted.is_empty() {
        return Ok(());
    }
    if let Err(error) = views::flush(&app.db, &counted, Utc::now()).await {
        app.views.give_back(counted);
        return Err(error.into());
    }
    Ok(())
}
