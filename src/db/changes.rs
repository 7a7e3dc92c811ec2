//! What Postgres says of changes to pages, as they commit: the keys that the triggers of
//! `migrations/20261124114000_page_cache.sql` send.
//!
//! Silence must not be mistaken for peace: a beat is sent every few seconds, and whoever hears none listens no more.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};

const CHANNEL: &str = "broadsheet_pages";

/// How often a beat is sent.
pub const BEAT: Duration = Duration::from_secs(5);
/// Without a word for so long, something between us and Postgres is broken.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// For a connection to listen on, and for a beat to be sent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The first letter of messages that are no keys.
const BEAT_MARK: &str = "=";

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The keys of pages, with spaces between them.
    Pages(String),
    /// A sign of life, with what its sender wrote on it.
    Beat(String),
}

/// Somebody who listens. Nothing that committed after `listen` answered is missed, until `next` says `None`.
#[derive(Debug)]
pub struct Changes {
    listener: PgListener,
    _pool: PgPool,
}

impl Changes {
    /// On a connection beside those of the pool: it is held for good.
    pub async fn listen(db: &PgPool) -> sqlx::Result<Self> {
        let options = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let pool =
            options.acquire_timeout(CONNECT_TIMEOUT).connect_lazy_with(db.connect_options().as_ref().clone());
        let listening = async {
            let mut listener = PgListener::connect_with(&pool).await?;
            // A new connection would have missed what was said meanwhile, and must not look like the old one.
            listener.eager_reconnect(false);
            listener.listen(CHANNEL).await?;
            Ok(listener)
        };
        let listener = tokio::time::timeout(CONNECT_TIMEOUT, listening)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(Self { listener, _pool: pool })
    }

    /// The next message. `None`: messages may have been lost, and none will come any more.
    pub async fn next(&mut self) -> Option<Change> {
        let heard = tokio::time::timeout(PATIENCE, self.listener.try_recv()).await;
        let message = heard.ok()?.ok()??;
        let text = message.payload();
        Some(match text.strip_prefix(BEAT_MARK) {
            Some(word) => Change::Beat(word.to_owned()),
            None => Change::Pages(text.to_owned()),
        })
    }
}

/// Sends a sign of life to everybody who listens.
pub async fn beat(db: &PgPool, word: &str) -> sqlx::Result<()> {
    let sending = sqlx::query!("select pg_notify($1, $2)", CHANNEL, format!("{BEAT_MARK}{word}")).execute(db);
    tokio::time::timeout(CONNECT_TIMEOUT, sending).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
    Ok(())
}
