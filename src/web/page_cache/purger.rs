//! Caches outside this program: a proxy of the site's own, or a CDN. They are told the same keys as our own, a moment
//! later, until they have taken them. Off unless `BROADSHEET_PURGE_URL` names one.
//!
//! Every instance tells them what it hears. Telling twice does no harm, and no instance has to know of another.

use std::time::Duration;

use anyhow::{Context, bail};
use axum::http::{HeaderName, HeaderValue, Method, Request};
use bytes::Bytes;
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use url::Url;

use super::key::Key;

/// What an answer carries for them.
pub const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
pub const SURROGATE_CONTROL: HeaderName = HeaderName::from_static("surrogate-control");

/// Keys in one request; their header stays below the limits of proxies.
const BATCH: usize = 200;
/// More than this at once are everything.
const MANY: usize = 2000;
const TIMEOUT: Duration = Duration::from_secs(5);
/// Between two tries, growing to the second.
const BREATHS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Something outside that keeps pages by their keys.
pub trait Purger: Send + Sync + 'static {
    /// Whether it has dropped every page that carries one of them. May be called again with the same.
    fn purge(&self, keys: &[Key]) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// HTTP PURGE with the keys in a header, as Varnish with `xkey` takes it (docs/outside-caches.md).
#[derive(Clone, Debug)]
pub struct HttpPurger {
    address: Url,
}

impl HttpPurger {
    pub fn new(address: Url) -> Self {
        Self { address }
    }
}

impl Purger for HttpPurger {
    async fn purge(&self, keys: &[Key]) -> anyhow::Result<()> {
        let host = self.address.host_str().context("it has no host")?;
        let port = self.address.port_or_known_default().unwrap_or(80);
        let words = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
        let request = Request::builder()
            .method(Method::from_bytes(b"PURGE")?)
            .uri(self.address.path())
            .header("host", format!("{host}:{port}"))
            .header(SURROGATE_KEY, HeaderValue::try_from(words)?)
            .body(Empty::<Bytes>::new())?;
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let driving = tokio::spawn(connection);
        let answer = sender.send_request(request).await;
        driving.abort();
        let status = answer?.status();
        if !status.is_success() {
            bail!("it answers {status}");
        }
        Ok(())
    }
}

/// Where keys are left for a purger. Never waited for.
#[derive(Clone, Debug)]
pub struct Outbox(mpsc::UnboundedSender<Vec<Key>>);

impl Outbox {
    /// With a task that empties it, for as long as the program runs.
    pub fn new(purger: impl Purger) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        tokio::spawn(empty(receiver, purger));
        Self(sender)
    }

    pub fn leave(&self, keys: &[Key]) {
        let _ = self.0.send(keys.to_vec());
    }
}

async fn empty(mut outbox: mpsc::UnboundedReceiver<Vec<Key>>, purger: impl Purger) {
    let (mut waiting, mut breath) = (Vec::new(), BREATHS.0);
    loop {
        if waiting.is_empty() {
            let Some(keys) = outbox.recv().await else { return };
            waiting = keys;
        }
        while let Ok(keys) = outbox.try_recv() {
            waiting.extend(keys);
        }
        tidy(&mut waiting);
        let batch = &waiting[..waiting.len().min(BATCH)];
        let told = tokio::time::timeout(TIMEOUT, purger.purge(batch)).await;
        match told.map_err(anyhow::Error::from).and_then(|told| told) {
            Ok(()) => {
                waiting.drain(..waiting.len().min(BATCH));
                breath = BREATHS.0;
            }
            Err(cause) => {
                tracing::warn!("The cache outside could not be told of a change: {cause:#}");
                tokio::time::sleep(breath).await;
                breath = (breath * 2).min(BREATHS.1);
            }
        }
    }
}

/// Each key once; a great many, or the key of all pages, are everything.
fn tidy(keys: &mut Vec<Key>) {
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(*key));
    if keys.len() > MANY || keys.contains(&Key::All) {
        *keys = vec![Key::All];
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Refuses so many times, then takes everything.
    struct Stubborn {
        refusals: Mutex<u32>,
        taken: Arc<Mutex<Vec<Key>>>,
    }

    impl Purger for Stubborn {
        async fn purge(&self, keys: &[Key]) -> anyhow::Result<()> {
            let mut refusals = self.refusals.lock().unwrap();
            if *refusals > 0 {
                *refusals -= 1;
                bail!("not now");
            }
            self.taken.lock().unwrap().extend(keys);
            Ok(())
        }
    }

    #[tokio::test]
    async fn what_could_not_be_told_is_told_again() {
        let taken = Arc::new(Mutex::new(Vec::new()));
        let outbox = Outbox::new(Stubborn { refusals: Mutex::new(2), taken: Arc::clone(&taken) });
        outbox.leave(&[Key::Article(7), Key::Front]);
        outbox.leave(&[Key::Front, Key::Feed]);
        let all = [Key::Article(7), Key::Front, Key::Feed];
        for _ in 0..500 {
            if *taken.lock().unwrap() == all {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{:?}", taken.lock().unwrap());
    }

    #[test]
    fn a_great_many_keys_are_everything() {
        let mut keys: Vec<Key> = (0..3000).map(Key::Article).collect();
        tidy(&mut keys);
        assert_eq!(keys, [Key::All]);
        let mut keys = vec![Key::Front, Key::All, Key::Front];
        tidy(&mut keys);
        assert_eq!(keys, [Key::All]);
    }
}
