//! HTML as word processors export it and as pages are saved, read as far as an article needs it.
//!
//! The text is taken apart by html5ever and put together anew: what looks mean (bold by a style, a list that is only
//! drawn as one) becomes the element that says it. The cleaner has the last word all the same.

mod list;
mod names;
mod raw;
mod reader;
mod style;
mod tables;

use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};

pub use self::list::Marker;
pub use self::raw::inside;
use self::reader::Reader;
use super::embedded;
use super::{Draft, Picture, Refused};
use crate::text::html::{self, Unclean};

/// A page of Word's has twenty times as much markup as text.
const MOST_BYTES: usize = 8 * 1024 * 1024;
const MOST_TAGS: usize = 400_000;
const MOST_PICTURES: usize = 40;

pub fn read(source: &str) -> Result<Draft, Refused> {
    let (source, pictures) = embedded(source);
    fragment(&source, pictures, Draft::default(), String::new())
}

/// The text without the pictures in it, and those.
pub fn embedded(source: &str) -> (String, Vec<Vec<u8>>) {
    embedded::take(source)
}

/// HTML without `data:` addresses, which are `pictures`; what is known already stands in the draft.
pub fn fragment(
    source: &str,
    pictures: Vec<Vec<u8>>,
    mut draft: Draft,
    title: String,
) -> Result<Draft, Refused> {
    if source.len() > MOST_BYTES {
        return Err(Refused::TooLarge("its text is longer than any article"));
    }
    match html::tags(source) {
        Ok(count) if count <= MOST_TAGS => {}
        Ok(_) | Err(Unclean::TooManyTags) => {
            return Err(Refused::TooLarge("it has more tags than any article"));
        }
        Err(_) => return Err(Refused::Hostile("one of its tags has more attributes than any page has")),
    }
    let reader = Reader::new(source);
    let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(source));
    while let TokenizerResult::Script(()) | TokenizerResult::EncodingIndicator(_) = tokenizer.feed(&input) {}
    tokenizer.end();
    let read = tokenizer.sink.finish();
    draft.pieces = read.pieces;
    draft.left_out = read.left_out;
    if draft.standfirst.is_empty() {
        draft.standfirst = read.description;
    }
    if draft.byline.is_empty() {
        draft.byline = read.author;
    }
    if draft.tags.is_empty() {
        draft.tags = read.keywords;
    }
    draft.language = draft.language.or(read.language);
    draft.take_pictures(pictures, &read.alts);
    draft.find_headline(title, &read.title);
    Ok(draft)
}

impl Draft {
    /// Only pictures that the text shows, of kinds that are taken; the others go from the text too.
    fn take_pictures(&mut self, pictures: Vec<Vec<u8>>, alts: &[(usize, String)]) {
        use super::writer::Piece;
        let mut numbers = vec![None; pictures.len()];
        for (number, bytes) in pictures.into_iter().enumerate() {
            let Some((_, alt)) = alts.iter().find(|(shown, _)| *shown == number) else { continue };
            match kind(&bytes) {
                Some(ending) if self.pictures.len() < MOST_PICTURES => {
                    numbers[number] = Some(self.pictures.len());
                    let name = format!("picture-{}.{ending}", self.pictures.len() + 1);
                    self.pictures.push(Picture { name, alt: alt.clone(), bytes });
                }
                Some(_) => self.left_out.add("picture that is one too many", "pictures that are too many"),
                None => self.left_out.picture("unreadable"),
            }
        }
        for piece in &mut self.pieces {
            if let Piece::Picture { number, .. } = piece {
                match numbers.get(*number).copied().flatten() {
                    Some(taken) => *number = taken,
                    None => *piece = Piece::Markup(String::new()),
                }
            }
        }
    }
}

fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xff, 0xd8, ..] => Some("jpg"),
        [b'G', b'I', b'F', ..] => Some("gif"),
        [b'R', b'I', b'F', b'F', ..] => Some("webp"),
        _ => None,
    }
}
