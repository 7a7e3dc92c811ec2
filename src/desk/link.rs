//! A field that leads somewhere: to an article of ours, named as everywhere at the desk, or to an address.

use url::Url;

use super::picked;
use crate::news::article::ArticleId;
use crate::web::{App, Result};

/// As the schema has it.
const MAX_ADDRESS: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    Nowhere,
    Article(ArticleId),
    /// A path of ours, or https elsewhere.
    Address(String),
}

impl Link {
    /// As the tables have it: an article, or an address, or neither.
    pub fn parts(self) -> (Option<ArticleId>, String) {
        match self {
            Self::Nowhere => (None, String::new()),
            Self::Article(id) => (Some(id), String::new()),
            Self::Address(address) => (None, address),
        }
    }
}

/// What was typed, or why it leads nowhere. An empty field is no link.
pub async fn read(app: &App, typed: &str) -> Result<Result<Link, &'static str>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Ok(Link::Nowhere));
    }
    if let Some(article) = picked::one(app, typed).await? {
        return Ok(Ok(Link::Article(article)));
    }
    Ok(if is_address(typed) {
        Ok(Link::Address(typed.to_owned()))
    } else {
        Err("This names no article; an address starts with https:// or with a single slash.")
    })
}

fn is_address(typed: &str) -> bool {
    if typed.chars().count() > MAX_ADDRESS || typed.chars().any(char::is_control) {
        return false;
    }
    if typed.starts_with('/') {
        return !typed.starts_with("//") && !typed.contains('\\');
    }
    Url::parse(typed)
        .is_ok_and(|url| url.scheme() == "https" && url.host().is_some() && url.username().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_path_of_ours_or_https() {
        for good in ["/focus/rivers", "/section/news#top", "https://water.example/levels?station=4"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "//elsewhere.example",
            "/\\elsewhere.example",
            "http://water.example/",
            "javascript:alert(1)",
            "https://user@water.example/",
            "water.example",
            &format!("/{}", "a".repeat(500)),
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
