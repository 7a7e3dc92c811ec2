//! MP4 (ISO base media): a file of boxes within boxes, each with its length and a name of four letters.
//!
//! Lengths are never changed: the index in `moov` points at bytes by their place in the file, so what must go
//! becomes a `free` box full of zeros.

use std::fs::File;

use super::Refused;
use super::film::{Film, number, read_at, unread, write_at, zero_at};
use crate::media::Extension;

/// The index of a long film is a few megabytes.
const MOOV_BYTES: u64 = 64 * 1024 * 1024;
/// A fragmented film has two boxes for each second or so.
const BOXES: usize = 100_000;
/// `moov` > `trak` > `mdia` > `minf` > `stbl` > `stsd` is as deep as a film goes.
const DEPTH: usize = 8;

#[derive(Clone, Copy)]
struct Box {
    at: usize,
    header: usize,
    length: usize,
    name: [u8; 4],
}

/// What the boxes of `moov` told.
#[derive(Default)]
struct Found {
    picture: Option<(u32, u32)>,
    /// Of the track that is being walked.
    size: (u32, u32),
}

pub fn clean(file: &mut File, length: u64, brand: [u8; 4]) -> Result<Film, Refused> {
    match &brand {
        b"qt  " => return Err(Refused::QuickTime),
        b"heic" | b"heix" | b"mif1" | b"avif" | b"avis" => return Err(Refused::NotAFilm),
        _ => {}
    }
    let mut found = Found::default();
    let mut at = 0;
    for _ in 0..BOXES {
        if at == length {
            let (width, height) = found.picture.ok_or(Refused::NoPictureTrack)?;
            file.sync_data().map_err(|error| unread(&error))?;
            return Ok(Film { extension: Extension::Mp4, width, height });
        }
        at += top_level(file, at, length, &mut found)?;
    }
    Err(Refused::Broken)
}

/// Cleans one box and answers its length.
fn top_level(file: &mut File, at: u64, file_length: u64, found: &mut Found) -> Result<u64, Refused> {
    let left = file_length - at;
    let head = read_at(file, at, left.min(16))?;
    let (header, length) = lengths(&head, left)?;
    let name = head.get(4..8).ok_or(Refused::Broken)?;
    match name {
        b"ftyp" | b"styp" | b"mdat" | b"sidx" | b"mfra" | b"pdin" => {}
        b"moov" | b"moof" => {
            if length > MOOV_BYTES {
                return Err(Refused::Broken);
            }
            let mut bytes = read_at(file, at, length)?;
            let start = usize::try_from(header).map_err(|_| Refused::Broken)?;
            let end = bytes.len();
            walk(&mut bytes, start, end, 0, found)?;
            write_at(file, at, &bytes)?;
        }
        // Everything else is padding or says something about the film that viewers do not need.
        _ => {
            write_at(file, at + 4, b"free")?;
            zero_at(file, at + header, length - header)?;
        }
    }
    Ok(length)
}

/// The lengths of the header and of the whole box, which lies within what is left.
fn lengths(head: &[u8], left: u64) -> Result<(u64, u64), Refused> {
    let short = number(head.get(..4).ok_or(Refused::Broken)?);
    let (header, length) = match short {
        // To the end.
        0 => (8, left),
        // Too long for four bytes: eight more follow the name.
        1 => (16, number(head.get(8..16).ok_or(Refused::Broken)?)),
        short => (8, short),
    };
    if length < header || length > left {
        return Err(Refused::Broken);
    }
    Ok((header, length))
}

fn walk(bytes: &mut [u8], start: usize, end: usize, depth: usize, found: &mut Found) -> Result<(), Refused> {
    if depth > DEPTH {
        return Err(Refused::Broken);
    }
    let mut at = start;
    while at < end {
        // Some writers end a container with four zero bytes.
        if end - at < 8 {
            bytes.get_mut(at..end).ok_or(Refused::Broken)?.fill(0);
            return Ok(());
        }
        let (header, length) = lengths(bytes.get(at..end).ok_or(Refused::Broken)?, (end - at) as u64)?;
        let header = usize::try_from(header).map_err(|_| Refused::Broken)?;
        let length = usize::try_from(length).map_err(|_| Refused::Broken)?;
        let name: [u8; 4] =
            bytes.get(at + 4..at + 8).and_then(|name| name.try_into().ok()).ok_or(Refused::Broken)?;
        inner(bytes, Box { at, header, length, name }, depth, found)?;
        at += length;
    }
    Ok(())
}

fn inner(bytes: &mut [u8], found_box: Box, depth: usize, found: &mut Found) -> Result<(), Refused> {
    let Box { at, header, length, name } = found_box;
    let body = at + header;
    match &name {
        b"trak" => {
            found.size = (0, 0);
            walk(bytes, body, at + length, depth + 1, found)
        }
        b"mdia" | b"minf" | b"stbl" | b"edts" | b"dinf" | b"mvex" | b"traf" => {
            walk(bytes, body, at + length, depth + 1, found)
        }
        b"udta" | b"meta" | b"uuid" | b"free" | b"skip" | b"iods" => {
            bytes.get_mut(at + 4..at + 8).ok_or(Refused::Broken)?.copy_from_slice(b"free");
            bytes.get_mut(body..at + length).ok_or(Refused::Broken)?.fill(0);
            Ok(())
        }
        b"mvhd" | b"mdhd" => undate(payload(bytes, body, at + length)?),
        b"tkhd" => {
            let payload = payload(bytes, body, at + length)?;
            undate(payload)?;
            found.size = shown_size(payload)?;
            Ok(())
        }
        b"hdlr" => handler(payload(bytes, body, at + length)?, depth, found),
        _ => Ok(()),
    }
}

fn payload(bytes: &mut [u8], from: usize, to: usize) -> Result<&mut [u8], Refused> {
    bytes.get_mut(from..to).ok_or(Refused::Broken)
}

/// When a film was taken can betray who took it.
fn undate(payload: &mut [u8]) -> Result<(), Refused> {
    let dates = if payload.first() == Some(&1) { 4..20 } else { 4..12 };
    payload.get_mut(dates).ok_or(Refused::Broken)?.fill(0);
    Ok(())
}

/// Width and height end the track header as 16.16 numbers; before them a matrix says how the film is turned.
fn shown_size(payload: &[u8]) -> Result<(u32, u32), Refused> {
    let after_times = if payload.first() == Some(&1) { 36 } else { 24 };
    let matrix = after_times + 16;
    let field = |at: usize| payload.get(at..at + 4).map(number).ok_or(Refused::Broken);
    let whole = |number: u64| u32::try_from(number >> 16).unwrap_or(u32::MAX);
    let (width, height) = (whole(field(matrix + 36)?), whole(field(matrix + 40)?));
    let upright = field(matrix)? != 0;
    Ok(if upright { (width, height) } else { (height, width) })
}

/// Says what the track is. Its name is written by the camera's maker or by its owner.
fn handler(payload: &mut [u8], depth: usize, found: &mut Found) -> Result<(), Refused> {
    let kind: [u8; 4] = payload.get(8..12).and_then(|kind| kind.try_into().ok()).ok_or(Refused::Broken)?;
    payload.get_mut(24..).ok_or(Refused::Broken)?.fill(0);
    match &kind {
        b"vide" => {
            let (width, height) = found.size;
            if width == 0 || height == 0 {
                return Err(Refused::Broken);
            }
            found.picture = found.picture.or(Some((width, height)));
            Ok(())
        }
        b"soun" | b"text" | b"sbtl" | b"subt" | b"clcp" | b"tmcd" | b"hint" => Ok(()),
        // Within `minf` QuickTime's ancestors name where the data lies; only `mdia` names a track.
        _ if depth > 2 => Ok(()),
        _ => Err(Refused::DataTrack),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::film::tests::{contains, probed};
    use super::*;

    const CANARY: &[u8] = b"+59.9139+010.7522/";

    fn boxed(name: &[u8], payload: &[u8]) -> Vec<u8> {
        let length = u32::try_from(payload.len() + 8).unwrap();
        [&length.to_be_bytes()[..], name, payload].concat()
    }

    fn track(handler: &[u8], width: u32, height: u32, turned: bool) -> Vec<u8> {
        let mut tkhd = vec![0; 84];
        tkhd[4..12].fill(0x77);
        let one = if turned { 44 } else { 40 };
        tkhd[one + 1] = 1;
        tkhd[76..80].copy_from_slice(&(width << 16).to_be_bytes());
        tkhd[80..84].copy_from_slice(&(height << 16).to_be_bytes());
        let hdlr = [&[0; 8][..], handler, &[0; 12], CANARY].concat();
        let mdia = boxed(b"mdia", &boxed(b"hdlr", &hdlr));
        boxed(b"trak", &[boxed(b"tkhd", &tkhd), mdia, boxed(b"udta", CANARY)].concat())
    }

    fn mp4(tracks: &[u8]) -> Vec<u8> {
        let moov = [tracks, &boxed(b"udta", &boxed(b"meta", CANARY)), &boxed(b"free", CANARY)].concat();
        [
            boxed(b"ftyp", b"isom\0\0\x02\0isommp42"),
            boxed(b"moov", &moov),
            boxed(b"uuid", CANARY),
            boxed(b"free", CANARY),
            boxed(b"mdat", b"the film itself"),
        ]
        .concat()
    }

    #[test]
    fn an_mp4_is_measured_and_loses_its_metadata_in_place() {
        let bytes = mp4(&track(b"vide", 1280, 720, false));
        let (film, left) = probed(&bytes);
        assert_eq!(film, Ok(Film { extension: Extension::Mp4, width: 1280, height: 720 }));
        assert_eq!(left.len(), bytes.len());
        assert!(contains(&bytes, CANARY));
        assert!(!contains(&left, CANARY));
        assert!(!contains(&left, &[0x77; 8]), "the time of filming is gone");
        assert!(contains(&left, b"the film itself"));
    }

    #[test]
    fn a_telephones_upright_film_is_higher_than_wide() {
        let film = probed(&mp4(&track(b"vide", 1920, 1080, true))).0.unwrap();
        assert_eq!((film.width, film.height), (1080, 1920));
    }

    #[test]
    fn a_film_with_a_data_track_is_refused() {
        let tracks = [track(b"vide", 1280, 720, false), track(b"meta", 0, 0, false)].concat();
        assert_eq!(probed(&mp4(&tracks)).0, Err(Refused::DataTrack));
    }

    #[test]
    fn sound_alone_is_no_film() {
        assert_eq!(probed(&mp4(&track(b"soun", 0, 0, false))).0, Err(Refused::NoPictureTrack));
    }

    #[test]
    fn a_film_cut_short_or_with_a_tail_is_refused_at_every_length() {
        let bytes = mp4(&track(b"vide", 1280, 720, false));
        let mdat = bytes.len() - 23;
        for cut in (12..bytes.len()).filter(|&cut| cut < mdat - 60 || cut > mdat) {
            assert!(probed(&bytes[..cut]).0.is_err(), "cut at {cut}");
        }
        assert_eq!(probed(&[&bytes[..], b"<script>alert(1)</script>"].concat()).0, Err(Refused::Broken));
    }
}
