//! The addresses of feeds: below the page that each belongs to, in three formats; and what else only machines ask for.

use std::fmt::Display;

use super::{encode, query};

pub const OPML: &str = "/feeds.opml";
pub const OEMBED: &str = "/oembed";
pub const ROBOTS: &str = "/robots.txt";
pub const NEWS_SITEMAP: &str = "/sitemap-news.xml";
pub const PAGES_SITEMAP: &str = "/sitemap-pages.xml";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Rss,
    Atom,
    Json,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Atom => "Atom",
            Self::Json => "JSON",
        }
    }

    pub fn file(self) -> &'static str {
        match self {
            Self::Rss => "feed.xml",
            Self::Atom => "feed.atom",
            Self::Json => "feed.json",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Rss => "application/rss+xml",
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// The same feed in another format: `rss` is the address of the first, which ends with `feed.xml` and may have a query.
pub fn in_format(rss: &str, format: Format) -> String {
    let (path, query) = rss.split_once('?').map_or((rss, ""), |(path, query)| (path, query));
    let joint = if query.is_empty() { "" } else { "?" };
    format!("{}{}{joint}{query}", path.trim_end_matches(Format::Rss.file()), format.file())
}

/// What a search finds, as it is found.
pub fn of_search(words: &str, section: &str, tag: &str) -> String {
    query("/search/feed.xml", &[("q", words), ("section", section), ("tag", tag)])
}

/// What one author wrote about one subject; both as they stand in their addresses.
pub fn of_author_and_tag(author: &str, tag: &str) -> String {
    format!("/author/{}/tag/{}/feed.xml", encode(author), encode(tag))
}

/// The card of a page, by its whole address.
pub fn oembed(page: &str, format: &str) -> String {
    query(OEMBED, &[("url", page), ("format", format)])
}

pub fn of_comments(article: impl Display) -> String {
    format!("/article/{article}/comments/feed.xml")
}

pub mod desk {
    /// What the site tells machines.
    pub const DISCOVERY: &str = "/desk/discovery";
    pub const LOGO: &str = "/desk/discovery/logo";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_has_one_address_for_each_format() {
        assert_eq!(in_format("/feed.xml", Format::Atom), "/feed.atom");
        assert_eq!(in_format("/tag/feed.xml-day/feed.xml", Format::Json), "/tag/feed.xml-day/feed.json");
        assert_eq!(
            in_format(&of_search("a b", "", "sea"), Format::Atom),
            "/search/feed.atom?q=a%20b&tag=sea"
        );
    }
}
