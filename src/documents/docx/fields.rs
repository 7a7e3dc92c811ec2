//! Fields: `HYPERLINK "…"` and the like, which may hold others and reach over several paragraphs.

use std::rc::Rc;

use crate::documents::line::link;

#[derive(Debug, Default)]
pub struct Fields(Vec<Field>);

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    /// Past its instruction: what follows is shown.
    shows: bool,
    link: Option<Rc<str>>,
    /// What it shows is made by a machine: a table of contents, an index.
    is_machinery: bool,
}

/// A document made to be slow may open fields without end.
const MOST_OPEN: usize = 64;

impl Fields {
    /// `begin`, `separate` or `end`; whether a table of contents begins to be shown.
    pub fn mark(&mut self, kind: &str) -> bool {
        match kind {
            "begin" if self.0.len() < MOST_OPEN => self.0.push(Field::default()),
            "separate" => {
                if let Some(field) = self.0.last_mut() {
                    field.shows = true;
                    field.link = target(&field.instruction);
                    field.is_machinery = is_machinery(&field.instruction);
                    return field.is_machinery;
                }
            }
            "end" => {
                self.0.pop();
            }
            _ => {}
        }
        false
    }

    pub fn instruct(&mut self, text: &str) {
        if let Some(field) = self.0.last_mut().filter(|field| !field.shows) {
            field.instruction.push_str(text);
        }
    }

    pub fn link(&self) -> Option<Rc<str>> {
        self.0.iter().rev().find_map(|field| field.link.clone())
    }

    /// Whether text stands where nobody shall read it.
    pub fn hides(&self) -> bool {
        self.0.iter().any(|field| !field.shows || field.is_machinery)
    }
}

/// `HYPERLINK "https://…" \o "…"`
pub fn target(instruction: &str) -> Option<Rc<str>> {
    let rest = instruction.trim_start();
    let (word, rest) = rest.split_at_checked("HYPERLINK".len())?;
    if !word.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let rest = rest.trim_start();
    match rest.strip_prefix(['"', '“']) {
        Some(quoted) => link(quoted.split(['"', '”']).next()?),
        None => link(rest.split_whitespace().next()?),
    }
}

fn is_machinery(instruction: &str) -> bool {
    let word = instruction.split_whitespace().next().unwrap_or_default();
    matches!(word, "TOC" | "INDEX" | "TOA")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_link_is_read() {
        for instruction in
            [" HYPERLINK \"https://a.example/b\" \\o \"tip\" ", "hyperlink https://a.example/b"]
        {
            assert_eq!(target(instruction).as_deref(), Some("https://a.example/b"), "{instruction}");
        }
        for instruction in ["HYPERLINK \\l \"_Toc1\"", "PAGE", "HYPERLINK \"javascript:x\"", "é"] {
            assert_eq!(target(instruction), None, "{instruction}");
        }
    }
}
