//! The nouns of the site, each with its type, its SQL and its rules.
//!
//! | word | module |
//! |---|---|
//! | section, tag, author, place | `section`, `tag`, `author`, `place` |
//! | article: its whole, its card in lists, what an editor saves | `article`, `article::card`, `article::save` |
//! | topic (In Focus), gallery, editor's choice | `topic`, `gallery`, `front` |
//! | picture, film | `media` |
//! | comment | `comment` |
//! | search, views and most viewed, audit | `search`, `views`, `audit` |
//! | article: its way to readers, its versions, what waits for its time | `article::state`, `revision`, `scheduled` |
//! | correction, note, trash | `article::correction`, `article::note`, `article::trash` |
//! | preview: a link for people without an account | `preview` |
//! | what waits at the desk, links that lead nowhere | `agenda`, `link`, `broken_link` |
//! | what the site tells machines about itself | `discovery` |
//! | what the site draws itself: icons, pictures for articles without one | `drawing` |
//! | where a loaded row came from | `origin` |
//! | what comes in from elsewhere, addresses from there | `import`, `old_address` |
//! | when the site changes by itself | `moment` |
//!
//! Reads take any executor; writes take the caller's transaction, so that effects commit together.

/// A number that names one row of one kind, and cannot be mistaken for the id of another.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, serde::Serialize, serde::Deserialize,
        )]
        #[sqlx(transparent)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

pub mod agenda;
pub mod article;
pub mod audit;
pub mod author;
pub mod broken_link;
pub mod comment;
pub mod discovery;
pub mod drawing;
pub mod front;
pub mod gallery;
pub mod import;
pub mod link;
pub mod media;
pub mod moment;
pub mod old_address;
pub mod origin;
pub mod place;
pub mod preview;
pub mod search;
pub mod section;
pub mod tag;
pub mod topic;
pub mod views;
