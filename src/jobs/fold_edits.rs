//! Makes edits whose time has come the newest version of their article. Their words are shown before this runs; search,
//! tags and sections follow here.

use crate::news::article::scheduled;
use crate::web::App;

pub async fn run(app: &App) -> anyhow::Result<()> {
    let folded = scheduled::settle_all(&app.db).await?;
    if folded > 0 {
        tracing::info!(folded, "edits took effect");
    }
    Ok(())
}
