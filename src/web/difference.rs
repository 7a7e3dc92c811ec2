//! Two versions of an article as one page shows them: each field that changed, and the text with the words that went
//! and came. What readers are shown of a correction and what the desk compares are the same, but for the fields.

use crate::news::article::revision::Content;
use crate::text::CleanHtml;
use crate::text::compare::{self, Run};

/// For `templates/parts/difference.html`.
pub struct Difference {
    pub fields: Vec<Field>,
    pub text: Vec<Block>,
    /// No word of the text changed.
    pub is_text_same: bool,
}

pub struct Field {
    pub label: &'static str,
    pub runs: Vec<Run>,
}

/// A block of the text in its kind.
pub struct Block {
    pub kind: Kind,
    pub runs: Vec<Run>,
    pub is_changed: bool,
    /// The same words, but a link, a heading or emphasis.
    pub is_only_markup: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Heading,
    Quote,
    /// Lists, tables, figures: their words line by line.
    Lines,
    Paragraph,
}

impl Block {
    pub fn is_heading(&self) -> bool {
        self.kind == Kind::Heading
    }

    pub fn is_quote(&self) -> bool {
        self.kind == Kind::Quote
    }

    pub fn is_lines(&self) -> bool {
        self.kind == Kind::Lines
    }
}

/// A version and its text as readers saw it.
pub struct Side<'a> {
    pub content: &'a Content,
    pub body: &'a CleanHtml,
}

impl Difference {
    /// What a reader of both versions could have seen.
    pub fn public(old: &Side<'_>, new: &Side<'_>) -> Self {
        Self::of(old, new, &[])
    }

    /// With fields besides, as (label, before, after).
    pub fn of(old: &Side<'_>, new: &Side<'_>, besides: &[(&'static str, String, String)]) -> Self {
        let (before, after) = (old.content, new.content);
        let texts: [(&'static str, &str, &str); 8] = [
            ("Kicker", &before.kicker, &after.kicker),
            ("Headline", &before.headline, &after.headline),
            ("Standfirst", &before.standfirst, &after.standfirst),
            ("Byline", &before.byline, &after.byline),
            ("Dateline", &before.dateline, &after.dateline),
            ("Alt text of the picture", &before.picture_alt, &after.picture_alt),
            ("Caption", &before.picture_caption, &after.picture_caption),
            ("Credit", &before.picture_credit, &after.picture_credit),
        ];
        let besides = besides.iter().map(|(label, before, after)| (*label, before.as_str(), after.as_str()));
        let changed = texts.into_iter().chain(besides).filter(|(_, before, after)| before != after);
        let text: Vec<Block> = compare::bodies(old.body, new.body)
            .iter()
            .map(|row| Block {
                kind: kind(row),
                is_changed: !row.is_same(),
                is_only_markup: row.is_only_markup(),
                runs: row.runs(),
            })
            .collect();
        Self {
            fields: changed
                .map(|(label, before, after)| Field { label, runs: compare::words(before, after) })
                .collect(),
            is_text_same: text.iter().all(|block| !block.is_changed),
            text,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.is_text_same
    }
}

fn kind(row: &compare::Row) -> Kind {
    let html = row.new.as_ref().or(row.old.as_ref()).map_or("", |block| block.html.as_str());
    let tag = html.trim_start_matches('<');
    match &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())] {
        "h2" | "h3" | "h4" => Kind::Heading,
        "blockquote" => Kind::Quote,
        "ul" | "ol" | "table" | "figure" | "pre" => Kind::Lines,
        _ => Kind::Paragraph,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn content(headline: &str) -> Content {
        Content { headline: headline.to_owned(), ..Content::default() }
    }

    fn shown(runs: &[Run]) -> String {
        runs.iter()
            .map(|run| match (run.change.is_removed(), run.change.is_added()) {
                (true, _) => format!("[-{}-]", run.text.trim()),
                (_, true) => format!("{{+{}+}}", run.text.trim()),
                _ => run.text.clone(),
            })
            .collect()
    }

    #[test]
    fn fields_that_changed_are_listed_and_words_are_marked_in_the_text() {
        let (old, new) = (content("Nine metres"), content("Ten metres"));
        let before = CleanHtml::clean("<h2>Depth</h2><p>It is nine metres deep.</p><p>So far.</p>").unwrap();
        let after = CleanHtml::clean("<h2>Depth</h2><p>It is ten metres deep.</p><p>So far.</p>").unwrap();
        let sides = (Side { content: &old, body: &before }, Side { content: &new, body: &after });
        let difference = Difference::public(&sides.0, &sides.1);
        assert_eq!(difference.fields.len(), 1);
        assert_eq!(difference.fields[0].label, "Headline");
        let text: Vec<String> = difference.text.iter().map(|block| shown(&block.runs)).collect();
        assert_eq!(text[0], "Depth");
        assert!(text[1].contains("[-nine-]") && text[1].contains("{+ten+}"), "{text:?}");
        assert!(difference.text[0].is_heading() && !difference.text[2].is_changed);
        assert!(!difference.is_empty());
    }

    #[test]
    fn the_same_version_twice_differs_in_nothing() {
        let (one, body) = (content("A"), CleanHtml::clean("<p>A</p>").unwrap());
        let side = Side { content: &one, body: &body };
        assert!(Difference::public(&side, &side).is_empty());
    }
}
