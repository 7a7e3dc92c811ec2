//! Orvane, a country that does not exist, and forty-eight articles from its newspaper.
//!
//! Names, numbers and quotations are invented. Prose lies in `bodies/`, one file an article; what belongs to
//! it lies in one file a section. No date is written anywhere: ages are hours before the moment of loading.

mod analysis;
mod comments;
mod culture;
mod desk;
mod economy;
mod galleries;
mod interview;
mod news;
mod paper;
mod openings;
mod people;
mod science;
mod society;
mod taxonomy;
mod topics;
mod types;

#[cfg(test)]
mod tests;

pub use comments::{BANNED, SAID_BELOW, SUSPECT, Said};
pub use desk::{CORRECTION, EMBARGOED, IN_REVIEW, LATER, Unseen, WITHDRAWN, WITHDRAWN_NOTE};
pub use galleries::{EDITORS_CHOICE, FILM, PHOTO_GALLERIES};
pub use openings::{KeyDate, OPENINGS};
pub use people::AUTHORS;
pub use taxonomy::{PLACES, SECTIONS, TAGS};
pub use topics::TOPICS;
pub use types::{Article, PhotoGallery, Picture};

/// Beneath every picture of this world.
pub const PICTURE_CREDIT: &str = "Drawing: Broadsheet";

/// All articles, section by section in the order of the menu.
pub fn articles() -> impl Iterator<Item = &'static Article> {
    [
        news::ARTICLES,
        analysis::ARTICLES,
        economy::ARTICLES,
        society::ARTICLES,
        culture::ARTICLES,
        science::ARTICLES,
        paper::ARTICLES,
        interview::ARTICLES,
    ]
    .into_iter()
    .flatten()
}
