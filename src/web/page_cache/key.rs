//! What a page depends on. The same words stand in the triggers of `migrations/20261124114000_page_cache.sql`, in
//! `Surrogate-Key` and in what outside caches are told.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::news::article::{Article, ArticleId};
use crate::news::author::AuthorId;
use crate::news::section::SectionId;
use crate::news::tag::TagId;
use crate::news::topic::TopicId;

/// A page that carries a key is dropped when the key is named by a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Article(i64),
    /// What readers say below an article.
    Comments(i64),
    Section(i64),
    Tag(i64),
    Topic(i64),
    Author(i64),
    /// The front page, and what else is drawn from its board.
    Front,
    /// Every feed and sitemap.
    Feed,
    /// What looks over all articles: search, archive, map, lists of everything.
    SearchIndex,
    Gallery,
    MostViewed,
    /// Every page of HTML: its menu and its banner.
    Layout,
    All,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Article(id) => write!(f, "article:{id}"),
            Self::Comments(id) => write!(f, "comments:{id}"),
            Self::Section(id) => write!(f, "section:{id}"),
            Self::Tag(id) => write!(f, "tag:{id}"),
            Self::Topic(id) => write!(f, "topic:{id}"),
            Self::Author(id) => write!(f, "author:{id}"),
            Self::Front => f.write_str("front"),
            Self::Feed => f.write_str("feed"),
            Self::SearchIndex => f.write_str("search-index"),
            Self::Gallery => f.write_str("gallery"),
            Self::MostViewed => f.write_str("most-viewed"),
            Self::Layout => f.write_str("layout"),
            Self::All => f.write_str("all"),
        }
    }
}

/// A word that is no key, as a newer program may send it.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown;

impl FromStr for Key {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let (noun, id) = text.split_once(':').unwrap_or((text, ""));
        let id = || id.parse().map_err(|_| Unknown);
        Ok(match noun {
            "article" => Self::Article(id()?),
            "comments" => Self::Comments(id()?),
            "section" => Self::Section(id()?),
            "tag" => Self::Tag(id()?),
            "topic" => Self::Topic(id()?),
            "author" => Self::Author(id()?),
            "front" => Self::Front,
            "feed" => Self::Feed,
            "search-index" => Self::SearchIndex,
            "gallery" => Self::Gallery,
            "most-viewed" => Self::MostViewed,
            "layout" => Self::Layout,
            "all" => Self::All,
            _ => return Err(Unknown),
        })
    }
}

impl From<ArticleId> for Key {
    fn from(id: ArticleId) -> Self {
        Self::Article(id.0)
    }
}

impl From<SectionId> for Key {
    fn from(id: SectionId) -> Self {
        Self::Section(id.0)
    }
}

impl From<TagId> for Key {
    fn from(id: TagId) -> Self {
        Self::Tag(id.0)
    }
}

impl From<TopicId> for Key {
    fn from(id: TopicId) -> Self {
        Self::Topic(id.0)
    }
}

impl From<AuthorId> for Key {
    fn from(id: AuthorId) -> Self {
        Self::Author(id.0)
    }
}

/// On what terms a page may be kept. Without a key it is not kept at all: silence means "no".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    pub keys: Vec<Key>,
    /// When it changes by itself, beyond the moments of the site (`news::moment`), which hold for every page.
    pub change: Option<DateTime<Utc>>,
    /// From when on it must not be shown, not even while the database is away.
    pub end: Option<DateTime<Utc>>,
    /// Whoever gets it has read this.
    pub counts: Option<ArticleId>,
}

/// What the page of an article carries: its own key, and those of its tags, for what else carries them stands below it.
/// Not those of its section and its authors: what is new there does not concern it, and their names are on every page.
pub fn of_article(article: &Article) -> Vec<Key> {
    let tags = article.tags.0.iter().map(|tag| Key::from(tag.id));
    [Key::from(article.id), Key::Comments(article.id.0)].into_iter().chain(tags).collect()
}

/// The keys of a message; a word that is none is taken for all of them.
pub fn parse(message: &str) -> Vec<Key> {
    message.split_ascii_whitespace().map(|word| word.parse().unwrap_or(Key::All)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let keys = [
            Key::Article(7),
            Key::Comments(7),
            Key::Section(1),
            Key::Tag(2),
            Key::Topic(3),
            Key::Author(4),
            Key::Front,
            Key::Feed,
            Key::SearchIndex,
            Key::Gallery,
            Key::MostViewed,
            Key::Layout,
            Key::All,
        ];
        let message = keys.map(|key| key.to_string()).join(" ");
        assert_eq!(parse(&message), keys);
    }

    #[test]
    fn a_word_from_a_newer_program_means_everything() {
        assert_eq!(parse("podcast:7"), [Key::All]);
        assert_eq!(parse("article:x"), [Key::All]);
    }
}
