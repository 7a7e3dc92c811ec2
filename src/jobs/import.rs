//! Works at an import that the desk asked for. It goes on beside the queue, whose other work does not wait for it; the
//! job comes back to see whether somebody is still at it, and takes over when nobody is.

use std::time::Duration;

use chrono::{TimeDelta, Utc};

use crate::exchange::import::{self, Kind, Progress};
use crate::news::import::ImportId;
use crate::news::import::run;
use crate::queue::{self, Payload};
use crate::web::App;

/// Small ones are done before the job is.
const PATIENCE: Duration = Duration::from_secs(5);
/// When the job looks again.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

pub(super) async fn run(app: &App, id: ImportId) -> anyhow::Result<()> {
    let Some(this) = run::by_id(&app.db, id).await? else { return Ok(()) };
    if this.state.is_over() {
        return Ok(());
    }
    if !this.is_worked_at {
        let work = tokio::spawn(work(app.clone(), id, this.kind, this.name, this.file));
        if let Ok(done) = tokio::time::timeout(PATIENCE, work).await {
            return done?;
        }
    }
    let mut tx = app.db.begin().await?;
    queue::enqueue_at(&mut tx, &Payload::Import { import_id: id.0 }, Some(Utc::now() + AGAIN)).await?;
    tx.commit().await?;
    Ok(())
}

async fn work(app: App, id: ImportId, kind: String, name: String, file: String) -> anyhow::Result<()> {
    let Some(kind) = Kind::parse(&kind) else { return Ok(()) };
    let placed = if file.is_empty() {
        // What the desk named is an address, never a path of this machine.
        if !name.starts_with("https://") && !name.starts_with("http://") {
            return Ok(());
        }
        import::place(&app, &name, kind).await
    } else {
        Ok(app.config.data.join(&file))
    };
    let path = match placed {
        Ok(path) => path,
        Err(cause) => {
            let mut tx = app.db.begin().await?;
            if run::take(&mut *tx, id).await? {
                run::end(&mut tx, id, Some(&format!("{cause:#}"))).await?;
            }
            tx.commit().await?;
            return Ok(());
        }
    };
    if let Err(cause) = import::run(&app, id, &path, Progress::default()).await {
        tracing::warn!("An import stopped and will be gone on with: {cause:#}");
    }
    Ok(())
}
