//! Films: MP4 or WebM told by content, measured, and cleaned in place of what the camera wrote beside the
//! picture and the sound. The streams themselves are not decoded: the browser's sandbox does that.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use super::{Refused, mp4, webm};
use crate::media::Extension;

/// A quarter of an hour in good quality; longer films belong on a film site.
pub const FILM_BYTES: u64 = 500 * 1024 * 1024;
/// The longest side a film may claim, as for pictures.
const FILM_SIDE: u32 = super::PICTURE_SIDE;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Film {
    pub extension: Extension,
    /// As it is shown, so a telephone's upright film is higher than wide.
    pub width: u32,
    pub height: u32,
}

/// Reads the container of the film and overwrites its metadata in the file: titles, dates, positions,
/// covers, padding. Refused files may be half cleaned and are to be thrown away. Blocks.
pub fn film(file: &mut File) -> Result<Film, Refused> {
    let length = file.seek(SeekFrom::End(0)).map_err(|error| unread(&error))?;
    if length > FILM_BYTES {
        return Err(Refused::FilmTooLarge);
    }
    let mut head = [0; 12];
    if length < head.len() as u64 {
        return Err(Refused::NotAFilm);
    }
    file.rewind().map_err(|error| unread(&error))?;
    file.read_exact(&mut head).map_err(|error| unread(&error))?;
    let found = match head {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => mp4::clean(file, length, brand)?,
        [0x1A, 0x45, 0xDF, 0xA3, ..] => webm::clean(file, length)?,
        _ => return Err(Refused::NotAFilm),
    };
    if found.width > FILM_SIDE || found.height > FILM_SIDE {
        return Err(Refused::TooLarge { width: found.width, height: found.height });
    }
    Ok(found)
}

/// The disk's failure; a file that ends too early is the file's.
pub(super) fn unread(error: &io::Error) -> Refused {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Refused::Broken,
        _ => Refused::Unread(error.to_string()),
    }
}

pub(super) fn read_at(file: &mut File, at: u64, bytes: u64) -> Result<Vec<u8>, Refused> {
    let mut buffer = vec![0; usize::try_from(bytes).map_err(|_| Refused::Broken)?];
    file.seek(SeekFrom::Start(at)).map_err(|error| unread(&error))?;
    file.read_exact(&mut buffer).map_err(|error| unread(&error))?;
    Ok(buffer)
}

pub(super) fn write_at(file: &mut File, at: u64, bytes: &[u8]) -> Result<(), Refused> {
    file.seek(SeekFrom::Start(at)).map_err(|error| unread(&error))?;
    file.write_all(bytes).map_err(|error| unread(&error))
}

pub(super) fn zero_at(file: &mut File, at: u64, bytes: u64) -> Result<(), Refused> {
    file.seek(SeekFrom::Start(at)).map_err(|error| unread(&error))?;
    io::copy(&mut io::repeat(0).take(bytes), file).map_err(|error| unread(&error))?;
    Ok(())
}

/// A big-endian number of up to eight bytes.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |sum, &byte| (sum << 8) | u64::from(byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;

    /// Probes the bytes as a file without a name, and hands back what is left of it.
    pub fn probed(bytes: &[u8]) -> (Result<Film, Refused>, Vec<u8>) {
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        let path = std::env::temp_dir().join(format!("broadsheet-film-{}", hex::encode(random)));
        let mut file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        file.write_all(bytes).unwrap();
        let answer = film(&mut file);
        let mut left = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut left).unwrap();
        (answer, left)
    }

    pub fn contains(bytes: &[u8], canary: &[u8]) -> bool {
        bytes.windows(canary.len()).any(|window| window == canary)
    }

    #[test]
    fn what_is_no_film_is_refused() {
        for bytes in
            [&b"PK\x03\x04 a zip called film.mp4"[..], b"<html><video>", b"", b"GIF89a and more bytes"]
        {
            assert_eq!(probed(bytes).0, Err(Refused::NotAFilm));
        }
    }
}
