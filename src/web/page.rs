//! What a handler returns: a rendered template, or a document for machines.

use askama::Template;
use axum::Extension;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::page_cache::{Key, Terms};
use super::{CachePolicy, Error};
use crate::news::article::ArticleId;

/// A page of HTML. Not to be cached and 200 until told otherwise.
#[must_use]
pub struct Page {
    html: askama::Result<String>,
    status: StatusCode,
    policy: CachePolicy,
    /// A text in it that may differ between two copies of the same page, and what stands for it in the tag.
    passing: Option<(String, String)>,
    /// On what terms it is kept; without keys it is drawn for each reader.
    terms: Terms,
}

impl Page {
    /// Renders at once. A template that fails becomes the 500 page.
    pub fn new(view: &impl Template) -> Self {
        Self {
            html: view.render(),
            status: StatusCode::OK,
            policy: CachePolicy::NoStore,
            passing: None,
            terms: Terms::default(),
        }
    }

    /// A public page: `CachePolicy::Page`.
    pub fn public(view: &impl Template) -> Self {
        Self::new(view).policy(CachePolicy::Page)
    }

    pub fn policy(mut self, policy: CachePolicy) -> Self {
        self.policy = policy;
        self
    }

    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same page with other words in it: for addresses that only this answer may carry.
    pub fn rewritten(mut self, rewrite: impl FnOnce(&str) -> String) -> Self {
        self.html = self.html.map(|html| rewrite(&html));
        self
    }

    /// What it depends on: when one of these changes, it is drawn anew.
    pub fn keys(mut self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Self {
        self.terms.keys.extend(keys.into_iter().map(Into::into));
        self
    }

    /// It changes by itself at this time, if there is one.
    pub fn changes(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.terms.change = self.terms.change.into_iter().chain(at).min();
        self
    }

    /// From this time on it is not to be shown, even while the database is away.
    pub fn ends(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.terms.end = at;
        self
    }

    /// Whoever gets it reads this article.
    pub fn counts(mut self, article: ArticleId) -> Self {
        self.terms.counts = Some(article);
        self
    }

    /// Two copies that differ in `text` alone are the same page while `stands_for` is the same: whoever keeps one is
    /// told that it is still good.
    pub fn passing(mut self, text: impl Into<String>, stands_for: impl Into<String>) -> Self {
        self.passing = Some((text.into(), stands_for.into()));
        self
    }

    /// A form shown again with its errors: 422.
    pub fn unprocessable(self) -> Self {
        self.status(StatusCode::UNPROCESSABLE_ENTITY)
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let html = match self.html {
            Ok(html) => html,
            Err(cause) => return Error::internal(cause).into_response(),
        };
        let tag = match &self.passing {
            Some((text, stands_for)) => etag(html.replace(text, stands_for).as_bytes()),
            None => etag(html.as_bytes()),
        };
        let html_type = HeaderValue::from_static("text/html; charset=utf-8");
        let headers = [(header::CONTENT_TYPE, html_type), (header::ETAG, tag)];
        (self.status, self.policy, Extension(self.terms), headers, html).into_response()
    }
}

/// A feed, a sitemap, robots.txt: bytes with their type. `CachePolicy::Feed` until told otherwise.
#[must_use]
pub struct Document {
    content_type: &'static str,
    bytes: Vec<u8>,
    policy: CachePolicy,
    modified: Option<DateTime<Utc>>,
    terms: Terms,
}

impl Document {
    pub fn new(content_type: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            content_type,
            bytes: bytes.into(),
            policy: CachePolicy::Feed,
            modified: None,
            terms: Terms::default(),
        }
    }

    pub fn policy(mut self, policy: CachePolicy) -> Self {
        self.policy = policy;
        self
    }

    /// What it depends on, as with a page.
    pub fn keys(mut self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Self {
        self.terms.keys.extend(keys.into_iter().map(Into::into));
        self
    }

    /// The newest thing in it; makes `If-Modified-Since` work.
    pub fn last_modified(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.modified = at;
        self
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let tag = etag(&self.bytes);
        let kind = HeaderValue::from_static(self.content_type);
        let mut response = (
            self.policy,
            Extension(self.terms),
            [(header::CONTENT_TYPE, kind), (header::ETAG, tag)],
            self.bytes,
        )
            .into_response();
        if let Some(date) = self.modified.and_then(|at| HeaderValue::try_from(http_date(at)).ok()) {
            response.headers_mut().insert(header::LAST_MODIFIED, date);
        }
        response
    }
}

/// As in RFC 9110, 5.6.7.
pub fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Weak, because compression on the way changes the bytes and not the page. Made here and not in a layer:
/// an answer to HEAD has lost its body by then.
fn etag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    HeaderValue::try_from(format!("W/\"{}\"", hex::encode(&digest[..12])))
        .unwrap_or_else(|_| HeaderValue::from_static("W/\"\""))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn the_tag_changes_with_the_content() {
        assert_eq!(etag(b"a"), etag(b"a"));
        assert_ne!(etag(b"a"), etag(b"b"));
    }

    #[test]
    fn dates_are_written_as_http_wants_them() {
        let at = Utc.with_ymd_and_hms(2026, 1, 2, 3, 4, 5).unwrap();
        assert_eq!(http_date(at), "Fri, 02 Jan 2026 03:04:05 GMT");
    }
}
