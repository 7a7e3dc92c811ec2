//! The archives that word processors write, and no others.
//!
//! An archive is judged by its list of entries before a byte of it is unpacked: how many they are, what they are
//! called, where they lie, what they claim to become. Nothing is ever written to a disk, and an entry nobody asks
//! for is not unpacked at all.

use std::collections::{HashMap, HashSet};
use std::io::Read as _;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::Refused;

/// A long document with a picture on every page has some hundred.
const MOST_ENTRIES: usize = 4096;
const MOST_NAME_BYTES: usize = 255;
/// What all entries become together.
const MOST_BYTES: u64 = 192 * 1024 * 1024;
/// XML that repeats itself is packed to a fiftieth; what is packed further was made to burst.
const MOST_RATIO: u64 = 200;
/// Below this a ratio says nothing.
const SMALL: u64 = 256 * 1024;

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const CENTRAL: &[u8] = b"PK\x01\x02";
const CENTRAL_BYTES: usize = 46;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: usize = 30;

#[derive(Debug)]
pub struct Archive<'a> {
    bytes: &'a [u8],
    entries: HashMap<String, Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    end: usize,
    method: Method,
    size: u64,
    crc: u32,
}

#[derive(Clone, Copy, Debug)]
enum Method {
    Stored,
    Deflated,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refused> {
        let (list_start, list_end, count) = list(bytes)?;
        let mut at = list_start;
        let mut entries = HashMap::with_capacity(count);
        let mut names = HashSet::with_capacity(count);
        let mut places = Vec::with_capacity(count);
        let mut total = 0u64;
        for _ in 0..count {
            let head = slice(bytes, at, CENTRAL_BYTES)?;
            let name_bytes = usize::from(u16_at(head, 28));
            let rest = usize::from(u16_at(head, 30)) + usize::from(u16_at(head, 32));
            let name = name(slice(bytes, at + CENTRAL_BYTES, name_bytes)?)?;
            at += CENTRAL_BYTES + name_bytes + rest;
            if !head.starts_with(CENTRAL) || at > list_end {
                return Err(Refused::Damaged("its list of parts is broken"));
            }
            if !names.insert(name.to_lowercase()) {
                return Err(Refused::Hostile("two of its parts have the same name"));
            }
            let (place, entry) = entry(bytes, head, &name, list_start)?;
            places.push((place, entry.end));
            total += entry.size;
            if !name.ends_with('/') {
                entries.insert(name, entry);
            }
        }
        if total > MOST_BYTES {
            return Err(Refused::TooLarge("its parts are larger than 192 MiB together"));
        }
        places.sort_unstable();
        if places.windows(2).any(|pair| pair[1].0 < pair[0].1) {
            return Err(Refused::Hostile("its parts overlap"));
        }
        Ok(Self { bytes, entries })
    }

    /// The names of its files, in order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.entries.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    pub fn size(&self, name: &str) -> u64 {
        self.entries.get(name).map_or(0, |entry| entry.size)
    }

    /// The bytes of an entry; `None` if there is none of that name.
    pub fn read(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, Refused> {
        let Some(entry) = self.entries.get(name) else { return Ok(None) };
        if entry.size > most {
            return Err(Refused::TooLarge("one of its parts is larger than any article"));
        }
        let packed = &self.bytes[entry.start..entry.end];
        let mut unpacked = Vec::with_capacity(usize::try_from(entry.size).unwrap_or_default());
        let read = match entry.method {
            Method::Stored => packed.take(entry.size + 1).read_to_end(&mut unpacked),
            Method::Deflated => DeflateDecoder::new(packed).take(entry.size + 1).read_to_end(&mut unpacked),
        };
        let mut crc = Crc::new();
        crc.update(&unpacked);
        match read {
            Ok(count) if count as u64 == entry.size && crc.sum() == entry.crc => Ok(Some(unpacked)),
            _ => Err(Refused::Damaged("one of its parts cannot be unpacked")),
        }
    }
}

/// Where the list of entries begins and ends, and how many there are.
fn list(bytes: &[u8]) -> Result<(usize, usize, usize), Refused> {
    let broken = Refused::Damaged("it is incomplete");
    // The end record closes the file; only a comment may follow it, whose length it says.
    let last = bytes.len().checked_sub(END_BYTES).ok_or(broken.clone())?;
    let is_end = |at: &usize| {
        bytes[*at..].starts_with(END)
            && at + END_BYTES + usize::from(u16_at(&bytes[*at..], 20)) == bytes.len()
    };
    let end = (last.saturating_sub(usize::from(u16::MAX))..=last).rev().find(is_end).ok_or(broken.clone())?;
    let record = &bytes[end..];
    let (disk, first, here, count) =
        (u16_at(record, 4), u16_at(record, 6), u16_at(record, 8), u16_at(record, 10));
    let (size, start) = (u32_at(record, 12), u32_at(record, 16));
    if disk != 0 || first != 0 || here != count || count == u16::MAX || size == u32::MAX || start == u32::MAX
    {
        return Err(Refused::Hostile("it is an archive of a kind that no word processor writes"));
    }
    let count = usize::from(count);
    if count > MOST_ENTRIES {
        return Err(Refused::TooLarge("it has more than 4096 parts"));
    }
    let start = start as usize;
    // What lies between the list and its end, or does not fit, was put there by hand.
    if start.checked_add(size as usize) != Some(end) || size as usize / CENTRAL_BYTES < count {
        return Err(broken);
    }
    Ok((start, end, count))
}

/// Where an entry's own head lies, and the entry.
fn entry(bytes: &[u8], head: &[u8], name: &str, list_start: usize) -> Result<(usize, Entry), Refused> {
    let made_by_unix = head[5] == 3;
    let mode = u32_at(head, 38) >> 16;
    // A file or a folder, or nothing said: no link, no device.
    if made_by_unix && !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000) {
        return Err(Refused::Hostile("one of its parts is a link"));
    }
    if u16_at(head, 8) & 0x2041 != 0 {
        return Err(Refused::OtherKind("a document with a password"));
    }
    let method = match u16_at(head, 10) {
        0 => Method::Stored,
        8 => Method::Deflated,
        _ => return Err(Refused::Hostile("one of its parts is packed as no word processor does it")),
    };
    let (crc, packed, size) = (u32_at(head, 16), u32_at(head, 20), u64::from(u32_at(head, 24)));
    if size > SMALL && size / u64::from(packed).max(1) > MOST_RATIO {
        return Err(Refused::Hostile("one of its parts would grow beyond measure"));
    }
    let place = u32_at(head, 42) as usize;
    let local = slice(bytes, place, LOCAL_BYTES)?;
    let (name_bytes, extra) = (usize::from(u16_at(local, 26)), usize::from(u16_at(local, 28)));
    let own_name = slice(bytes, place + LOCAL_BYTES, name_bytes)?;
    if !local.starts_with(LOCAL) || own_name != name.as_bytes() {
        return Err(Refused::Hostile("its list of parts does not say what is in it"));
    }
    let start = place + LOCAL_BYTES + name_bytes + extra;
    let end = start + packed as usize;
    if end > list_start {
        return Err(Refused::Damaged("it is incomplete"));
    }
    Ok((place, Entry { start, end, method, size, crc }))
}

/// A name inside the archive. We never make a file of it; one that tries to leave was made by an attacker.
fn name(bytes: &[u8]) -> Result<String, Refused> {
    let name = std::str::from_utf8(bytes).map_err(|_| Refused::Hostile("one of its parts has no name"))?;
    let is_sound = !name.is_empty()
        && name.len() <= MOST_NAME_BYTES
        && !name.starts_with('/')
        && !name.contains(['\\', ':'])
        && !name.chars().any(char::is_control)
        && !name.split('/').any(|part| part == "..");
    if is_sound {
        Ok(name.to_owned())
    } else {
        Err(Refused::Hostile("one of its parts has a name that leads outside"))
    }
}

fn slice(bytes: &[u8], at: usize, length: usize) -> Result<&[u8], Refused> {
    at.checked_add(length).and_then(|end| bytes.get(at..end)).ok_or(Refused::Damaged("it is incomplete"))
}

/// Inside a slice that is long enough; beyond it 0.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}
