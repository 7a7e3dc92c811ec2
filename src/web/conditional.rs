//! Conditional requests: whether whoever asks has the page already (RFC 9110, 13).

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Utc};

/// `If-None-Match` wins; dates count only without it (13.2.2). Weak comparison: how a page is packed does not matter.
pub fn is_known(asked: &HeaderMap, etag: Option<&HeaderValue>, modified: Option<DateTime<Utc>>) -> bool {
    let mut tags = asked.get_all(header::IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        let Some(etag) = etag.and_then(|etag| etag.to_str().ok()) else { return false };
        return tags.filter_map(|line| line.to_str().ok()).any(|line| lists(line, etag));
    }
    let since = asked.get(header::IF_MODIFIED_SINCE).and_then(date);
    matches!((since, modified), (Some(since), Some(modified)) if modified <= since)
}

pub fn date(value: &HeaderValue) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(value.to_str().ok()?).ok().map(|date| date.to_utc())
}

/// Our tags hold no comma, so splitting is safe.
fn lists(line: &str, etag: &str) -> bool {
    line.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

fn opaque(tag: &str) -> &str {
    tag.trim().trim_start_matches("W/")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn known(asked: &[(header::HeaderName, &str)], etag: &str, modified: &str) -> bool {
        let headers = asked.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        is_known(&headers, Some(&etag.parse().unwrap()), date(&modified.parse().unwrap()))
    }

    #[test]
    fn tags_are_compared_weakly() {
        for hit in ["W/\"abc\"", "\"abc\"", "\"x\", W/\"abc\"", "*"] {
            assert!(known(&[(header::IF_NONE_MATCH, hit)], "W/\"abc\"", ""), "{hit}");
        }
        for miss in ["W/\"abd\"", "abc", "\"x\""] {
            assert!(!known(&[(header::IF_NONE_MATCH, miss)], "W/\"abc\"", ""), "{miss}");
        }
    }

    #[test]
    fn dates_count_only_without_a_tag() {
        let (same, before) = ("Tue, 24 Nov 2026 06:00:00 GMT", "Tue, 24 Nov 2026 05:59:59 GMT");
        assert!(known(&[(header::IF_MODIFIED_SINCE, same)], "W/\"abc\"", same));
        assert!(!known(&[(header::IF_MODIFIED_SINCE, before)], "W/\"abc\"", same));
        let both = [(header::IF_MODIFIED_SINCE, same), (header::IF_NONE_MATCH, "\"other\"")];
        assert!(!known(&both, "W/\"abc\"", same));
    }
}
