//! Imports at the desk.

use std::fmt::Display;

pub const IMPORTS: &str = "/desk/imports";

pub fn one(id: impl Display) -> String {
    format!("{IMPORTS}/{id}")
}

pub fn cancel(id: impl Display) -> String {
    format!("{IMPORTS}/{id}/cancel")
}

pub fn resume(id: impl Display) -> String {
    format!("{IMPORTS}/{id}/resume")
}

/// After a dry run: the same, written.
pub fn write(id: impl Display) -> String {
    format!("{IMPORTS}/{id}/write")
}

/// `csv` or `jsonl`.
pub fn report(id: impl Display, format: &str) -> String {
    format!("{IMPORTS}/{id}/report.{format}")
}
