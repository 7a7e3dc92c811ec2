//! Archives as programs write them, and as attackers do.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// One entry, every byte of which can be a lie.
#[derive(Clone)]
pub struct Entry {
    pub name: String,
    pub local_name: String,
    pub packed: Vec<u8>,
    pub size: u32,
    pub crc: u32,
    pub method: u16,
    pub flags: u16,
    pub made_by: u8,
    pub attributes: u32,
    /// Where it lies, if not where it was written.
    pub place: Option<u32>,
}

impl Entry {
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        let mut crc = Crc::new();
        crc.update(bytes);
        Self {
            name: name.to_owned(),
            local_name: name.to_owned(),
            packed: encoder.finish().unwrap(),
            size: u32::try_from(bytes.len()).unwrap(),
            crc: crc.sum(),
            method: 8,
            flags: 0,
            made_by: 0,
            attributes: 0,
            place: None,
        }
    }

    pub fn stored(name: &str, bytes: &[u8]) -> Self {
        Self { packed: bytes.to_vec(), method: 0, ..Self::new(name, bytes) }
    }
}

pub fn write(entries: &[Entry]) -> Vec<u8> {
    write_with(entries, None)
}

/// The end record may count what it likes.
pub fn write_with(entries: &[Entry], count: Option<u16>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut list = Vec::new();
    for entry in entries {
        let place = entry.place.unwrap_or_else(|| u32::try_from(out.len()).unwrap());
        if entry.place.is_none() {
            out.extend_from_slice(b"PK\x03\x04\x14\0");
            head(&mut out, entry, &entry.local_name);
            out.extend_from_slice(&[0, 0]);
            out.extend_from_slice(entry.local_name.as_bytes());
            out.extend_from_slice(&entry.packed);
        }
        list.extend_from_slice(b"PK\x01\x02\x14");
        list.push(entry.made_by);
        list.extend_from_slice(b"\x14\0");
        head(&mut list, entry, &entry.name);
        list.extend_from_slice(&[0; 8]);
        list.extend_from_slice(&entry.attributes.to_le_bytes());
        list.extend_from_slice(&place.to_le_bytes());
        list.extend_from_slice(entry.name.as_bytes());
    }
    let start = u32::try_from(out.len()).unwrap();
    out.extend_from_slice(&list);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    // Those that lie about it count modulo 65 536.
    #[allow(clippy::cast_possible_truncation)]
    let count = count.unwrap_or(entries.len() as u16);
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&u32::try_from(list.len()).unwrap().to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

/// What the local head and the list say alike: from the flags to the lengths of the name and the extra field.
fn head(out: &mut Vec<u8>, entry: &Entry, name: &str) {
    out.extend_from_slice(&entry.flags.to_le_bytes());
    out.extend_from_slice(&entry.method.to_le_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&entry.crc.to_le_bytes());
    out.extend_from_slice(&u32::try_from(entry.packed.len()).unwrap().to_le_bytes());
    out.extend_from_slice(&entry.size.to_le_bytes());
    out.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
}
