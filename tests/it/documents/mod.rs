//! What is read of the documents that writers send, and what is refused.

pub mod docx;
mod hostile;
mod pages;
mod plain;
mod word;
pub mod zip;

use broadsheet::documents::{self, Draft};
use broadsheet::text::CleanHtml;

/// The body as it is saved: cleaned, each block on a line, pictures as `[number alt|caption]`.
fn body(draft: &Draft) -> Vec<String> {
    let source =
        draft.body(|number, caption| format!("<p>[{number} {}|{caption}]</p>", draft.pictures[number].alt));
    let clean = CleanHtml::clean(&source).unwrap().to_string();
    let lines = clean.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line.replace(" rel=\"noopener noreferrer\"", "")).collect()
}

fn read(name: &str, bytes: &[u8]) -> Draft {
    documents::read(name, bytes).unwrap_or_else(|refused| panic!("{name}: {refused}"))
}
