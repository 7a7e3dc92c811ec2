//! The security headers, on every answer.

use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::page_cache::Ready;
use super::{App, CachePolicy, Site};
use crate::text::embed;

/// No inline script or style, and nothing foreign but the frames of known films and sounds, which no page holds
/// before its reader asks for one: see docs/adr/0015.
static PAGE_CSP: LazyLock<String> = LazyLock::new(|| {
    let frames = embed::frame_sources();
    format!(
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self'; \
         media-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; frame-src {frames}"
    )
});
/// Never sent: the policy is a header that can be written.
const NOTHING: &str = "default-src 'none'";
/// Only where there is https to upgrade to.
const UPGRADE: &str = "; upgrade-insecure-requests";
/// An uploaded file opened by itself can do nothing.
const MEDIA_CSP: &str = "default-src 'none'; sandbox";
const HSTS: &str = "max-age=63072000; includeSubDomains";
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), browsing-topics=()";
const MEDIA_PATH: &str = "/media/";

/// The middleware. A handler's own stricter header of the same name stays (a preview's `Referrer-Policy`).
pub async fn apply(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_media = request.uri().path().starts_with(MEDIA_PATH);
    let mut response = next.run(request).await;
    if response.extensions().get::<Ready>().is_some() {
        return response;
    }
    let is_feed = response.extensions().get::<CachePolicy>() == Some(&CachePolicy::Feed);
    write(response.headers_mut(), &app.site, is_media, is_feed);
    response
}

/// What a page that is kept carries, whoever asks for it.
pub fn of_page(headers: &mut HeaderMap, site: &Site, policy: CachePolicy) {
    write(headers, site, false, policy == CachePolicy::Feed);
}

fn write(headers: &mut HeaderMap, site: &Site, is_media: bool, is_feed: bool) {
    let mut set = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    let fixed = HeaderValue::from_static;
    set(header::CONTENT_SECURITY_POLICY, content_security_policy(site, is_media));
    if site.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, fixed(HSTS));
    }
    set(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    set(header::X_FRAME_OPTIONS, fixed("DENY"));
    set(header::REFERRER_POLICY, fixed("same-origin"));
    set(HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin"));
    let embedders = if is_media || is_feed { "cross-origin" } else { "same-origin" };
    set(HeaderName::from_static("cross-origin-resource-policy"), fixed(embedders));
    set(HeaderName::from_static("permissions-policy"), fixed(PERMISSIONS));
}

fn content_security_policy(site: &Site, is_media: bool) -> HeaderValue {
    if is_media {
        return HeaderValue::from_static(MEDIA_CSP);
    }
    let upgrade = if site.is_https() { UPGRADE } else { "" };
    HeaderValue::try_from(format!("{}{upgrade}", *PAGE_CSP)).unwrap_or(HeaderValue::from_static(NOTHING))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(base_url: &str, is_media: bool, is_feed: bool) -> HeaderMap {
        let site = Site::new("X", base_url, chrono_tz::Tz::UTC, crate::text::Language::default());
        let mut headers = HeaderMap::new();
        write(&mut headers, &site, is_media, is_feed);
        headers
    }

    #[test]
    fn the_policy_of_pages_is_exactly_this() {
        let headers = headers("https://a.example", false, false);
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self'; \
             media-src 'self'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; \
             manifest-src 'self'; frame-src https://geo.dailymotion.com https://w.soundcloud.com \
             https://open.spotify.com https://player.vimeo.com https://www.youtube-nocookie.com; \
             upgrade-insecure-requests"
        );
        assert_eq!(headers["strict-transport-security"], "max-age=63072000; includeSubDomains");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
    }

    #[test]
    fn plain_http_promises_no_https() {
        let headers = headers("http://localhost:8080", false, false);
        assert!(!headers.contains_key("strict-transport-security"));
        let policy = headers["content-security-policy"].to_str().unwrap_or_default();
        assert!(policy.ends_with("https://www.youtube-nocookie.com"), "{policy}");
    }

    #[test]
    fn media_is_sandboxed_and_media_and_feeds_may_be_embedded() {
        let media = headers("https://a.example", true, false);
        assert_eq!(media["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(media["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(headers("https://a.example", false, true)["cross-origin-resource-policy"], "cross-origin");
    }
}
