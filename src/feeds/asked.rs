//! What the address of a feed asks for: a format, by its end, and where in the list to begin.

use crate::paths::feeds::Format;
use crate::text::Cursor;
use crate::web::page_cache::ReadAddress;
use crate::web::{Error, Result};

#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub format: Format,
    pub before: Cursor,
}

#[derive(serde::Deserialize)]
pub struct Before {
    #[serde(default)]
    before: String,
}

impl ReadAddress for Asked {
    type Query = Before;

    fn read(path: &str, Before { before }: Before) -> Result<Self> {
        let format = Format::ALL.into_iter().find(|format| path.ends_with(format.file()));
        let before = if before.is_empty() {
            Cursor::START
        } else {
            before.parse().map_err(|_| {
                Error::BadRequest(
                    "The address names a place in the feed (before) that does not exist.".to_owned(),
                )
            })?
        };
        Ok(Self { format: format.ok_or(Error::NotFound)?, before })
    }
}
