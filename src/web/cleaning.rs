//! Cleaning bodies without holding up everybody else: off the async threads, and few at a time.

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Error, Result};
use crate::text::html::{CleanHtml, Unclean};

/// One body takes some hundred milliseconds at worst; two at once leave the machine to the readers.
static GATE: Semaphore = Semaphore::const_new(2);

/// The clean body, or what is wrong with it.
pub async fn clean(source: String) -> Result<Result<CleanHtml, Unclean>> {
    let place = GATE.acquire().await.map_err(Error::internal)?;
    // The place goes along: a reader who leaves does not open the gate while the work goes on.
    let cleaned = spawn_blocking(move || {
        let cleaned = CleanHtml::clean(&source);
        drop(place);
        cleaned
    });
    cleaned.await.map_err(Error::internal)
}
