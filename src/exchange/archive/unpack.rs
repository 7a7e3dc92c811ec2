//! Reading an archive as if an enemy had made it: within bounds, in order, and not believed before its last part has
//! said what must have come. Nothing is unpacked to anywhere here.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};

use sha2::{Digest as _, Sha256};

use super::{
    Files, HEADER, Header, Kind, MANIFEST, MOST_PART, Manifest, Refused, Rows, VERSION, damaged, tar,
};
use crate::db::migrations::{MIGRATOR, schema_version};
use crate::media::store::Area;
use crate::media::{Digest, Extension};

/// 2^27 bytes is what zstd's own program allows.
const WINDOW: u32 = 27;

/// What an archive holds, read from its first byte to its last.
#[derive(Clone, Debug)]
pub struct Proven {
    pub kind: Kind,
    pub header: Header,
    pub manifest: Manifest,
}

/// What is done with the parts, in their order.
pub(super) trait Parts {
    fn rows(&mut self, table: &str, lines: Vec<u8>) -> anyhow::Result<()>;

    /// Reads `from` to its end. Answers whether the bytes were those of the digest.
    fn medium(
        &mut self,
        area: Area,
        digest: Digest,
        extension: Extension,
        from: &mut dyn Read,
    ) -> anyhow::Result<bool>;
}

/// Reads all of it and believes nothing: whoever goes on afterwards has an archive that is whole.
pub fn prove(file: &mut File) -> anyhow::Result<Proven> {
    read(file, &mut Looked)
}

struct Looked;

impl Parts for Looked {
    fn rows(&mut self, _: &str, _: Vec<u8>) -> anyhow::Result<()> {
        Ok(())
    }

    fn medium(&mut self, _: Area, digest: Digest, _: Extension, from: &mut dyn Read) -> anyhow::Result<bool> {
        let mut hash = Hashing(Sha256::new());
        io::copy(from, &mut hash)?;
        Ok(hash.0.finalize().as_slice() == digest.as_slice())
    }
}

pub(super) fn read(file: &mut File, parts: &mut impl Parts) -> anyhow::Result<Proven> {
    file.rewind()?;
    let mut decoder = zstd::Decoder::new(BufReader::new(file))?.single_frame();
    decoder.window_log_max(WINDOW)?;
    let mut from = Reader { from: decoder, hash: Sha256::new() };

    let first = from.head().map_err(|_| Refused::NotOurs)?;
    if first.as_ref().is_none_or(|head| head.name != HEADER) {
        return Err(Refused::NotOurs.into());
    }
    let header = from.whole(first.map_or(0, |head| head.bytes))?;
    let (kind, header) = understood(&header)?;

    let mut seen = Seen::default();
    let manifest = loop {
        let so_far = hex::encode(from.hash.clone().finalize());
        let head = from.head().map_err(damaged)?.ok_or_else(|| damaged("its end is missing"))?;
        if head.name == MANIFEST {
            let manifest = from.whole(head.bytes)?;
            let manifest: Manifest = serde_json::from_slice(&manifest).map_err(damaged)?;
            if manifest.sha256 != so_far {
                return Err(damaged("its parts are not those that were written").into());
            }
            break manifest;
        }
        seen.part(&mut from, &head, &header, parts)?;
    };
    // Two empty blocks; and to the end of the frame, where its own checksum stands.
    let mut rest = Vec::new();
    from.from.by_ref().take(3 * tar::BLOCK as u64).read_to_end(&mut rest).map_err(damaged)?;
    if rest != [0; 2 * tar::BLOCK] {
        return Err(damaged("its end is not the end").into());
    }
    seen.compare(&header, &manifest)?;
    Ok(Proven { kind, header, manifest })
}

fn understood(bytes: &[u8]) -> anyhow::Result<(Kind, Header)> {
    #[derive(serde::Deserialize)]
    struct First {
        format: String,
        version: u32,
    }
    let first: First = serde_json::from_slice(bytes).map_err(|_| Refused::NotOurs)?;
    let kind = Kind::named(&first.format).ok_or(Refused::NotOurs)?;
    if first.version != VERSION {
        return Err(Refused::Layout { version: first.version }.into());
    }
    let header: Header = serde_json::from_slice(bytes).map_err(damaged)?;
    let known = schema_version();
    if header.schema > known {
        return Err(Refused::Newer { schema: header.schema, known }.into());
    }
    if !MIGRATOR.iter().any(|migration| migration.version == header.schema) {
        return Err(damaged(format!("schema {} is none that this program knows", header.schema)).into());
    }
    Ok((kind, header))
}

/// What has come so far.
#[derive(Default)]
struct Seen {
    tables: BTreeMap<String, (Sha256, u64, u64)>,
    /// The table whose parts come, and how many came.
    current: Option<(String, u32)>,
    media: Files,
}

impl Seen {
    fn part<R: Read>(
        &mut self,
        from: &mut Reader<R>,
        head: &tar::Head,
        header: &Header,
        parts: &mut impl Parts,
    ) -> anyhow::Result<()> {
        let steps: Vec<&str> = head.name.split('/').collect();
        match steps.as_slice() {
            ["rows", table, number] => {
                let number = number.strip_suffix(".ndjson").and_then(|digits| digits.parse::<u32>().ok());
                let expected = match &self.current {
                    Some((current, last)) if current == table => last + 1,
                    _ if self.tables.contains_key(*table) => 0,
                    _ => 1,
                };
                if number != Some(expected)
                    || !header.tables.iter().any(|known| known == table)
                    || self.media.files > 0
                {
                    return Err(damaged(format!("{} is out of its place", head.name)).into());
                }
                self.current = Some(((*table).to_owned(), expected));
                let lines = from.whole(head.bytes)?;
                let (hash, rows, bytes) = self.tables.entry((*table).to_owned()).or_default();
                hash.update(&lines);
                *rows += lines.split(|byte| *byte == b'\n').count() as u64 - 1;
                *bytes += lines.len() as u64;
                parts.rows(table, lines)
            }
            ["media", area, name] => {
                let area = [Area::Public, Area::Originals].into_iter().find(|known| known.as_str() == *area);
                let named = name.split_once('.');
                let named = named.and_then(|(digest, end)| Some((digest.parse().ok()?, end.parse().ok()?)));
                let (Some(area), Some((digest, extension))) = (area, named) else {
                    return Err(damaged(format!("{} is no file of a site", head.name)).into());
                };
                let is_whole = from.body(head.bytes, |body| parts.medium(area, digest, extension, body))?;
                self.media.files += 1;
                self.media.bytes += head.bytes;
                if !is_whole {
                    self.media.damaged += 1;
                }
                Ok(())
            }
            _ => Err(damaged(format!("{} is no part of an archive", head.name)).into()),
        }
    }

    fn compare(self, header: &Header, manifest: &Manifest) -> Result<(), Refused> {
        let empty = || (Sha256::new(), 0, 0);
        for table in &header.tables {
            let (hash, rows, bytes) = self.tables.get(table).cloned().unwrap_or_else(empty);
            let found = Rows { rows, bytes, sha256: hex::encode(hash.finalize()) };
            if manifest.tables.get(table) != Some(&found) {
                return Err(damaged(format!("the rows of {table} are not those that were written")));
            }
        }
        let told = (manifest.media.files, manifest.media.bytes, manifest.media.damaged);
        if told != (self.media.files, self.media.bytes, self.media.damaged) {
            return Err(damaged("the media are not those that were written"));
        }
        Ok(())
    }
}

struct Reader<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Reader<R> {
    fn head(&mut self) -> io::Result<Option<tar::Head>> {
        let head = tar::read_head(&mut self.from)?;
        if let Some(head) = &head {
            self.hash.update(head.name.as_bytes());
            self.hash.update([0]);
            self.hash.update(head.bytes.to_be_bytes());
        }
        Ok(head)
    }

    /// Of a part that is small enough to be held.
    fn whole(&mut self, bytes: u64) -> anyhow::Result<Vec<u8>> {
        if bytes > MOST_PART {
            return Err(damaged("a part of it is larger than any").into());
        }
        self.body(bytes, |body| {
            let mut whole = Vec::new();
            body.read_to_end(&mut whole)?;
            Ok(whole)
        })
    }

    fn body<T>(
        &mut self,
        bytes: u64,
        work: impl FnOnce(&mut dyn Read) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut body = Body { from: &mut self.from, hash: &mut self.hash, left: bytes };
        let done = work(&mut body)?;
        if body.left > 0 {
            return Err(damaged("it ends in the middle of a part").into());
        }
        tar::skip_pad(&mut self.from, bytes).map_err(damaged)?;
        Ok(done)
    }
}

/// One part: it ends where it says it ends, and every byte counts.
struct Body<'a, R> {
    from: &'a mut R,
    hash: &'a mut Sha256,
    left: u64,
}

impl<R: Read> Read for Body<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        // Told apart from a disk that is full.
        let broken = |error| io::Error::new(io::ErrorKind::InvalidData, damaged(error));
        let read = self.from.read(&mut buffer[..most]).map_err(broken)?;
        self.hash.update(&buffer[..read]);
        self.left -= read as u64;
        Ok(read)
    }
}

struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
