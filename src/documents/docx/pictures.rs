//! The pictures of a document. Each file is taken once, however often it is shown.

use std::collections::HashMap;

use super::parts::Parts;
use crate::documents::zip::Archive;
use crate::documents::{LeftOut, Picture, Refused};

/// More than any article shows; each is decoded while somebody waits.
const MOST: usize = 40;
const MOST_BYTES: u64 = 20 * 1024 * 1024;
const MOST_BYTES_TOGETHER: usize = 48 * 1024 * 1024;

pub struct Pictures<'a> {
    archive: &'a Archive<'a>,
    numbers: HashMap<String, usize>,
    taken: Vec<Picture>,
    bytes: usize,
}

impl<'a> Pictures<'a> {
    pub fn new(parts: &Parts<'a>) -> Self {
        Self { archive: parts.archive, numbers: HashMap::new(), taken: Vec::new(), bytes: 0 }
    }

    /// The number of the picture of this name, unless it is left out.
    pub fn take(&mut self, name: &str, alt: &str, left_out: &mut LeftOut) -> Result<Option<usize>, Refused> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(Some(*number));
        }
        if self.archive.size(name) > MOST_BYTES || self.taken.len() >= MOST {
            left_out
                .add("picture that is one too many or too large", "pictures that are too many or too large");
            return Ok(None);
        }
        let Some(bytes) = self.archive.read(name, MOST_BYTES)? else {
            left_out.add("picture that is missing from the file", "pictures that are missing from the file");
            return Ok(None);
        };
        if let Some(kind) = foreign(name, &bytes) {
            left_out.picture(kind);
            return Ok(None);
        }
        self.bytes += bytes.len();
        if self.bytes > MOST_BYTES_TOGETHER {
            return Err(Refused::TooLarge("its pictures are larger than 48 MiB together"));
        }
        let file = name.rsplit('/').next().unwrap_or(name).to_owned();
        self.numbers.insert(name.to_owned(), self.taken.len());
        self.taken.push(Picture { name: file, alt: alt.to_owned(), bytes });
        Ok(Some(self.taken.len() - 1))
    }

    pub fn into_taken(self) -> Vec<Picture> {
        self.taken
    }
}

/// Kinds of pictures that only word processors show.
fn foreign(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match (ending.as_str(), bytes) {
        (
            _,
            [0x89, b'P', b'N', b'G', ..]
            | [0xff, 0xd8, ..]
            | [b'G', b'I', b'F', ..]
            | [b'R', b'I', b'F', b'F', ..],
        ) => None,
        ("emf" | "emz", _) => Some("EMF"),
        ("wmf" | "wmz", _) => Some("WMF"),
        ("svg", _) => Some("SVG"),
        ("tif" | "tiff", _) => Some("TIFF"),
        ("bmp" | "dib", _) => Some("BMP"),
        ("pict" | "pct", _) => Some("PICT"),
        _ => Some("unknown"),
    }
}
