//! The shapes of the sample world. References between its parts are names and keys, checked by a test.

use crate::cli::demo::draw::Scene;

pub struct Section {
    pub slug: &'static str,
    pub name: &'static str,
    pub description: &'static str,
}

pub struct Author {
    pub name: &'static str,
    pub bio: &'static str,
}

pub struct Place {
    pub name: &'static str,
    pub latitude: f64,
    pub longitude: f64,
}

/// A topic of In Focus: gathers by tags, and by hand the articles named.
pub struct Topic {
    pub key: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub tags: &'static [&'static str],
    pub articles: &'static [&'static str],
    pub picture: Picture,
    /// Stands on the front page.
    pub pinned: bool,
}

pub struct Article {
    /// Names the article inside this world and makes a second load find it again.
    pub key: &'static str,
    /// The slug of its section.
    pub section: &'static str,
    pub kicker: &'static str,
    pub headline: &'static str,
    pub standfirst: &'static str,
    /// Names of authors, in order.
    pub byline: &'static [&'static str],
    pub dateline: &'static str,
    pub language: &'static str,
    /// Names of tags.
    pub tags: &'static [&'static str],
    /// The name of a place.
    pub place: Option<&'static str>,
    /// Keys of other articles, in order.
    pub related: &'static [&'static str],
    pub hours_ago: u32,
    pub picture: Picture,
    pub body: &'static str,
    pub views: Views,
    pub comments_open: bool,
    pub comments: &'static [Comment],
}

/// A drawing, and the words beneath it. The credit is the same for all: `PICTURE_CREDIT`.
pub struct Picture {
    pub scene: Scene,
    pub seed: u64,
    pub alt: &'static str,
    pub caption: &'static str,
}

/// How often an article was read in the last day, week and month; each includes the one before.
pub struct Views {
    pub day: u32,
    pub week: u32,
    pub month: u32,
}

pub struct Comment {
    pub name: &'static str,
    /// False: still waiting to be read at the desk.
    pub approved: bool,
    /// Plain text, whatever it looks like.
    pub body: &'static str,
}

pub struct PhotoGallery {
    pub key: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub hours_ago: u32,
    pub pictures: &'static [Picture],
}

/// The film itself is made by `film::film`.
pub struct FilmGallery {
    pub key: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub hours_ago: u32,
    pub poster: Picture,
}
