//! Files and pixels: what an upload really is (`probe`), its smaller copies (`renditions`), where the bytes
//! lie (`store`), what the site draws itself (`icons`, `drawing`), and the gate that keeps this work off the async threads (`workshop`).
//!
//! Not here: the rows that say which media exist (`news::media`), the address they are served at
//! (`site::media`), the job that makes renditions (`jobs::make_renditions`).

pub mod drawing;
pub mod icons;
pub mod probe;
pub mod renditions;
pub mod store;
mod workshop;

pub use store::{Digest, Store};
pub use workshop::Workshop;

use std::fmt;
use std::str::FromStr;

/// Every kind of file the store knows. A file whose extension is not here is neither kept nor served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extension {
    Jpg,
    Png,
    Webp,
    Mp4,
    Webm,
}

impl Extension {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Mp4 => "mp4",
            Self::Webm => "webm",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
        }
    }
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is no extension the store knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an extension of the media store")]
pub struct UnknownExtension;

impl FromStr for Extension {
    type Err = UnknownExtension;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "jpg" => Ok(Self::Jpg),
            "png" => Ok(Self::Png),
            "webp" => Ok(Self::Webp),
            "mp4" => Ok(Self::Mp4),
            "webm" => Ok(Self::Webm),
            _ => Err(UnknownExtension),
        }
    }
}
