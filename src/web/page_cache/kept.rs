//! A page as it is kept: its bytes in every encoding that was asked for, each with its headers ready, and until when
//! it is good.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::address::Address;
use super::encoding::Encoding;
use super::key::{Key, Terms};
use crate::news::article::ArticleId;
use crate::web::conditional;

/// A page is good for so long, if nothing says otherwise before: what purges is exact, this is the net below it.
pub const FRESH: Duration = Duration::from_mins(1);
/// For so long after that it is still shown while it is drawn anew; whoever asks later waits for the new one.
const PASSING: Duration = Duration::from_mins(1);
/// And for so long while the database is away.
const SPARE: Duration = Duration::from_hours(24);
/// What a page weighs besides its bytes: its headers, several times over, and its places in the tables.
const OVERHEAD: usize = 6 * 1024;

/// What may be done with a page at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Fresh,
    /// To be shown while it is drawn anew.
    Passing,
    /// To be shown only while no new one is to be had.
    Spare,
    Over,
}

#[derive(Debug)]
pub struct Kept {
    pub address: Address,
    body: Arc<Body>,
    pub keys: Box<[Key]>,
    pub counts: Option<ArticleId>,
    pub until: Until,
    /// The time between two losses of the ear in which it was drawn.
    era: u64,
    is_being_drawn: AtomicBool,
}

/// The moments of a page.
#[derive(Clone, Copy, Debug)]
pub struct Until {
    pub made: Instant,
    /// When it changes by itself.
    pub change: Option<Instant>,
    /// From when on it is shown no more, whatever is away.
    pub end: Option<Instant>,
}

impl Until {
    pub fn standing(&self, now: Instant) -> Standing {
        let age = now.saturating_duration_since(self.made);
        if age >= SPARE || self.end.is_some_and(|end| end <= now) {
            Standing::Over
        } else if self.change.is_some_and(|change| change <= now) {
            Standing::Spare
        } else if age < FRESH {
            Standing::Fresh
        } else if age < FRESH + PASSING {
            Standing::Passing
        } else {
            Standing::Spare
        }
    }

    /// Seconds for which it stays fresh; less than nothing when it is not any more.
    pub fn left(&self, now: Instant) -> i64 {
        let end = self.change.map_or(self.made + FRESH, |change| change.min(self.made + FRESH));
        let seconds = |span: Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
        if end > now { seconds(end - now) } else { -seconds(now - end) }
    }

    pub fn age(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.made).as_secs()
    }
}

impl Kept {
    pub fn new(address: Address, body: Arc<Body>, terms: &Terms, until: Until, era: u64) -> Self {
        let is_being_drawn = AtomicBool::new(false);
        Self {
            address,
            body,
            keys: terms.keys.as_slice().into(),
            counts: terms.counts,
            until,
            era,
            is_being_drawn,
        }
    }

    /// What was drawn before the last loss may have been changed unheard.
    pub fn standing(&self, now: Instant, era: u64) -> Standing {
        match self.until.standing(now) {
            Standing::Over => Standing::Over,
            _ if self.era != era => Standing::Spare,
            standing => standing,
        }
    }

    pub fn body(&self) -> &Arc<Body> {
        &self.body
    }

    /// Whether somebody is at it.
    pub fn is_being_drawn(&self) -> bool {
        self.is_being_drawn.load(Ordering::Relaxed)
    }

    /// True for the one who shall draw it anew.
    pub fn take_turn(&self) -> bool {
        !self.is_being_drawn.swap(true, Ordering::Relaxed)
    }

    pub fn give_turn(&self) {
        self.is_being_drawn.store(false, Ordering::Relaxed);
    }

    pub fn weight(&self) -> usize {
        OVERHEAD + 2 * self.address.as_str().len() + self.body.bytes()
    }
}

/// The bytes of a page with its headers. Two drawings of an unchanged page share one.
#[derive(Debug)]
pub struct Body {
    identity: Variant,
    /// In the order of `Encoding::PACKED`; `None` inside where packing gains nothing.
    packed: [OnceLock<Option<Variant>>; 3],
    /// A bit for each encoding that somebody is packing.
    packing: AtomicU8,
    /// A header that changes how it is called, whatever its value: then a layer has to see the request.
    aside: Option<HeaderName>,
    /// For those who have the page already.
    not_modified: HeaderMap,
    etag: HeaderValue,
    modified: Option<DateTime<Utc>>,
}

/// One way of writing it.
#[derive(Debug)]
pub struct Variant {
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Body {
    /// `headers` are those of the whole page, without what depends on the encoding.
    pub fn new(mut headers: HeaderMap, bytes: Bytes) -> Self {
        let aside = headers.get(header::VARY).and_then(|name| HeaderName::from_bytes(name.as_bytes()).ok());
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        let mut not_modified = headers.clone();
        not_modified.remove(header::CONTENT_TYPE);
        let etag = headers.get(header::ETAG).cloned().unwrap_or(HeaderValue::from_static("W/\"\""));
        let modified = headers.get(header::LAST_MODIFIED).and_then(conditional::date);
        let identity = Variant::new(&headers, Encoding::Identity, bytes);
        let packed = [const { OnceLock::new() }; 3];
        Self { identity, packed, packing: AtomicU8::new(0), aside, not_modified, etag, modified }
    }

    pub fn etag(&self) -> &HeaderValue {
        &self.etag
    }

    /// Whether whoever asks like this has the page already.
    pub fn is_known(&self, asked: &HeaderMap) -> bool {
        conditional::is_known(asked, Some(&self.etag), self.modified)
    }

    pub fn depends_on(&self, asked: &HeaderMap) -> bool {
        self.aside.as_ref().is_some_and(|name| asked.contains_key(name))
    }

    pub fn not_modified(&self) -> &HeaderMap {
        &self.not_modified
    }

    /// In this encoding; plain while nobody has packed it.
    pub fn variant(&self, encoding: Encoding) -> &Variant {
        let packed = place(encoding).and_then(|place| self.packed[place].get());
        packed.and_then(Option::as_ref).unwrap_or(&self.identity)
    }

    /// True for the one who shall pack it.
    pub fn wants_packing(&self, encoding: Encoding) -> bool {
        place(encoding).is_some_and(|place| {
            self.packed[place].get().is_none()
                && self.packing.fetch_or(1 << place, Ordering::Relaxed) & (1 << place) == 0
        })
    }

    /// Takes its time: not for the async threads.
    pub fn pack(&self, encoding: Encoding) {
        let Some(place) = place(encoding) else { return };
        self.packed[place].get_or_init(|| {
            let packed = encoding.pack(&self.identity.bytes)?;
            Some(Variant::new(&self.identity.headers, encoding, packed.into()))
        });
    }

    fn bytes(&self) -> usize {
        let packed = self.packed.iter().filter_map(|one| one.get()?.as_ref());
        self.identity.bytes.len() + packed.map(|one| one.bytes.len()).sum::<usize>()
    }
}

impl Variant {
    fn new(headers: &HeaderMap, encoding: Encoding, bytes: Bytes) -> Self {
        let mut headers = headers.clone();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if encoding != Encoding::Identity {
            headers.insert(header::CONTENT_ENCODING, encoding.token());
        }
        Self { headers, bytes }
    }
}

fn place(encoding: Encoding) -> Option<usize> {
    Encoding::PACKED.iter().position(|it| *it == encoding)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn until(made: Instant, change: Option<u64>, end: Option<u64>) -> Until {
        let at = |seconds| made + SECOND * u32::try_from(seconds).unwrap();
        Until { made, change: change.map(at), end: end.map(at) }
    }

    #[test]
    fn a_page_grows_old_step_by_step() {
        let made = Instant::now();
        let page = until(made, None, None);
        let steps = [
            (0, Standing::Fresh),
            (59, Standing::Fresh),
            (60, Standing::Passing),
            (119, Standing::Passing),
            (120, Standing::Spare),
            (24 * 3600 - 1, Standing::Spare),
            (24 * 3600, Standing::Over),
        ];
        for (age, expected) in steps {
            assert_eq!(page.standing(made + SECOND * age), expected, "{age}");
        }
        assert_eq!(page.left(made + SECOND * 20), 40);
        assert_eq!(page.left(made + SECOND * 90), -30);
    }

    #[test]
    fn a_moment_of_change_ends_freshness_exactly_then() {
        let made = Instant::now();
        let page = until(made, Some(10), None);
        assert_eq!(page.standing(made + Duration::from_nanos(9_999_999_999)), Standing::Fresh);
        assert_eq!(page.standing(made + SECOND * 10), Standing::Spare);
        assert_eq!(page.left(made + SECOND * 4), 6);
    }

    #[test]
    fn what_has_ended_is_no_spare() {
        let made = Instant::now();
        assert_eq!(until(made, Some(10), Some(10)).standing(made + SECOND * 10), Standing::Over);
    }

    #[test]
    fn what_was_drawn_before_a_loss_is_only_a_spare() {
        let made = Instant::now();
        let body = Arc::new(Body::new(HeaderMap::new(), Bytes::from_static(b"x")));
        let address = Address::of(&axum::http::Uri::from_static("/"), &[]).unwrap();
        let kept = Kept::new(address, body, &Terms::default(), until(made, None, None), 1);
        assert_eq!(kept.standing(made, 1), Standing::Fresh);
        assert_eq!(kept.standing(made, 2), Standing::Spare);
    }

    #[test]
    fn only_one_packs_and_the_others_get_it_plain_meanwhile() {
        let body = Body::new(HeaderMap::new(), Bytes::from("a page ".repeat(100)));
        assert!(body.wants_packing(Encoding::Gzip));
        assert!(!body.wants_packing(Encoding::Gzip));
        assert!(body.wants_packing(Encoding::Brotli));
        assert!(!body.variant(Encoding::Gzip).headers.contains_key(header::CONTENT_ENCODING));
        body.pack(Encoding::Gzip);
        let packed = body.variant(Encoding::Gzip);
        assert_eq!(packed.headers[header::CONTENT_ENCODING], "gzip");
        assert_eq!(packed.headers[header::CONTENT_LENGTH], packed.bytes.len().to_string());
        assert_eq!(packed.headers[header::VARY], "accept-encoding");
        assert!(!body.wants_packing(Encoding::Identity));
    }
}
