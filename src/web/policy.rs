//! How long an answer may be kept by others. A handler states a `CachePolicy`; silence means "not at all".
//!
//! `apply` is the only place that writes `Cache-Control`, and it answers conditional requests with 304.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};

use super::page_cache::Ready;
use super::{App, conditional, cookie};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// The desk, forms, errors: kept by nobody.
    NoStore,
    /// A public page: kept, but asked about every time.
    Page,
    /// A feed or sitemap: readers that poll every minute are answered by caches on the way.
    Feed,
    /// The name changes when the content does.
    Immutable,
    /// The same, but whether it may be shown at all will be another question in so many seconds.
    Seconds(u32),
}

impl CachePolicy {
    pub fn header(self) -> HeaderValue {
        let fixed = match self {
            Self::NoStore => "private, no-store",
            Self::Page => "public, max-age=0, must-revalidate",
            Self::Feed => "public, max-age=900, stale-while-revalidate=3600",
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Seconds(seconds) => {
                return HeaderValue::try_from(format!("public, max-age={seconds}"))
                    .unwrap_or(HeaderValue::from_static("private, no-store"));
            }
        };
        HeaderValue::from_static(fixed)
    }
}

/// So that a handler can answer `(policy, body)`.
impl IntoResponseParts for CachePolicy {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

/// The middleware.
pub async fn apply(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let has_session = cookie::session(&app.site, request.headers()).is_some();
    let mut response = next.run(request).await;
    if response.extensions().get::<Ready>().is_some() {
        return response;
    }

    debug_assert!(
        !response.headers().contains_key(header::CACHE_CONTROL),
        "a handler set Cache-Control; it states a CachePolicy instead"
    );
    let stated = response.extensions().get::<CachePolicy>().copied().unwrap_or(CachePolicy::NoStore);
    let policy = effective(stated, &response, has_session);
    response.extensions_mut().insert(policy);
    response.headers_mut().insert(header::CACHE_CONTROL, policy.header());
    if asked.is_answered_by(&response, policy) { not_modified(response) } else { response }
}

/// Errors, answers with a cookie, and pages for somebody with a session are nobody else's.
fn effective(stated: CachePolicy, response: &Response, has_session: bool) -> CachePolicy {
    let status = response.status();
    let keepable = status.is_success() || status.is_redirection();
    let personal = response.headers().contains_key(header::SET_COOKIE)
        || (has_session && !matches!(stated, CachePolicy::Immutable | CachePolicy::Seconds(_)));
    if keepable && !personal { stated } else { CachePolicy::NoStore }
}

/// The conditional headers of a request.
struct Asked {
    is_read: bool,
    headers: HeaderMap,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let mut headers = HeaderMap::new();
        for name in [header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE] {
            for value in request.headers().get_all(&name) {
                headers.append(&name, value.clone());
            }
        }
        Self { is_read: matches!(*request.method(), Method::GET | Method::HEAD), headers }
    }

    fn is_answered_by(&self, response: &Response, policy: CachePolicy) -> bool {
        let headers = response.headers();
        let modified = headers.get(header::LAST_MODIFIED).and_then(conditional::date);
        self.is_read
            && response.status() == StatusCode::OK
            && policy != CachePolicy::NoStore
            && conditional::is_known(&self.headers, headers.get(header::ETAG), modified)
    }
}

/// The same headers as the 200 would have, without what describes a body.
fn not_modified(full: Response) -> Response {
    let (mut parts, _) = full.into_parts();
    parts.status = StatusCode::NOT_MODIFIED;
    for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING] {
        parts.headers.remove(name);
    }
    (parts, ()).into_response()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn response(etag: &str, modified: &str) -> Response {
        ([(header::ETAG, etag.to_owned()), (header::LAST_MODIFIED, modified.to_owned())], "x").into_response()
    }

    fn asked(name: header::HeaderName, value: &str) -> Asked {
        let mut request = Request::new(axum::body::Body::empty());
        request.headers_mut().insert(name, value.parse().unwrap());
        Asked::of(&request)
    }

    #[test]
    fn what_nobody_may_keep_is_never_answered_with_304() {
        let page = response("W/\"abc\"", "");
        assert!(!asked(header::IF_NONE_MATCH, "*").is_answered_by(&page, CachePolicy::NoStore));
    }

    #[test]
    fn errors_cookies_and_sessions_take_a_page_out_of_caches() {
        let page = response("W/\"abc\"", "");
        assert_eq!(effective(CachePolicy::Page, &page, false), CachePolicy::Page);
        assert_eq!(effective(CachePolicy::Page, &page, true), CachePolicy::NoStore);
        assert_eq!(effective(CachePolicy::Immutable, &page, true), CachePolicy::Immutable);
        let error = StatusCode::NOT_FOUND.into_response();
        assert_eq!(effective(CachePolicy::Page, &error, false), CachePolicy::NoStore);
        let cookie = ([(header::SET_COOKIE, "a=b")], "x").into_response();
        assert_eq!(effective(CachePolicy::Page, &cookie, false), CachePolicy::NoStore);
    }
}
