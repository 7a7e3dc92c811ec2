//! The one stream that every reader makes of its file, a thing at a time. Nothing in it is trusted, and it says
//! nothing of accounts, roles or settings: an import cannot grant anything.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// The next thing of a file.
#[derive(Clone, Debug, Serialize)]
pub enum Item {
    /// Where it all comes from; stands before everything else, if it is known.
    Site(Site),
    Section(Section),
    Author(Author),
    File(File),
    Article(Box<Article>),
    /// Something that has no place here.
    Other(Other),
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Site {
    /// `https://old.example`: links there are links to what is imported.
    pub address: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Section {
    pub name: String,
    pub description: String,
    /// Whole addresses that led to its page.
    pub addresses: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Author {
    pub name: String,
    pub bio: String,
    pub addresses: Vec<String>,
}

/// A file that bodies name by number.
#[derive(Clone, Debug, Default, Serialize)]
pub struct File {
    pub key: String,
    pub address: String,
    pub alt: String,
    pub caption: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Other {
    pub noun: String,
    pub key: String,
    pub title: String,
    pub refused: bool,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum State {
    #[default]
    Published,
    /// Its time is to come; the time says so too.
    Scheduled,
    Draft,
    Review,
    Withdrawn,
}

/// How the text of a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Markup {
    #[default]
    Html,
    /// Empty lines make paragraphs, and brackets mean something.
    WordPress,
    Markdown,
    /// Every line is a line.
    Plain,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Article {
    /// What the source calls it; the same the next time.
    pub key: String,
    pub state: State,
    pub headline: String,
    pub kicker: String,
    pub slug: String,
    pub standfirst: String,
    pub body: String,
    pub markup: Markup,
    /// What addresses in its body are relative to, if not the site.
    pub base: String,
    pub byline: Vec<String>,
    pub dateline: String,
    pub language: String,
    pub section: String,
    pub tags: Vec<String>,
    pub picture: Option<Picture>,
    pub comments_open: bool,
    pub publish_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub expire_at: Option<DateTime<Utc>>,
    /// Whole addresses at which it stood.
    pub addresses: Vec<String>,
    pub comments: Vec<Comment>,
    /// What the reader had to leave out, for the report.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Picture {
    /// An address, or `file:KEY` for a file that the source knows by number.
    pub address: String,
    pub alt: String,
    pub caption: String,
    pub credit: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Comment {
    pub key: String,
    pub parent: String,
    pub name: String,
    pub email: String,
    pub text: String,
    pub state: Talk,
    pub at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Talk {
    Approved,
    #[default]
    Pending,
    Rejected,
    Spam,
}

impl Item {
    pub fn other(noun: &str, key: &str, title: &str, reason: &str) -> Self {
        let text = str::to_owned;
        Self::Other(Other {
            noun: text(noun),
            key: text(key),
            title: text(title),
            refused: false,
            reason: text(reason),
        })
    }

    pub fn refused(noun: &str, key: &str, title: &str, reason: &str) -> Self {
        match Self::other(noun, key, title, reason) {
            Self::Other(other) => Self::Other(Other { refused: true, ..other }),
            item => item,
        }
    }
}
