//! How often one network may ask, in memory and per instance. What protects accounts counts in the database:
//! `accounts::throttle`.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use url::form_urlencoded;

use super::token_rate::TokenRate;
use super::{App, Client, Error, Result};
use crate::accounts::network::NetworkHash;
use crate::news::comment::Limits;
use crate::paths;

/// After this many questions the keys that have recovered are forgotten, so that memory stays bounded.
const FORGET_EVERY: u32 = 4096;

/// So many within so long.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub burst: NonZeroU32,
    pub per: Duration,
}

impl Rate {
    /// `None` when one of them is zero: no limit.
    pub const fn new(burst: u32, per: Duration) -> Option<Self> {
        match NonZeroU32::new(burst) {
            Some(burst) if !per.is_zero() => Some(Self { burst, per }),
            _ => None,
        }
    }
}

/// What is limited. An empty list is no limit.
#[derive(Clone, Debug, Default)]
pub struct Quotas {
    pub pages: Vec<Rate>,
    pub search: Vec<Rate>,
    /// Of one network; these three are counted in the database, by `news::comment::limits`.
    pub comments: Vec<Rate>,
    /// On one article.
    pub article_comments: Vec<Rate>,
    pub site_comments: Vec<Rate>,
    /// Of one token.
    pub tokens: Option<Rate>,
}

impl Quotas {
    /// For readers of a site on the open net.
    pub fn public() -> Self {
        let rate = |burst, seconds| Rate::new(burst, Duration::from_secs(seconds));
        Self {
            pages: [rate(50, 10), rate(200, 60)].into_iter().flatten().collect(),
            search: [rate(30, 60)].into_iter().flatten().collect(),
            comments: [rate(5, 600), rate(20, 3600), rate(50, 86_400)].into_iter().flatten().collect(),
            article_comments: [rate(30, 600)].into_iter().flatten().collect(),
            site_comments: [rate(60, 60)].into_iter().flatten().collect(),
            tokens: rate(300, 60),
        }
    }

    /// No limits at all: for tests, and for a site tried out on one's own machine.
    pub fn open() -> Self {
        Self::default()
    }
}

pub struct Rates {
    pages: Limit,
    search: Limit,
    pub comments: Limits,
    pub tokens: TokenRate,
}

impl Rates {
    pub fn new(quotas: &Quotas) -> Self {
        Self {
            pages: Limit::new(&quotas.pages),
            search: Limit::new(&quotas.search),
            comments: Limits {
                network: limits(&quotas.comments),
                article: limits(&quotas.article_comments),
                site: limits(&quotas.site_comments),
            },
            tokens: TokenRate::new(quotas.tokens),
        }
    }

    pub fn page(&self, network: NetworkHash) -> Result<()> {
        self.pages.check(network)
    }

    pub fn search(&self, network: NetworkHash) -> Result<()> {
        self.search.check(network)
    }
}

/// The middleware for public pages; files (`/static/`, `/media/`) and health checks do not count.
pub async fn limit_pages(State(app): State<App>, client: Client, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let counts = matches!(*request.method(), Method::GET | Method::HEAD)
        && !["/static/", "/media/", "/livez", "/readyz"].iter().any(|free| path.starts_with(free));
    // A reader on the machine itself is its operator, or a proxy that nobody declared: one bucket for all of a
    // proxy's readers would lock everybody out at once.
    let counts = counts && !client.address.is_loopback();
    if counts && let Err(refused) = app.rates.page(client.network) {
        return refused.into_response();
    }
    // A page of results that is kept costs nothing and does not come here.
    if is_search(request.uri())
        && let Err(refused) = app.rates.search(client.network)
    {
        return refused.into_response();
    }
    next.run(request).await
}

/// The page of results and its feeds; the form alone is a page like others.
fn is_search(address: &Uri) -> bool {
    let has_words = |query: &str| {
        form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "q" && !value.trim().is_empty())
    };
    let is_search = address.path().split('/').nth(1) == paths::SEARCH.strip_prefix('/');
    is_search && address.query().is_some_and(has_words)
}

fn limits(rates: &[Rate]) -> Vec<(i64, Duration)> {
    rates.iter().map(|rate| (rate.burst.get().into(), rate.per)).collect()
}

struct Limit {
    limiters: Vec<DefaultKeyedRateLimiter<NetworkHash>>,
    clock: DefaultClock,
    asked: AtomicU32,
}

impl Limit {
    fn new(rates: &[Rate]) -> Self {
        let limiter = |rate: &Rate| {
            let quota = Quota::with_period(rate.per / rate.burst.get())?.allow_burst(rate.burst);
            Some(RateLimiter::keyed(quota))
        };
        Self {
            limiters: rates.iter().filter_map(limiter).collect(),
            clock: DefaultClock::default(),
            asked: AtomicU32::new(0),
        }
    }

    fn check(&self, network: NetworkHash) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiters.iter().for_each(RateLimiter::retain_recent);
        }
        for limiter in &self.limiters {
            if let Err(refused) = limiter.check_key(&network) {
                return Err(Error::TooMany { retry_after: refused.wait_time_from(self.clock.now()) });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NetworkHash = NetworkHash([1; 32]);
    const B: NetworkHash = NetworkHash([2; 32]);

    #[test]
    fn the_search_after_the_thirtieth_in_a_minute_is_too_many_for_its_network_alone() {
        let rates = Rates::new(&Quotas::public());
        for _ in 0..30 {
            assert!(rates.search(A).is_ok());
        }
        let refused = rates.search(A);
        assert!(
            matches!(refused, Err(Error::TooMany { retry_after }) if retry_after > Duration::from_secs(1)),
            "{refused:?}"
        );
        assert!(rates.search(B).is_ok());
    }

    #[test]
    fn open_quotas_never_refuse() {
        let rates = Rates::new(&Quotas::open());
        assert!((0..10_000).all(|_| rates.page(A).is_ok()));
    }
}
