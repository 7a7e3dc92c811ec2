//! What was read: the parts of an article as far as the document says them.

use super::LeftOut;
use super::writer::{self, Piece};
use crate::text::Language;

/// A headline found in the text and not marked as one is short.
const HEADLINE_LETTERS: usize = 160;

#[derive(Debug, Default)]
pub struct Draft {
    pub headline: String,
    pub kicker: String,
    pub standfirst: String,
    pub byline: String,
    pub dateline: String,
    pub tags: Vec<String>,
    pub language: Option<Language>,
    pub pictures: Vec<Picture>,
    pub left_out: LeftOut,
    pub(super) pieces: Vec<Piece>,
}

/// A picture that lay in the document, as it lay there: nobody has looked into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub name: String,
    pub alt: String,
    pub bytes: Vec<u8>,
}

impl Draft {
    /// The body as HTML for the cleaner. `figure` writes a picture, given its number and the HTML of its caption.
    pub fn body(&self, figure: impl FnMut(usize, &str) -> String) -> String {
        writer::render(&self.pieces, figure)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.headline.is_empty()
    }

    /// Takes the headline from where it is most likely meant: what the text marks as its title, then a heading that
    /// it begins with, then what the document calls itself, then any heading, then a short first line.
    pub(super) fn find_headline(&mut self, marked: String, called: &str) {
        let first = self.pieces.iter().position(|piece| !matches!(piece, Piece::Markup(_)));
        let first_heading = first.filter(|at| *at == 0 && matches!(self.pieces[*at], Piece::Heading { .. }));
        if !marked.is_empty() {
            self.headline = marked;
        } else if let Some(at) = first_heading {
            self.take(at);
        } else if !called.is_empty() {
            called.clone_into(&mut self.headline);
        } else if let Some(words) = self.pieces.iter().find_map(heading) {
            self.headline = words;
        } else if let Some(Piece::Paragraph { html, .. }) = self.pieces.first() {
            let is_line = html.chars().count() <= HEADLINE_LETTERS
                && !html.contains('<')
                && !html.ends_with(['.', ':', ';', ',', '…'])
                && self.pieces.len() > 1;
            if is_line {
                self.headline = unescaped(html);
                self.pieces.remove(0);
            }
        }
        // Said twice, it stands once.
        if self.pieces.first().and_then(heading).is_some_and(|words| words == self.headline) {
            self.pieces.remove(0);
        }
    }

    fn take(&mut self, at: usize) {
        if let Piece::Heading { words, .. } = self.pieces.remove(at) {
            self.headline = words;
        }
    }
}

fn heading(piece: &Piece) -> Option<String> {
    match piece {
        Piece::Heading { words, .. } => Some(words.clone()),
        _ => None,
    }
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
