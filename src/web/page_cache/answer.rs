//! What goes out for a page that is kept: the whole of it, packed as the client takes it, or the word that it has it
//! already; and `Cache-Status` (RFC 9211), which says where it came from.

use std::sync::LazyLock;
use std::time::Instant;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;

use super::encoding::Encoding;
use super::kept::Kept;
use super::purger::{SURROGATE_CONTROL, SURROGATE_KEY};

pub const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Says in the extensions of an answer that its headers are complete.
#[derive(Clone, Copy, Debug)]
pub struct Ready;

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Hit,
    /// Drawn for this request, and whether it is kept now.
    Drawn {
        stored: bool,
    },
    /// Drawn for another request that asked a moment earlier.
    Shared,
    /// A copy that is not good any more, because no new one is to be had.
    Spare,
    /// The cache had no part in it.
    Bypass,
}

/// Numbers from nought to this are written beforehand.
const WRITTEN: usize = 120;
static HITS: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| {
    let value = |ttl| HeaderValue::try_from(format!("broadsheet; hit; ttl={ttl}"));
    (0..=WRITTEN).filter_map(|ttl| value(ttl).ok()).collect()
});
static AGES: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| (0..=WRITTEN).map(HeaderValue::from).collect());

impl Source {
    pub fn header(self, left: i64) -> HeaderValue {
        let fixed = match self {
            Self::Hit => {
                let written = usize::try_from(left).ok().and_then(|left| HITS.get(left)).cloned();
                let value = || HeaderValue::try_from(format!("broadsheet; hit; ttl={left}")).ok();
                return written.or_else(value).unwrap_or(HeaderValue::from_static("broadsheet; hit"));
            }
            Self::Spare => {
                let value = HeaderValue::try_from(format!("broadsheet; hit; ttl={left}; detail=away"));
                return value.unwrap_or(HeaderValue::from_static("broadsheet; hit"));
            }
            Self::Drawn { stored: true } => "broadsheet; fwd=uri-miss; stored",
            Self::Drawn { stored: false } => "broadsheet; fwd=uri-miss",
            Self::Shared => "broadsheet; fwd=uri-miss; collapsed",
            Self::Bypass => "broadsheet; fwd=bypass",
        };
        HeaderValue::from_static(fixed)
    }
}

/// The answer to a request with these headers.
pub fn answer(
    kept: &Kept,
    asked: &HeaderMap,
    encoding: Encoding,
    source: Source,
    now: Instant,
) -> Response<Bytes> {
    let body = kept.body();
    let (status, mut headers, bytes) = if body.is_known(asked) {
        (StatusCode::NOT_MODIFIED, body.not_modified().clone(), Bytes::new())
    } else {
        let variant = body.variant(encoding);
        (StatusCode::OK, variant.headers.clone(), variant.bytes.clone())
    };
    headers.insert(CACHE_STATUS, source.header(kept.until.left(now)));
    let age = kept.until.age(now);
    let written = usize::try_from(age).ok().and_then(|age| AGES.get(age)).cloned();
    headers.insert(header::AGE, written.unwrap_or_else(|| HeaderValue::from(age)));
    // Whoever is told of changes may keep it for as long as we do, and not a second longer.
    if headers.contains_key(SURROGATE_KEY) {
        let left = kept.until.left(now).max(0);
        headers
            .extend(HeaderValue::try_from(format!("max-age={left}")).map(|value| (SURROGATE_CONTROL, value)));
    }
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
