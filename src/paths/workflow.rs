//! An article on its way: states, versions, edits that wait, notes, previews, corrections.

use std::fmt::Display;

use crate::paths;

/// What was put right, of all articles.
pub const CORRECTIONS: &str = "/corrections";
/// Many articles at once.
pub const BULK: &str = "/desk/articles/bulk";

/// The desk's list, filtered; what is empty filters nothing.
pub fn articles(state: &str, section: &str, author: &str, words: &str) -> String {
    let asked = [("state", state), ("section", section), ("author", author), ("q", words)];
    paths::query(paths::desk::ARTICLES, &asked)
}

/// What a correction changed, for readers.
pub fn correction(article: impl Display, number: i32) -> String {
    format!("/article/{article}/corrections/{number}")
}

/// Before the token, which is the only one of ours that stands in a path.
pub const PREVIEW: &str = "/preview/";

pub fn preview(token: &str) -> String {
    format!("{PREVIEW}{}", paths::encode(token))
}

pub fn preview_end(id: impl Display) -> String {
    format!("/desk/previews/{id}/end")
}

pub fn previews(article: impl Display) -> String {
    format!("/desk/articles/{article}/previews")
}

pub fn notes(article: impl Display) -> String {
    format!("/desk/articles/{article}/notes")
}

pub fn assignee(article: impl Display) -> String {
    format!("/desk/articles/{article}/assignee")
}

pub fn trash(article: impl Display) -> String {
    format!("/desk/articles/{article}/trash")
}

pub fn restore(article: impl Display) -> String {
    format!("/desk/articles/{article}/restore")
}

/// The form with the text of the edit that waits.
pub fn edit(article: impl Display) -> String {
    format!("/desk/articles/{article}/edit")
}

pub fn edit_cancel(article: impl Display) -> String {
    format!("/desk/articles/{article}/edit/cancel")
}

pub fn edit_confirm(article: impl Display) -> String {
    format!("/desk/articles/{article}/edit/confirm")
}

pub fn revisions(article: impl Display) -> String {
    format!("/desk/articles/{article}/revisions")
}

/// Two versions side by side.
pub fn revisions_between(article: impl Display, from: impl Display, to: impl Display) -> String {
    format!("/desk/articles/{article}/revisions?from={from}&to={to}")
}

pub fn revisions_before(article: impl Display, version: impl Display) -> String {
    format!("/desk/articles/{article}/revisions?before={version}")
}

/// Makes an old version the newest.
pub fn revision_restore(article: impl Display) -> String {
    format!("/desk/articles/{article}/revisions/restore")
}
