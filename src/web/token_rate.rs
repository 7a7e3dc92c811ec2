//! How often one token may ask, and how much of that is left: told with every answer, so that a program can slow down
//! before it is refused.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::rates::Rate;
use crate::accounts::api_token::TokenId;

type Limiter = RateLimiter<i64, DefaultKeyedStateStore<i64>, DefaultClock, StateInformationMiddleware>;

/// There are few tokens, so none is ever forgotten.
pub struct TokenRate(Option<(Rate, Limiter)>);

/// What there is, and what is left of it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    burst: NonZeroU32,
    per: Duration,
    left: u32,
    /// Until something is to be had again; with nothing left.
    pub wait: Option<Duration>,
}

impl TokenRate {
    pub fn new(rate: Option<Rate>) -> Self {
        Self(rate.and_then(|rate| {
            let quota = Quota::with_period(rate.per / rate.burst.get())?.allow_burst(rate.burst);
            Some((rate, RateLimiter::keyed(quota).with_middleware::<StateInformationMiddleware>()))
        }))
    }

    /// Counts one; `None`: there is no limit.
    pub fn count(&self, token: TokenId) -> Option<Standing> {
        let (rate, limiter) = self.0.as_ref()?;
        let (burst, per) = (rate.burst, rate.per);
        Some(match limiter.check_key(&token.0) {
            Ok(state) => Standing { burst, per, left: state.remaining_burst_capacity(), wait: None },
            Err(refused) => {
                let wait = refused.wait_time_from(DefaultClock::default().now());
                Standing { burst, per, left: 0, wait: Some(wait) }
            }
        })
    }
}

impl Standing {
    /// As draft-ietf-httpapi-ratelimit-headers has them: quota, window, what is left, seconds until there is more.
    pub fn tell(self, headers: &mut HeaderMap) {
        let each = self.per.as_secs_f64() / f64::from(self.burst.get());
        let seconds = self.wait.map_or(each, |wait| wait.as_secs_f64()).ceil().max(1.0);
        let policy = format!("\"token\";q={};w={}", self.burst, self.per.as_secs());
        let left = format!("\"token\";r={};t={seconds:.0}", self.left);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}
