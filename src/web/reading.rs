//! Which requests are a person reading an article, and counting them.
//!
//! A page says what it counts (`Page::counts`); `page_cache` and what stands before it call [`count`], whether the page
//! was drawn or was there. What is counted, and what is forgotten, is decided in `news::views`.

use std::net::IpAddr;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::{App, Client, MaybeViewer};
use crate::news::article::ArticleId;

/// Parts of the names by which crawlers, feed readers, link previews and command-line tools introduce themselves.
/// Whoever hides is counted: guessing would miscount people.
const ROBOTS: [&str; 20] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "whatsapp",
    "monitor",
    "uptime",
    "curl/",
    "wget/",
    "python-",
    "go-http-client",
    "java/",
    "okhttp",
    "httpclient",
    "feed",
    "rss",
    "archiver",
    "lighthouse",
];

/// Counts one read of this article, if this is a person who is not of the staff.
pub async fn count(app: &App, article: ArticleId, parts: &mut Parts) {
    if !is_read(&parts.method, &parts.headers) {
        return;
    }
    let Ok(MaybeViewer(viewer)) = MaybeViewer::from_request_parts(parts, app).await;
    if viewer.is_none() {
        let Ok(client) = Client::from_request_parts(parts, app).await;
        app.views.count(article, &client.network.0, user_agent(&parts.headers), Instant::now());
    }
}

/// The same for a request that brings no session; `address` is asked for only if there is something to count.
pub fn count_stranger(
    app: &App,
    article: ArticleId,
    method: &Method,
    headers: &HeaderMap,
    address: impl FnOnce() -> IpAddr,
) {
    if is_read(method, headers) {
        let network = app.networks.hash(address());
        app.views.count(article, &network.0, user_agent(headers), Instant::now());
    }
}

/// A page that is fetched to be looked at, by something that may be a person.
fn is_read(method: &Method, headers: &HeaderMap) -> bool {
    // Browsers fetch pages that nobody asked for yet, and say so; the older name is still sent by some.
    let ahead = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        headers.get(*name).is_some_and(|value| value.to_str().is_ok_and(|value| value.contains("prefetch")))
    });
    let agent = user_agent(headers).to_ascii_lowercase();
    *method == Method::GET && !ahead && !agent.is_empty() && !ROBOTS.iter().any(|robot| agent.contains(robot))
}

fn user_agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_browser_that_asks_for_a_page_is_a_reader() {
        assert!(is_read(&Method::GET, &headers(&[("user-agent", BROWSER)])));
    }

    #[test]
    fn looking_at_the_head_alone_is_no_read() {
        assert!(!is_read(&Method::HEAD, &headers(&[("user-agent", BROWSER)])));
    }

    #[test]
    fn fetching_ahead_is_no_read() {
        for (name, value) in
            [("sec-purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch")]
        {
            assert!(!is_read(&Method::GET, &headers(&[("user-agent", BROWSER), (name, value)])), "{name}");
        }
    }

    #[test]
    fn robots_and_the_nameless_are_no_readers() {
        for agent in ["Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5.0", "SomeFeedReader/1.0", ""] {
            assert!(!is_read(&Method::GET, &headers(&[("user-agent", agent)])), "{agent}");
        }
        assert!(!is_read(&Method::GET, &headers(&[])));
    }
}
