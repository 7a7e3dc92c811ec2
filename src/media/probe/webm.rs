//! WebM (Matroska): elements within elements, each an id and a length of one to eight bytes.
//!
//! Lengths are never changed: what must go becomes a `Void` element full of zeros.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::Refused;
use super::film::{Film, number, read_at, unread, write_at, zero_at};
use crate::media::Extension;

/// Track headers with their codecs' private data stay far below.
const HEADER_BYTES: u64 = 8 * 1024 * 1024;
/// A cluster of unknown length shows its blocks to the walk: about a hundred a second.
const ELEMENTS: usize = 2_000_000;

const EBML: u64 = 0x1A45_DFA3;
const DOC_TYPE: u64 = 0x4282;
const SEGMENT: u64 = 0x1853_8067;
const INFO: u64 = 0x1549_A966;
const TRACKS: u64 = 0x1654_AE6B;
const TRACK_ENTRY: u64 = 0xAE;
const TRACK_TYPE: u64 = 0x83;
const TRACK_NAME: u64 = 0x536E;
const VIDEO: u64 = 0xE0;
const PIXEL_WIDTH: u64 = 0xB0;
const PIXEL_HEIGHT: u64 = 0xBA;
/// Segment > TimestampScale, Duration; the other children of Info are names and dates.
const INFO_KEPT: [u64; 2] = [0x002A_D7B1, 0x4489];
/// Required of a writer, so these stay, emptied.
const INFO_EMPTIED: [u64; 2] = [0x4D80, 0x5741];
/// SeekHead, Cluster, Cues, and the children of a cluster whose length is unknown.
const SEGMENT_KEPT: [u64; 10] =
    [0x114D_9B74, 0x1F43_B675, 0x1C53_BB6B, 0xE7, 0xA3, 0xA0, 0xAB, 0xA7, 0x5854, 0xAF];

struct Element {
    id: u64,
    at: u64,
    body: u64,
    /// `None` when the writer did not know it, as in a recording sent while it was made.
    length: Option<u64>,
}

pub fn clean(file: &mut File, length: u64) -> Result<Film, Refused> {
    let head = element(&mut &*file, 0, length)?;
    let head_length = head.length.filter(|&length| length <= HEADER_BYTES).ok_or(Refused::Broken)?;
    let bytes = read_at(file, head.body, head_length)?;
    let doc_type =
        children(&bytes)?.into_iter().find(|child| child.id == DOC_TYPE).ok_or(Refused::NotAFilm)?;
    if head.id != EBML
        || body(&bytes, &doc_type)?.strip_suffix(b"\0").unwrap_or(body(&bytes, &doc_type)?) != b"webm"
    {
        return Err(Refused::NotAFilm);
    }
    let segment = element(&mut &*file, head.body + head_length, length)?;
    if segment.id != SEGMENT {
        return Err(Refused::Broken);
    }
    let end = segment.length.map_or(length, |known| segment.body + known);
    let size = clean_segment(file, segment.body, end)?.ok_or(Refused::NoPictureTrack)?;
    // What follows the segment is no part of the film.
    file.set_len(end).map_err(|error| unread(&error))?;
    file.sync_data().map_err(|error| unread(&error))?;
    Ok(Film { extension: Extension::Webm, width: size.0, height: size.1 })
}

fn clean_segment(file: &mut File, start: u64, end: u64) -> Result<Option<(u32, u32)>, Refused> {
    let mut size = None;
    let mut void = Vec::new();
    for child in segment_children(file, start, end)? {
        match (child.id, child.length) {
            (INFO, Some(length)) if length <= HEADER_BYTES => {
                let mut bytes = read_at(file, child.body, length)?;
                clean_info(&mut bytes)?;
                write_at(file, child.body, &bytes)?;
            }
            (TRACKS, Some(length)) if length <= HEADER_BYTES => {
                let mut bytes = read_at(file, child.body, length)?;
                size = size.or(clean_tracks(&mut bytes)?);
                write_at(file, child.body, &bytes)?;
            }
            (_, Some(length)) => void.push((child.at, child.body + length - child.at)),
            (_, None) => return Err(Refused::Broken),
        }
    }
    for (at, length) in void {
        let header = void_header(length)?;
        write_at(file, at, &header)?;
        zero_at(file, at + header.len() as u64, length - header.len() as u64)?;
    }
    Ok(size)
}

/// The children that need work: all but those that hold the film.
fn segment_children(file: &File, start: u64, end: u64) -> Result<Vec<Element>, Refused> {
    let mut reader = BufReader::new(file);
    reader.seek(SeekFrom::Start(start)).map_err(|error| unread(&error))?;
    let mut found = Vec::new();
    let mut at = start;
    for _ in 0..ELEMENTS {
        if at == end {
            return Ok(found);
        }
        let child = element_here(&mut reader, at, end)?;
        let kept = SEGMENT_KEPT.contains(&child.id);
        // Into a cluster of unknown length: its blocks are then met as if they were the segment's own.
        let next = child.body + child.length.unwrap_or(0);
        if child.length.is_none() && !kept {
            return Err(Refused::Broken);
        }
        let skipped = i64::try_from(next - child.body).map_err(|_| Refused::Broken)?;
        reader.seek_relative(skipped).map_err(|error| unread(&error))?;
        if !kept {
            found.push(child);
        }
        at = next;
    }
    Err(Refused::Broken)
}

fn clean_info(bytes: &mut [u8]) -> Result<(), Refused> {
    for child in children(bytes)? {
        if INFO_EMPTIED.contains(&child.id) {
            empty(bytes, &child)?;
        } else if !INFO_KEPT.contains(&child.id) {
            make_void(bytes, &child)?;
        }
    }
    Ok(())
}

/// The size of the first picture track.
fn clean_tracks(bytes: &mut [u8]) -> Result<Option<(u32, u32)>, Refused> {
    let mut size = None;
    for child in children(bytes)? {
        if child.id == TRACK_ENTRY {
            let track = body_mut(bytes, &child)?;
            size = size.or(clean_track(track)?);
        } else {
            // A checksum that no longer fits, or padding.
            make_void(bytes, &child)?;
        }
    }
    Ok(size)
}

fn clean_track(track: &mut [u8]) -> Result<Option<(u32, u32)>, Refused> {
    let mut kind = 0;
    let mut size = (0, 0);
    for child in children(track)? {
        match child.id {
            TRACK_TYPE => kind = number(body(track, &child)?),
            TRACK_NAME => empty(track, &child)?,
            // Void, CRC-32.
            0xEC | 0xBF => make_void(track, &child)?,
            VIDEO => {
                let video = body(track, &child)?;
                for field in children(video)? {
                    let value = u32::try_from(number(body(video, &field)?)).unwrap_or(u32::MAX);
                    match field.id {
                        PIXEL_WIDTH => size.0 = value,
                        PIXEL_HEIGHT => size.1 = value,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    match kind {
        1 if size.0 == 0 || size.1 == 0 => Err(Refused::Broken),
        1 => Ok(Some(size)),
        // Sound, subtitles.
        2 | 0x11 => Ok(None),
        _ => Err(Refused::DataTrack),
    }
}

/// The elements of a body, their places counted from its start.
fn children(bytes: &[u8]) -> Result<Vec<Element>, Refused> {
    let end = bytes.len() as u64;
    let mut found = Vec::new();
    let mut at = 0;
    while at < end {
        let from = usize::try_from(at).map_err(|_| Refused::Broken)?;
        let child = element_here(&mut bytes.get(from..).unwrap_or_default(), at, end)?;
        at = child.body + child.length.ok_or(Refused::Broken)?;
        found.push(child);
    }
    Ok(found)
}

fn element(file: &mut &File, at: u64, end: u64) -> Result<Element, Refused> {
    file.seek(SeekFrom::Start(at)).map_err(|error| unread(&error))?;
    element_here(file, at, end)
}

/// Reads a header where the reader stands; the element lies within the end.
fn element_here(reader: &mut impl Read, at: u64, end: u64) -> Result<Element, Refused> {
    let (id, id_bytes, _) = variable(reader, 4, true)?;
    let (length, length_bytes, unknown) = variable(reader, 8, false)?;
    let body = at + id_bytes + length_bytes;
    if body > end || (!unknown && length > end - body) {
        return Err(Refused::Broken);
    }
    Ok(Element { id, at, body, length: (!unknown).then_some(length) })
}

/// A number whose first byte says by its leading zeros how many follow; an id keeps that mark. Also how many
/// bytes it took, and whether all its bits are set, which stands for "unknown".
fn variable(reader: &mut impl Read, most: u64, keep_mark: bool) -> Result<(u64, u64, bool), Refused> {
    let mut first = [0];
    reader.read_exact(&mut first).map_err(|error| unread(&error))?;
    let [first] = first;
    let more = first.leading_zeros();
    let bytes = u64::from(more) + 1;
    if bytes > most {
        return Err(Refused::Broken);
    }
    let mut rest = [0; 8];
    let rest = rest.get_mut(..more as usize).ok_or(Refused::Broken)?;
    reader.read_exact(rest).map_err(|error| unread(&error))?;
    let value_bits = 7 * bytes;
    let mark = 1 << value_bits;
    let whole = (u64::from(first) << (8 * more)) | number(rest);
    let value = whole & (mark - 1);
    Ok((if keep_mark { whole } else { value }, bytes, value == mark - 1))
}

fn body<'a>(bytes: &'a [u8], element: &Element) -> Result<&'a [u8], Refused> {
    bytes.get(range(element)?).ok_or(Refused::Broken)
}

fn body_mut<'a>(bytes: &'a mut [u8], element: &Element) -> Result<&'a mut [u8], Refused> {
    bytes.get_mut(range(element)?).ok_or(Refused::Broken)
}

fn range(element: &Element) -> Result<std::ops::Range<usize>, Refused> {
    let to = element.body + element.length.ok_or(Refused::Broken)?;
    let place = |at| usize::try_from(at).map_err(|_| Refused::Broken);
    Ok(place(element.body)?..place(to)?)
}

fn empty(bytes: &mut [u8], element: &Element) -> Result<(), Refused> {
    body_mut(bytes, element)?.fill(0);
    Ok(())
}

fn make_void(bytes: &mut [u8], element: &Element) -> Result<(), Refused> {
    let from = usize::try_from(element.at).map_err(|_| Refused::Broken)?;
    let whole = bytes.get_mut(from..range(element)?.end).ok_or(Refused::Broken)?;
    let header = void_header(whole.len() as u64)?;
    whole.fill(0);
    whole.get_mut(..header.len()).ok_or(Refused::Broken)?.copy_from_slice(&header);
    Ok(())
}

/// The header of a `Void` that takes so many bytes with its header.
fn void_header(length: u64) -> Result<Vec<u8>, Refused> {
    if let Some(body) = length.checked_sub(9) {
        return Ok([&[0xEC, 0x01][..], &body.to_be_bytes()[1..]].concat());
    }
    let body = length.checked_sub(2).and_then(|body| u8::try_from(body).ok()).ok_or(Refused::Broken)?;
    Ok(vec![0xEC, 0x80 | body])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::film::tests::{contains, probed};
    use super::*;

    const CANARY: &[u8] = b"filmed at 59.9139 N";

    fn element(id: u64, body: &[u8]) -> Vec<u8> {
        let id = id.to_be_bytes();
        let from = id.iter().position(|&byte| byte != 0).unwrap();
        let length = 0x4000 | u16::try_from(body.len()).unwrap();
        [&id[from..], &length.to_be_bytes(), body].concat()
    }

    fn track(kind: u8) -> Vec<u8> {
        let video = [element(PIXEL_WIDTH, &[0x03, 0x20]), element(PIXEL_HEIGHT, &[0x01, 0xC2])].concat();
        element(
            TRACK_ENTRY,
            &[element(TRACK_TYPE, &[kind]), element(TRACK_NAME, CANARY), element(VIDEO, &video)].concat(),
        )
    }

    fn parts(tracks: &[u8]) -> Vec<u8> {
        let info = [element(0x002A_D7B1, &[1]), element(0x7BA9, CANARY), element(0x5741, CANARY)].concat();
        [
            element(INFO, &info),
            element(TRACKS, tracks),
            element(0xEC, CANARY),
            element(0x1254_C367, CANARY),
            element(0x1941_A469, CANARY),
            element(0x1F43_B675, &element(0xA3, b"the film itself")),
        ]
        .concat()
    }

    fn webm(tracks: &[u8]) -> Vec<u8> {
        [element(EBML, &element(DOC_TYPE, b"webm")), element(SEGMENT, &parts(tracks))].concat()
    }

    #[test]
    fn a_webm_is_measured_and_loses_its_metadata_in_place() {
        let bytes = webm(&track(1));
        let (film, left) = probed(&[&bytes[..], CANARY].concat());
        assert_eq!(film, Ok(Film { extension: Extension::Webm, width: 800, height: 450 }));
        assert_eq!(left.len(), bytes.len(), "the tail is cut off, the rest keeps its place");
        assert!(!contains(&left, CANARY));
        assert!(contains(&left, b"the film itself"));
        assert_eq!(probed(&left), (film, left.clone()), "a cleaned film is a film, and clean");
    }

    #[test]
    fn a_recording_of_unknown_length_is_taken() {
        let cluster = [&[0x1F, 0x43, 0xB6, 0x75, 0xFF][..], &element(0xA3, b"block")].concat();
        let head = element(EBML, &element(DOC_TYPE, b"webm"));
        let segment = [0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        let bytes = [&head[..], &segment, &parts(&track(1)), &cluster, &cluster].concat();
        assert_eq!(probed(&bytes).0.map(|film| film.width), Ok(800));
    }

    #[test]
    fn a_matroska_file_a_data_track_and_a_torn_file_are_refused() {
        let mkv = [element(EBML, &element(DOC_TYPE, b"matroska")), element(SEGMENT, &[])].concat();
        assert_eq!(probed(&mkv).0, Err(Refused::NotAFilm));
        assert_eq!(probed(&webm(&[track(1), track(0x21)].concat())).0, Err(Refused::DataTrack));
        let bytes = webm(&track(1));
        for cut in 12..bytes.len() {
            assert!(probed(&bytes[..cut]).0.is_err(), "cut at {cut}");
        }
    }
}
