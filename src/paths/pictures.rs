//! The picture desk.

use std::fmt::Display;

use super::desk::MEDIA;
use super::query;

pub fn picture(id: impl Display) -> String {
    format!("{MEDIA}/{id}")
}

pub fn retry(id: impl Display) -> String {
    format!("{MEDIA}/{id}/retry")
}

pub fn replace(id: impl Display) -> String {
    format!("{MEDIA}/{id}/replace")
}

pub fn delete(id: impl Display) -> String {
    format!("{MEDIA}/{id}/delete")
}

/// The library, filtered; what is empty filters nothing.
pub fn library(words: &str, kind: &str, state: &str, before: &str) -> String {
    query(MEDIA, &[("q", words), ("kind", kind), ("state", state), ("before", before)])
}

/// Pictures in this state: `failed`, or with a licence that is `ended` or `ending`.
pub fn in_state(state: &str) -> String {
    library("", "", state, "")
}
