//! Clears away what has served its time: sessions that ended, old failed logins, links that are over, letters that
//! nobody got, what is not needed any more of commenters.

use crate::accounts;
use crate::news::article::{autosave, bulk, presence, trash};
use crate::news::{comment, preview};
use crate::queue;
use crate::web::App;

const EVERY: f64 = 600.0;

pub(super) async fn run(app: &App) -> anyhow::Result<()> {
    if queue::turn(&app.db, "sweep", EVERY).await? {
        accounts::session::sweep(&app.db).await?;
        accounts::throttle::sweep(&app.db).await?;
        comment::sweep(&app.db, &app.comment_keys).await?;
        preview::sweep(&app.db).await?;
        let swept = trash::sweep(&app.db).await?;
        if swept > 0 {
            tracing::info!(swept, "drafts that lay in the trash for a month are gone");
        }
        autosave::sweep(&app.db).await?;
        presence::sweep(&app.db).await?;
        queue::forget_letters(&app.db).await?;
        app.post.sweep().await?;
        accounts::challenge::sweep(&app.db).await?;
        accounts::device::sweep(&app.db).await?;
        accounts::reset::sweep(&app.db).await?;
        let mut db = app.db.begin().await?;
        bulk::settle(&mut db).await?;
        db.commit().await?;
    }
    Ok(())
}
