//! What an uploaded file really is, decided by its content, and that file without anything that is not
//! picture, sound or film: no camera position, no thumbnail, no comment, no bytes after the end.
//!
//! Not here: where the cleaned bytes go (`media::store`), smaller copies (`media::renditions`).

mod colour;
mod film;
mod mp4;
mod picture;
mod webm;
mod words;

pub use film::{FILM_BYTES, Film, film};
pub use picture::{Clean, PICTURE_BYTES, PICTURE_PIXELS, PICTURE_SIDE, picture};
pub(super) use picture::{decode, picture_and_pixels};
pub use words::Words;

/// Why an upload is not taken, said so that an editor knows what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("This is not a picture we can take. Please use a JPEG, PNG, WebP or GIF file.")]
    NotAPicture,
    #[error("SVG drawings are not taken, because they can carry programs. Please export it as PNG.")]
    Svg,
    #[error("This {0} file is not taken. Please export it as JPEG or PNG.")]
    OtherPicture(&'static str),
    #[error(
        "This picture is {width} × {height} pixels, more than we can handle. Please make it smaller than \
         12 000 pixels a side and 40 megapixels."
    )]
    TooLarge { width: u32, height: u32 },
    #[error("This picture needs too much memory to read. Please save it with 8 bits a channel, or smaller.")]
    TooDeep,
    #[error("This picture's file is larger than 20 MiB. Please save it smaller.")]
    TooHeavy,
    #[error("This file is damaged or incomplete and cannot be read. Please export it again.")]
    Broken,
    #[error("This is not a film we can take. Please use an MP4 (H.264) or WebM file.")]
    NotAFilm,
    #[error("QuickTime films do not play in every browser. Please export it as MP4 (H.264).")]
    QuickTime,
    #[error("There is no moving picture in this file.")]
    NoPictureTrack,
    #[error(
        "This film carries a data track, which often holds the camera's position. Please export it again \
         with picture and sound only."
    )]
    DataTrack,
    #[error("This film is larger than 500 MiB. Please make it shorter or smaller.")]
    FilmTooLarge,
    /// The disk failed, not the file. The cause is for the log.
    #[error("The file could not be read. Please try again.")]
    Unread(String),
}
