//! Getting a page that is not simply there: one drawing at a time for each address, shared by everybody who asked
//! since it began; an old copy meanwhile, where that is allowed, or when no new one is to be had.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body as HttpBody;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, Datelike, Utc};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use tokio::sync::watch;
use tracing::Instrument;

use super::address::Address;
use super::answer::Source;
use super::kept::{Body, Kept, Standing, Until};
use super::key::{Key, Terms};
use super::ledger::{MAX_PAGE, Mark};
use super::purger::SURROGATE_KEY;
use super::{App, Ear, Known, PageCache};
use crate::news::moment;
use crate::text::date;
use crate::web::{CachePolicy, Error, headers};

/// Who has an old copy to show waits no longer than this for a new one.
const PATIENCE: Duration = Duration::from_secs(2);
/// When the database is away, this is a fair time to come again.
const AWAY: Duration = Duration::from_secs(5);
/// What the database said of the moments ahead holds for so long, so that two clocks cannot drift apart.
const MOMENTS_HOLD: Duration = Duration::from_mins(1);

/// What a drawing came to.
#[derive(Clone)]
pub enum Drawn {
    /// A page as it can be kept, and whether it is.
    Page { kept: Arc<Kept>, stored: bool },
    /// Anything else: an error, a redirect, a page for one reader.
    Other(Arc<Plain>),
}

/// An answer that can be given several times.
pub struct Plain {
    status: StatusCode,
    headers: HeaderMap,
    extensions: Extensions,
    bytes: Bytes,
}

/// The drawings under way.
#[derive(Default)]
pub struct Flights(Mutex<HashMap<Address, Flight>>);

struct Flight {
    /// Whoever asks after a later purge must not get what was read before it.
    mark: Mark,
    outcome: watch::Receiver<Option<Drawn>>,
}

impl PageCache {
    /// The page of this address; `draw` is called if it has to be drawn.
    pub async fn fetch(
        app: &App,
        address: Address,
        draw: impl Future<Output = Response> + Send + 'static,
    ) -> (Drawn, Source) {
        let pages = &app.pages;
        let (now, is_away) = (pages.now(), pages.ear() == Ear::Away);
        let old = pages.ledger.find(&address);
        let standing = old.as_ref().map_or(Standing::Over, |old| old.standing(now, pages.ledger.era()));
        match (old, standing) {
            (Some(old), Standing::Fresh) => (Drawn::Page { kept: old, stored: true }, Source::Hit),
            (Some(old), Standing::Passing) => {
                if !is_away && old.take_turn() {
                    let _ = Self::flight(app, address, Some(Arc::clone(&old)), draw);
                }
                (Drawn::Page { kept: old, stored: true }, Source::Hit)
            }
            (Some(old), Standing::Spare) if is_away => {
                (Drawn::Page { kept: old, stored: true }, Source::Spare)
            }
            (Some(old), Standing::Spare) => {
                let flight = Self::flight(app, address, Some(Arc::clone(&old)), draw);
                match tokio::time::timeout(PATIENCE, land(flight)).await {
                    Ok((drawn, source)) if !drawn.has_failed() => (drawn, source),
                    _ => (Drawn::Page { kept: old, stored: true }, Source::Spare),
                }
            }
            (_, _) if is_away => {
                let answer = Error::Unavailable { retry_after: AWAY }.into_response();
                (Drawn::Other(Plain::of(answer).await), Source::Bypass)
            }
            (_, _) => land(Self::flight(app, address, None, draw)).await,
        }
    }

    /// Joins the drawing of this page that is under way, or begins one. It goes on whoever leaves.
    fn flight(
        app: &App,
        address: Address,
        old: Option<Arc<Kept>>,
        draw: impl Future<Output = Response> + Send + 'static,
    ) -> (watch::Receiver<Option<Drawn>>, bool) {
        let mut flights = app.pages.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = app.pages.ledger.mark();
        if let Some(flight) = flights.get(&address).filter(|flight| flight.mark == mark) {
            return (flight.outcome.clone(), true);
        }
        let (sender, outcome) = watch::channel(None);
        flights.insert(address.clone(), Flight { mark, outcome: outcome.clone() });
        let app = app.clone();
        let drawing = async move {
            let limit = app.timeouts.public;
            let drawn = app.pages.draw(&app, &address, old.as_ref(), mark, draw);
            let drawn = match tokio::time::timeout(limit, drawn).await {
                Ok(drawn) => drawn,
                Err(cause) => {
                    tracing::warn!(?limit, %cause, "a page took too long");
                    let answer = Error::Unavailable { retry_after: Duration::from_secs(1) }.into_response();
                    Drawn::Other(Plain::of(answer).await)
                }
            };
            if let Some(old) = old {
                old.give_turn();
            }
            let mut flights = app.pages.flights.0.lock().unwrap_or_else(PoisonError::into_inner);
            if flights.get(&address).is_some_and(|flight| flight.mark == mark) {
                flights.remove(&address);
            }
            drop(flights);
            sender.send_replace(Some(drawn));
        };
        tokio::spawn(drawing.in_current_span());
        (outcome, false)
    }

    async fn draw(
        &self,
        app: &App,
        address: &Address,
        old: Option<&Arc<Kept>>,
        mark: Mark,
        draw: impl Future<Output = Response>,
    ) -> Drawn {
        let made = self.now();
        let known = match self.known(app, mark).await {
            Ok(known) => known,
            Err(cause) => return Drawn::Other(Plain::of(Error::from(cause).into_response()).await),
        };
        let draw = super::common::drawing(known, draw);
        let answer = AssertUnwindSafe(draw).catch_unwind().await.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Error::internal(anyhow::anyhow!("panicked: {}", text.unwrap_or_default())).into_response()
        });
        let plain = Plain::of(answer).await;
        let Some((policy, terms)) = plain.may_be_kept() else { return Drawn::Other(plain) };
        let until = known.until(app, &terms, made);
        let body = old.map(|old| old.body()).filter(|body| plain.is_same(body.etag())).cloned();
        let body = body.unwrap_or_else(|| {
            Arc::new(Body::new(plain.headers_of_page(app, policy, &terms), plain.bytes.clone()))
        });
        let kept = Arc::new(Kept::new(address.clone(), body, &terms, until, mark.era));
        let stored = self.ear() == Ear::Open && self.ledger.keep(&kept, mark);
        Drawn::Page { kept, stored }
    }

    /// The moments ahead. Asked for again after each purge, for it may have set another.
    async fn known(&self, app: &App, mark: Mark) -> sqlx::Result<Known> {
        let lock = || self.moments.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, known) = (self.now(), *lock());
        if let Some(known) = known.filter(|known| known.mark == mark && known.holds(now)) {
            return Ok(known);
        }
        let known = Known { moments: moment::next(&app.db).await?, asked: now, mark };
        *lock() = Some(known);
        Ok(known)
    }
}

impl Known {
    pub(super) fn holds(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.asked) < MOMENTS_HOLD
            && self.moments.next.is_none_or(|next| now < self.at(next))
    }

    /// A time of the database's clock on our own; rather too early than too late.
    fn at(&self, time: DateTime<Utc>) -> Instant {
        self.asked + (time - self.moments.now).to_std().unwrap_or_default()
    }

    fn until(&self, app: &App, terms: &Terms, made: Instant) -> Until {
        let set = [self.moments.next, terms.change].into_iter().flatten().map(|time| self.at(time));
        // The date in the masthead is that of our own clock.
        let (now, zone) = (Utc::now(), app.site.timezone);
        let today = now.with_timezone(&zone);
        let midnight = date::day(today.year(), today.month(), today.day(), zone)
            .map(|(_, midnight)| made + (midnight - now).to_std().unwrap_or_default());
        Until { made, change: set.chain(midnight).min(), end: terms.end.map(|end| self.at(end)) }
    }
}

/// What the drawing came to, once it has.
async fn land((mut outcome, joined): (watch::Receiver<Option<Drawn>>, bool)) -> (Drawn, Source) {
    let drawn = outcome.wait_for(Option::is_some).await.ok().and_then(|drawn| drawn.clone());
    match drawn {
        Some(drawn) if joined => (drawn, Source::Shared),
        Some(drawn) => {
            let stored = matches!(drawn, Drawn::Page { stored: true, .. });
            (drawn, Source::Drawn { stored })
        }
        None => {
            let answer = Error::internal(anyhow::anyhow!("a page's drawing was lost")).into_response();
            (Drawn::Other(Plain::of(answer).await), Source::Bypass)
        }
    }
}

impl Drawn {
    fn has_failed(&self) -> bool {
        matches!(self, Self::Other(plain) if plain.status.is_server_error())
    }
}

impl Plain {
    async fn of(response: Response) -> Arc<Self> {
        let (parts, body) = response.into_parts();
        // Pages are whole when they come; one that breaks off is none.
        let (status, bytes) = match body.collect().await {
            Ok(body) => (parts.status, body.to_bytes()),
            Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, Bytes::new()),
        };
        Arc::new(Self { status, headers: parts.headers, extensions: parts.extensions, bytes })
    }

    pub fn response(&self) -> Response {
        let mut response = Response::new(HttpBody::from(self.bytes.clone()));
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&self.headers);
        response.extensions_mut().clone_from(&self.extensions);
        response
    }

    /// Pages that are there, that anybody may keep, and that say what they depend on.
    fn may_be_kept(&self) -> Option<(CachePolicy, Terms)> {
        let policy = self.extensions.get::<CachePolicy>().copied()?;
        let mut terms = self.extensions.get::<Terms>().cloned()?;
        let may = self.status == StatusCode::OK
            && matches!(policy, CachePolicy::Page | CachePolicy::Feed)
            && !terms.keys.is_empty()
            && self.bytes.len() <= MAX_PAGE
            && self.headers.contains_key(header::ETAG)
            && !self.headers.contains_key(header::SET_COOKIE);
        if self
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
        {
            terms.keys.push(Key::Layout);
        }
        may.then_some((policy, terms))
    }

    fn is_same(&self, etag: &HeaderValue) -> bool {
        self.headers.get(header::ETAG) == Some(etag)
    }

    fn headers_of_page(&self, app: &App, policy: CachePolicy, terms: &Terms) -> HeaderMap {
        let mut all = self.headers.clone();
        if app.config.purge_url.is_some() {
            let keys = [terms.keys.as_slice(), &[Key::All]].concat();
            let words = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
            all.extend(HeaderValue::try_from(words).map(|words| (SURROGATE_KEY, words)));
        }
        all.insert(header::CACHE_CONTROL, policy.header());
        headers::of_page(&mut all, &app.site, policy);
        all
    }
}
