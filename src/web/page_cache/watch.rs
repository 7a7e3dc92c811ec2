//! Listening to Postgres, for as long as the site runs. What it says is dropped; when it falls silent, nothing that is
//! kept counts as good any more.

use std::time::Duration;

use tokio::sync::oneshot;

use super::key::{self, Key};
use super::purger::{HttpPurger, Outbox};
use super::{App, Ear, PageCache, PoisonError};
use crate::accounts::token;
use crate::db::changes::{self, BEAT, Change, Changes};

/// Between two tries to listen.
const BREATH: Duration = Duration::from_millis(250);

/// Never ends. Without it nothing is kept.
pub async fn watch(app: App) {
    let pages = &app.pages;
    let outbox = app.config.purge_url.clone().map(|address| Outbox::new(HttpPurger::new(address)));
    let mut told = false;
    loop {
        match Changes::listen(&app.db).await {
            Ok(changes) => {
                // What committed before this was not heard: none of it may be shown.
                pages.ledger.clear();
                if let Some(outbox) = &outbox {
                    outbox.leave(&[Key::All]);
                }
                pages.listen(Ear::Open);
                tracing::debug!("Changes to pages are heard.");
                told = false;
                follow(&app, changes, outbox.as_ref()).await;
                pages.ledger.begin_era();
                pages.listen(Ear::Deaf);
                pages.figures.count_loss();
                tracing::warn!("Changes to pages are not heard any more; the pages kept are drawn anew.");
            }
            Err(cause) => {
                pages.listen(Ear::Away);
                if !told {
                    tracing::warn!(%cause, "the database does not answer; the pages kept are shown as they are");
                    told = true;
                }
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// Ends when something may have gone unheard.
async fn follow(app: &App, mut changes: Changes, outbox: Option<&Outbox>) {
    let hearing = async {
        while let Some(change) = changes.next().await {
            match change {
                Change::Pages(message) => {
                    let keys = key::parse(&message);
                    app.pages.purge(&keys);
                    if let Some(outbox) = outbox {
                        outbox.leave(&keys);
                    }
                }
                Change::Beat(word) => app.pages.heard(&word),
            }
        }
    };
    let beating = async {
        loop {
            tokio::time::sleep(BEAT).await;
            // One that cannot be sent is not heard either, and that is enough.
            let _ = changes::beat(&app.db, "").await;
        }
    };
    tokio::select! {
        () = hearing => (),
        () = beating => (),
    }
}

impl PageCache {
    /// Drops every page that carries one of the keys.
    fn purge(&self, keys: &[Key]) {
        let dropped = self.ledger.purge(keys);
        self.figures.count_purge();
        tracing::debug!(?keys, dropped, "pages were purged");
    }

    fn heard(&self, word: &str) {
        let waiting = self.beats.lock().unwrap_or_else(PoisonError::into_inner).remove(word);
        if let Some(waiting) = waiting {
            let _ = waiting.send(());
        }
    }

    /// Ends when everything that has committed so far was heard here; `false`: it was not, for seconds.
    pub async fn settle(app: &App) -> bool {
        const PATIENCE: Duration = Duration::from_secs(10);
        let heard = async {
            loop {
                let Ok(word) = token::bytes().map(hex::encode) else { return };
                let (sender, receiver) = oneshot::channel();
                app.pages.beats.lock().unwrap_or_else(PoisonError::into_inner).insert(word.clone(), sender);
                let sent = changes::beat(&app.db, &word).await;
                // A listener that begins only now has not heard it: then it is said again.
                match tokio::time::timeout(BREATH, receiver).await {
                    Ok(Ok(())) if sent.is_ok() => return,
                    _ => tokio::time::sleep(BREATH / 10).await,
                }
                app.pages.beats.lock().unwrap_or_else(PoisonError::into_inner).remove(&word);
            }
        };
        tokio::time::timeout(PATIENCE, heard).await.is_ok()
    }
}
