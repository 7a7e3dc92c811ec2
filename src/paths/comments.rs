//! The addresses of comments, for readers and at the desk. Tokens stand in the query, which no log keeps.

use std::fmt::Display;

use super::encode;

/// A commenter's own comment: look at it, take it back.
pub const OWN: &str = "/comment/own";
/// Another text for a comment that an editor sent back.
pub const REWRITE: &str = "/comment/rewrite";

pub fn own(token: &str) -> String {
    format!("{OWN}?token={}", encode(token))
}

pub fn rewrite(token: &str) -> String {
    format!("{REWRITE}?token={}", encode(token))
}

/// One comment on the page of its article.
pub fn permalink(article: &str, id: impl Display) -> String {
    format!("{article}#comment-{id}")
}

/// The article with its form set to answer this comment.
pub fn reply(article: &str, id: impl Display) -> String {
    format!("{article}?reply={id}#comment-form")
}

pub mod desk {
    use super::super::{desk, query};
    use std::fmt::Display;

    pub const RULES: &str = "/desk/comments/rules";
    pub const WORDS: &str = "/desk/comments/words";
    pub const BANS: &str = "/desk/comments/bans";

    /// The queue with its filters.
    pub fn queue(state: &str, article: &str, words: &str, same_as: &str) -> String {
        query(desk::COMMENTS, &[("state", state), ("article", article), ("q", words), ("same_as", same_as)])
    }

    pub fn rewrite(id: impl Display) -> String {
        format!("/desk/comments/{id}/rewrite")
    }

    pub fn ban(id: impl Display) -> String {
        format!("/desk/comments/{id}/ban")
    }

    pub fn reply(id: impl Display) -> String {
        format!("/desk/comments/{id}/reply")
    }

    pub fn lift(ban: impl Display) -> String {
        format!("/desk/comments/bans/{ban}/delete")
    }
}
