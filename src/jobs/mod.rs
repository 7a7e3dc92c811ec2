//! What the queue runs, and what runs by the clock. Each job is a file; the queue itself is `queue`.

mod check_links;
mod count_views;
mod draw;
mod import;
mod mail_invitation;
mod mail_reset;
mod ping_hub;
pub mod fold_edits;
pub mod make_renditions;
mod runner;
pub mod send_mail;
mod sweep;
pub mod sweep_media;
pub mod tell_engines;
mod tell_held;

pub use runner::Runner;

use crate::web::App;

/// What must not be lost when the program ends: the reads of the last seconds.
pub async fn finish(app: &App) {
    if let Err(error) = count_views::flush(app).await {
        tracing::warn!("The last views could not be counted: {error:#}");
    }
}
