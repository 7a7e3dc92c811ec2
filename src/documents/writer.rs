//! The body as it is put together, whatever it was read from: paragraphs, headings, lists, quotes, tables, pictures.
//!
//! The HTML made here is for the cleaner, like that of an editor: nothing in it is trusted.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::line::{Line, Part};
use super::table::Table;

const PRE_END: &str = "</pre>\n\n";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Paragraph,
    /// 1 to 9, as the document counts.
    Heading(u8),
    Pre,
    /// Of the picture before it.
    Caption,
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub quote: bool,
    pub list: List,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum List {
    #[default]
    Outside,
    /// A new item. Levels begin with 0.
    Item { level: usize, ordered: bool, start: i64 },
    /// More of the last item of this level.
    Inside { level: usize },
}

/// A piece of the body. What is a piece of its own can still be changed: headings are ranked at the end, a picture
/// may get its caption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Markup(String),
    Paragraph { rtl: bool, html: String },
    Heading { level: u8, rtl: bool, html: String, words: String },
    Picture { number: usize, caption: String },
}

#[derive(Debug, Default)]
pub struct Writer {
    pieces: Vec<Piece>,
    open: Vec<Open>,
    in_quote: bool,
}

#[derive(Debug)]
struct Open {
    level: usize,
    ordered: bool,
}

impl Writer {
    pub fn block(&mut self, kind: Kind, place: Place, rtl: bool, line: Line) {
        if line.is_empty() {
            return;
        }
        let kind = if kind == Kind::Paragraph && is_rule(&line.words()) && place.list == List::Outside {
            return self.rule();
        } else {
            kind
        };
        let words = line.words();
        if kind == Kind::Caption && self.caption(&line) {
            return;
        }
        self.settle(place);
        let line = if matches!(kind, Kind::Heading(_)) { line.without_bold() } else { line };
        let mut is_first = matches!(place.list, List::Item { .. });
        for part in line.parts() {
            let piece = match (part, kind) {
                (Part::Picture(number), _) => Piece::Picture { number, caption: String::new() },
                (Part::Html(html), Kind::Heading(level)) => {
                    Piece::Heading { level, rtl, html, words: words.clone() }
                }
                (Part::Html(html), Kind::Pre) => self.pre(&html),
                // The first words of an item stand in it without a paragraph of their own.
                (Part::Html(html), _) if is_first => Piece::Markup(html),
                (Part::Html(html), _) => Piece::Paragraph { rtl, html },
            };
            self.pieces.push(piece);
            is_first = false;
        }
    }

    /// Whether nothing was written yet.
    pub fn is_blank(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Lines of code that follow each other are one block.
    fn pre(&mut self, html: &str) -> Piece {
        let before = match self.pieces.last() {
            Some(Piece::Markup(before)) => before.strip_prefix("<pre>").and_then(|b| b.strip_suffix(PRE_END)),
            _ => None,
        };
        let Some(before) = before else { return Piece::Markup(format!("<pre>{html}{PRE_END}")) };
        let joined = format!("<pre>{before}\n{html}{PRE_END}");
        self.pieces.pop();
        Piece::Markup(joined)
    }

    pub fn rule(&mut self) {
        self.settle(Place::default());
        let is_rule = |piece: &Piece| matches!(piece, Piece::Markup(html) if html.starts_with("<hr>"));
        if !self.pieces.is_empty() && !self.pieces.last().is_some_and(is_rule) {
            self.markup("<hr>\n\n");
        }
    }

    pub fn table(&mut self, place: Place, table: Table) {
        self.settle(place);
        self.pieces.extend(table.pieces());
    }

    /// The notes of a document, after it, in the order of their numbers.
    pub fn notes(&mut self, notes: Vec<Vec<Piece>>) {
        if notes.is_empty() {
            return;
        }
        self.rule();
        self.markup("<ol>\n");
        for note in notes {
            self.markup("<li>");
            self.pieces.extend(unwrapped(note));
            self.markup("</li>\n");
        }
        self.markup("</ol>\n\n");
    }

    /// Everything, and what was open is closed.
    pub fn finish(mut self) -> Vec<Piece> {
        self.settle(Place::default());
        while matches!(self.pieces.last(), Some(Piece::Markup(html)) if html.starts_with("<hr>")) {
            self.pieces.pop();
        }
        self.pieces
    }

    fn markup(&mut self, html: &str) {
        self.pieces.push(Piece::Markup(html.to_owned()));
    }

    /// Whether there was a picture before it that has none yet.
    fn caption(&mut self, line: &Line) -> bool {
        let Some(Piece::Picture { caption, .. }) = self.pieces.last_mut() else { return false };
        if !caption.is_empty() {
            return false;
        }
        if let Some(Part::Html(html)) = line.clone().parts().into_iter().next() {
            *caption = html;
        }
        true
    }

    /// Closes what ends here and opens what begins.
    fn settle(&mut self, place: Place) {
        if self.in_quote != place.quote {
            self.close_lists(|_| true);
            self.markup(if place.quote { "<blockquote>\n" } else { "</blockquote>\n\n" });
            self.in_quote = place.quote;
        }
        match place.list {
            List::Outside => self.close_lists(|_| true),
            List::Inside { level } => self.close_lists(|open| open.level > level),
            List::Item { level, ordered, start } => {
                self.close_lists(|open| open.level > level);
                match self.open.last() {
                    Some(open) if open.level == level && open.ordered == ordered => {
                        return self.markup("</li>\n<li>");
                    }
                    Some(open) if open.level == level => self.close_lists(|open| open.level >= level),
                    _ => {}
                }
                self.markup(&match (ordered, start) {
                    (false, _) => "\n<ul>\n<li>".to_owned(),
                    (true, 0..=1) => "\n<ol>\n<li>".to_owned(),
                    (true, start) => format!("\n<ol start=\"{start}\">\n<li>"),
                });
                self.open.push(Open { level, ordered });
            }
        }
    }

    fn close_lists(&mut self, ends: impl Fn(&Open) -> bool) {
        while let Some(open) = self.open.pop_if(|open| ends(open)) {
            let name = if open.ordered { "ol" } else { "ul" };
            let after = if self.open.is_empty() { "\n\n" } else { "\n" };
            self.markup(&format!("</li>\n</{name}>{after}"));
        }
    }
}

/// A line of stars or dashes between two parts of a text.
fn is_rule(words: &str) -> bool {
    let letters: Vec<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
    letters.len() >= 3 && letters.iter().all(|c| matches!(c, '*' | '-' | '_' | '–' | '—' | '⁂' | '#' | '~'))
}

/// One paragraph needs no `<p>` where it stands alone.
pub fn unwrapped(pieces: Vec<Piece>) -> Vec<Piece> {
    match <[Piece; 1]>::try_from(pieces) {
        Ok([Piece::Paragraph { rtl: false, html }]) => vec![Piece::Markup(html)],
        Ok(one) => one.to_vec(),
        Err(pieces) => pieces,
    }
}

pub fn direction(rtl: bool) -> &'static str {
    if rtl { " dir=\"rtl\"" } else { "" }
}

/// The pieces as HTML: the headings ranked below the headline, each picture as `figure` has it.
pub fn render(pieces: &[Piece], mut figure: impl FnMut(usize, &str) -> String) -> String {
    let levels: BTreeSet<u8> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Heading { level, .. } => Some(*level),
            _ => None,
        })
        .collect();
    let rank = |level: u8| levels.iter().position(|known| *known == level).unwrap_or(0).min(2) + 2;
    let mut html = String::new();
    for piece in pieces {
        match piece {
            Piece::Markup(markup) => html.push_str(markup),
            Piece::Paragraph { rtl, html: inner } => {
                let _ = write!(html, "<p{}>{inner}</p>\n\n", direction(*rtl));
            }
            Piece::Heading { level, rtl, html: inner, .. } => {
                let rank = rank(*level);
                let _ = write!(html, "<h{rank}{}>{inner}</h{rank}>\n\n", direction(*rtl));
            }
            Piece::Picture { number, caption } => {
                html.push_str(&figure(*number, caption));
                html.push_str("\n\n");
            }
        }
    }
    html
}
