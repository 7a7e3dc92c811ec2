//! How a form names the picture that was kept for it: by number and by the digest of the original.
//!
//! The digest is known to nobody who was not given it with the form or has the file, so that a number alone, tried
//! out, attaches no picture of somebody else's unpublished article.

use std::fmt;
use std::str::FromStr;

use crate::media::Digest;
use crate::news::media::{self, Kind, Media, MediaId};
use crate::web::{App, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureKey {
    id: MediaId,
    digest: Digest,
}

#[derive(Debug, thiserror::Error)]
#[error("not the key of a picture")]
pub struct NotAKey;

impl PictureKey {
    pub fn of(picture: &Media) -> Option<Self> {
        Some(Self { id: picture.id, digest: picture.digest()? })
    }

    /// The picture, if the key opens one.
    pub async fn open(self, app: &App) -> Result<Option<Media>> {
        let found = media::by_id(&app.db, self.id).await?;
        Ok(found.filter(|media| media.kind == Kind::Picture && media.digest() == Some(self.digest)))
    }
}

impl fmt::Display for PictureKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.id, self.digest)
    }
}

impl FromStr for PictureKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (id, digest) = text.split_once('-').ok_or(NotAKey)?;
        Ok(Self { id: id.parse().map_err(|_| NotAKey)?, digest: digest.parse().map_err(|_| NotAKey)? })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_and_a_number_alone_is_none() {
        let key = PictureKey { id: MediaId(7), digest: Digest::of(b"a picture") };
        assert_eq!(key.to_string().parse::<PictureKey>().unwrap(), key);
        for text in ["", "7", "7-", "7-abc"] {
            assert!(text.parse::<PictureKey>().is_err(), "{text}");
        }
    }
}
