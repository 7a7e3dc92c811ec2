//! The addresses behind the article form: text that is not saved yet, who is there, two texts into one.

use std::fmt::Display;

use super::{desk, encode};

/// Text of an article that was never saved.
pub const DRAFT_AUTOSAVE: &str = "/desk/articles/autosave";
pub const DRAFT_DISCARD: &str = "/desk/articles/autosave/discard";

pub fn autosave(article: impl Display) -> String {
    format!("/desk/articles/{article}/autosave")
}

pub fn discard(article: impl Display) -> String {
    format!("/desk/articles/{article}/autosave/discard")
}

/// Of the edit that waits for its time.
pub fn edit_autosave(article: impl Display) -> String {
    format!("/desk/articles/{article}/edit/autosave")
}

pub fn edit_discard(article: impl Display) -> String {
    format!("/desk/articles/{article}/edit/autosave/discard")
}

/// The form of a new article with the text that was kept under this key.
pub fn draft(key: &str) -> String {
    format!("{}?draft={}", desk::ARTICLE_NEW, encode(key))
}

pub fn presence(article: impl Display) -> String {
    format!("/desk/articles/{article}/presence")
}

pub fn merge(article: impl Display) -> String {
    format!("/desk/articles/{article}/merge")
}
