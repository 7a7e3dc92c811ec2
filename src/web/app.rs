//! What every handler can reach. One value, cheap to clone; tests build it with `App::assemble` too.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono_tz::Tz;
use sqlx::PgPool;

use super::answers::Answers;
use super::page_cache::PageCache;
use super::rates::{Quotas, Rates};
use crate::accounts::password::Hasher;
use crate::accounts::{network_key, secret};
use crate::config::Config;
use crate::mail::Post;
use crate::media::{Store, Workshop};
use crate::news::comment;
use crate::news::views::Counter;
use crate::outbound::Outbound;
use crate::text::Language;

#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub config: Config,
    pub site: Arc<Site>,
    pub db: PgPool,
    pub hasher: Hasher,
    /// For the keyed hash of typed account names.
    pub network_key: [u8; 32],
    /// For the hashes of networks; they change every day.
    pub networks: network_key::Keys,
    /// For the hashes of commenters and the times in comment forms.
    pub comment_keys: comment::Keys,
    /// Seals the secrets of second factors.
    pub factor_key: [u8; 32],
    pub rates: Rates,
    /// The files of pictures and films.
    pub media: Store,
    /// Where pictures are decoded, a few at a time.
    pub workshop: Workshop,
    /// How others are asked for something.
    pub outbound: Outbound,
    /// How letters leave.
    pub post: Post,
    /// Reads that are not in the database yet.
    pub views: Counter,
    /// Pages that were drawn once for everybody.
    pub pages: PageCache,
    /// What was answered by a route.
    pub answers: Answers,
    pub timeouts: Timeouts,
}

/// The site as its pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub name: String,
    /// Without a trailing slash; the only source of absolute addresses, never a header.
    pub base_url: String,
    pub timezone: Tz,
    /// As in `<html lang>`.
    pub language: Language,
    /// `ltr` or `rtl`, as in `<html dir>`.
    pub direction: &'static str,
}

/// How long a whole request may take, by the kind of its path. The numbers are those of the accept loop's
/// neighbours: header timeout and TCP user timeout live in `server::accept`.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub public: Duration,
    pub desk: Duration,
    /// A multipart POST to the desk.
    pub upload: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            public: Duration::from_secs(15),
            desk: Duration::from_secs(30),
            upload: Duration::from_mins(15),
        }
    }
}

impl App {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Other time limits than the usual; only before the `App` is shared.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.timeouts = timeouts;
        }
        self
    }

    /// Another way for letters to leave; only before the `App` is shared.
    #[must_use]
    pub fn with_post(mut self, post: Post) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.post = post;
        }
        self
    }

    /// Another way to ask others; only before the `App` is shared.
    #[must_use]
    pub fn with_outbound(mut self, outbound: Outbound) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.outbound = outbound;
        }
        self
    }

    /// With everything that is read from the database or starts empty. Needs a migrated database. `base_url` is
    /// the address readers use: `config.public_url(bound)`.
    pub async fn assemble(
        config: Config,
        base_url: &str,
        db: PgPool,
        quotas: Quotas,
    ) -> anyhow::Result<Self> {
        let network_key = secret::named(&db, "network").await?;
        let networks = network_key::Keys::load(&db).await?;
        let comment_keys = comment::Keys::load(&db).await?;
        let factor_key = secret::named(&db, "second factors").await?;
        let language = Language::parse(&config.language)
            .with_context(|| format!("BROADSHEET_LANGUAGE is {}.", config.language))?;
        let site = Site::new(&config.site_name, base_url, config.timezone, language);
        let media = Store::open(&config.data.join("media")).context("The media folder cannot be used.")?;
        let post = Post::open(&config, base_url).context("Letters cannot be sent.")?;
        let pages = PageCache::new(config.page_cache);
        let mut visitor_key = [0; 32];
        getrandom::fill(&mut visitor_key)?;
        Ok(Self::new(Inner {
            config,
            site: Arc::new(site),
            db,
            hasher: Hasher::default(),
            network_key,
            networks,
            comment_keys,
            factor_key,
            rates: Rates::new(&quotas),
            media,
            workshop: Workshop::default(),
            outbound: Outbound::new()?,
            post,
            views: Counter::new(visitor_key),
            pages,
            answers: Answers::default(),
            timeouts: Timeouts::default(),
        }))
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Site {
    pub fn new(name: &str, base_url: &str, timezone: Tz, language: Language) -> Self {
        Self {
            name: name.to_owned(),
            base_url: base_url.trim_end_matches('/').to_owned(),
            timezone,
            direction: language.direction(),
            language,
        }
    }

    /// The absolute address of a path of ours.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// Browsers treat localhost as secure even over plain http.
    pub fn is_secure_context(&self) -> bool {
        let host = url::Url::parse(&self.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let is_local = host.is_some_and(|host| {
            host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]"
        });
        self.is_https() || is_local
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(base_url: &str) -> Site {
        Site::new("The Daily Lantern", base_url, Tz::UTC, Language::default())
    }

    #[test]
    fn addresses_are_made_from_the_configured_base() {
        assert_eq!(site("https://news.example.org/").absolute("/focus"), "https://news.example.org/focus");
    }

    #[test]
    fn https_and_localhost_are_secure_contexts_and_plain_http_is_not() {
        for secure in ["https://a.example", "http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:80"]
        {
            assert!(site(secure).is_secure_context(), "{secure}");
        }
        for open in ["http://a.example", "http://localhost.example", "http://10.0.0.1"] {
            assert!(!site(open).is_secure_context(), "{open}");
        }
    }
}
