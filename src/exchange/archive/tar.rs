//! Of tar, the part that an archive of ours is made of: plain files, one after another (POSIX `ustar`). Any tar
//! program reads what is written here; what is read here is nothing but what is written here, so there are no links,
//! no folders, no devices and no names that lead elsewhere.

use std::io::{self, Read, Write};

pub const BLOCK: usize = 512;
/// Eleven octal digits.
const MOST_BYTES: u64 = 0o77_777_777_777;
const MOST_NAME: usize = 99;

/// The head of a file in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub name: String,
    pub bytes: u64,
}

/// Writes the head; `bytes` bytes must follow, and then `pad`.
pub fn write_head(out: &mut impl Write, name: &str, bytes: u64) -> io::Result<()> {
    if name.len() > MOST_NAME || bytes > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "too large for an archive"));
    }
    out.write_all(&head(name, bytes))
}

fn head(name: &str, bytes: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000600\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{bytes:011o}\0").as_bytes());
    // No time: the same site is the same archive.
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// Fills up the last block of a file.
pub fn pad(out: &mut impl Write, bytes: u64) -> io::Result<()> {
    out.write_all(&[0; BLOCK][..gap(bytes)])
}

/// What says that nothing follows.
pub fn write_end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0; BLOCK * 2])
}

/// The next file, or `None` at the end. An archive that just stops is an error.
pub fn read_head(from: &mut impl Read) -> io::Result<Option<Head>> {
    let mut block = [0; BLOCK];
    from.read_exact(&mut block)?;
    if block == [0; BLOCK] {
        return Ok(None);
    }
    let name = block[..100].split(|byte| *byte == 0).next().unwrap_or_default();
    let digits = std::str::from_utf8(&block[124..135]).ok();
    let bytes = digits.and_then(|digits| u64::from_str_radix(digits, 8).ok());
    match (std::str::from_utf8(name), bytes) {
        // Written anew it has to be the same block: then it says nothing that we did not read.
        (Ok(name), Some(bytes)) if is_sound(name) && head(name, bytes) == block => {
            Ok(Some(Head { name: name.to_owned(), bytes }))
        }
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "a part of it is none of ours")),
    }
}

/// Reads over what fills up the last block of a file.
pub fn skip_pad(from: &mut impl Read, bytes: u64) -> io::Result<()> {
    let mut rest = [0; BLOCK];
    from.read_exact(&mut rest[..gap(bytes)])?;
    if rest == [0; BLOCK] {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "filled with something"))
    }
}

fn gap(bytes: u64) -> usize {
    usize::try_from(bytes % BLOCK as u64).map_or(0, |over| (BLOCK - over) % BLOCK)
}

fn is_sound(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MOST_NAME
        && name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'))
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn one(name: &str) -> Vec<u8> {
        let mut out = Vec::new();
        write_head(&mut out, name, 5).unwrap();
        out.extend_from_slice(b"bytes");
        pad(&mut out, 5).unwrap();
        write_end(&mut out).unwrap();
        out
    }

    #[test]
    fn what_is_written_is_read() {
        let archive = one("rows/articles/000001.ndjson");
        assert_eq!(archive.len(), 4 * BLOCK);
        let mut from = archive.as_slice();
        let head = read_head(&mut from).unwrap().unwrap();
        assert_eq!(head, Head { name: "rows/articles/000001.ndjson".to_owned(), bytes: 5 });
        let mut body = [0; 5];
        from.read_exact(&mut body).unwrap();
        skip_pad(&mut from, 5).unwrap();
        assert_eq!(read_head(&mut from).unwrap(), None);
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["../passwd", "/etc/passwd", "a//b", "a/./b", "a\\b", "ä", "a b", ".ssh/keys"] {
            assert!(read_head(&mut one(name).as_slice()).is_err(), "{name}");
        }
    }

    #[test]
    fn links_folders_and_altered_heads_are_refused() {
        for (at, byte) in [(156, b'2'), (156, b'5'), (257, b'x'), (124, b'9'), (300, b'r')] {
            let mut archive = one("header.json");
            archive[at] = byte;
            assert!(read_head(&mut archive.as_slice()).is_err(), "{at}");
            // And with a sum that is right.
            archive[148..156].fill(b' ');
            let sum: u32 = archive[..BLOCK].iter().map(|byte| u32::from(*byte)).sum();
            archive[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
            assert!(read_head(&mut archive.as_slice()).is_err(), "{at} with its sum");
        }
    }

    #[test]
    fn an_archive_that_stops_is_no_archive() {
        let archive = one("header.json");
        assert!(read_head(&mut &archive[..400]).is_err());
        assert!(read_head(&mut &archive[2 * BLOCK..2 * BLOCK]).is_err());
    }
}
