//! The film of the sample news: drawn here, packed here, so that the demo carries no film file.
//!
//! Every frame is a lossy WebP picture. What such a file holds is one VP8 key frame, which is just what a WebM
//! film holds too, so the frames are lifted out of one wrapping and put into the other. The scene itself is
//! drawn by `draw::Dusk`; how uploaded films are checked and kept is for `media`.
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // seven seconds fit any number

use webp::{Encoder, PixelLayout};

use super::draw::Dusk;

const FRAMES_A_SECOND: u64 = 12;
const SECONDS: u64 = Dusk::SECONDS;

/// Keeps the film below a megabyte and a half, with edges still clean.
const QUALITY: f32 = 62.0;

/// Length of a Matroska cluster: a seek lands on its first frame.
const CLUSTER_MILLISECONDS: u64 = 1000;

// Matroska's names of its elements, as they stand in the file.
const EBML: u32 = 0x1a45_dfa3;
const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const SEEK: u32 = 0x4dbb;
const SEEK_ID: u32 = 0x53ab;
const SEEK_POSITION: u32 = 0x53ac;
const INFO: u32 = 0x1549_a966;
const TRACKS: u32 = 0x1654_ae6b;
const CUES: u32 = 0x1c53_bb6b;
const CUE_POINT: u32 = 0xbb;
const CUE_TIME: u32 = 0xb3;
const CUE_TRACK_POSITIONS: u32 = 0xb7;
const CUE_TRACK: u32 = 0xf7;
const CUE_CLUSTER_POSITION: u32 = 0xf1;
const CLUSTER: u32 = 0x1f43_b675;
const TIMESTAMP: u32 = 0xe7;
const SIMPLE_BLOCK: u32 = 0xa3;

/// Why no film came out.
#[derive(Debug, thiserror::Error)]
pub enum FilmError {
    #[error("frame {0} could not be encoded")]
    Encode(u64),
    #[error("frame {0} holds no VP8 picture")]
    Frame(u64),
}

/// A few seconds of a harbour at dusk, as the bytes of a WebM file.
pub fn film() -> Result<Vec<u8>, FilmError> {
    let dusk = Dusk::painted();
    let (mut frames, mut size) = (Vec::new(), (0, 0));
    for number in 0..FRAMES_A_SECOND * SECONDS {
        let milliseconds = number * 1000 / FRAMES_A_SECOND;
        let picture = dusk.frame(milliseconds as f32 / 1000.0);
        size = picture.dimensions();
        let encoded = Encoder::new(picture.as_raw(), PixelLayout::Rgb, size.0, size.1)
            .encode_simple(false, QUALITY)
            .map_err(|_| FilmError::Encode(number))?;
        let frame = vp8(&encoded).ok_or(FilmError::Frame(number))?;
        frames.push((milliseconds, frame.to_vec()));
    }
    Ok(webm(&frames, size))
}

/// The VP8 picture inside a WebP file: a list of chunks, each with a name, a length and an even size.
fn vp8(webp: &[u8]) -> Option<&[u8]> {
    let mut rest = webp.strip_prefix(b"RIFF")?.get(8..)?;
    loop {
        let (name, after) = rest.split_at_checked(4)?;
        let (length, content) = after.split_at_checked(4)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        if name == b"VP8 " {
            return content.get(..length);
        }
        rest = content.get(length + length % 2..)?;
    }
}

fn webm(frames: &[(u64, Vec<u8>)], size: (u32, u32)) -> Vec<u8> {
    let clusters: Vec<(u64, Vec<u8>)> = frames
        .chunk_by(|a, b| a.0 / CLUSTER_MILLISECONDS == b.0 / CLUSTER_MILLISECONDS)
        .map(|frames| (frames[0].0, cluster(frames)))
        .collect();
    let info = info();
    let tracks = tracks(size);
    // Positions are written at full width, so the index is as long before they are known as after.
    let head_length = seek_head(0, 0, 0).len();
    let cues_at = head_length + info.len() + tracks.len();
    let first = cues_at + cues(&clusters, 0).len();
    let segment = [
        seek_head(head_length, head_length + info.len(), cues_at),
        info,
        tracks,
        cues(&clusters, first),
        clusters.into_iter().flat_map(|(_, bytes)| bytes).collect(),
    ];
    let mut file = header();
    file.extend(element(SEGMENT, &segment.concat()));
    file
}

fn header() -> Vec<u8> {
    let fields = [
        number(0x4286, 1),
        number(0x42f7, 1),
        number(0x42f2, 4),
        number(0x42f3, 8),
        element(0x4282, b"webm"),
        number(0x4287, 2),
        number(0x4285, 2),
    ];
    element(EBML, &fields.concat())
}

/// Where the parts of the segment begin, counted from its content.
fn seek_head(info: usize, tracks: usize, cues: usize) -> Vec<u8> {
    let seeks = [(INFO, info), (TRACKS, tracks), (CUES, cues)].map(|(id, at)| {
        let fields = [element(SEEK_ID, &id.to_be_bytes()), number(SEEK_POSITION, at as u64)];
        element(SEEK, &fields.concat())
    });
    element(SEEK_HEAD, &seeks.concat())
}

fn info() -> Vec<u8> {
    const NANOSECONDS_A_TICK: u64 = 1_000_000;
    let duration = (SECONDS * 1000) as f64;
    let fields = [
        number(0x2a_d7b1, NANOSECONDS_A_TICK),
        element(0x4489, &duration.to_be_bytes()),
        element(0x4d80, b"Broadsheet"),
        element(0x5741, b"Broadsheet"),
    ];
    element(INFO, &fields.concat())
}

/// One track: video, VP8.
fn tracks(size: (u32, u32)) -> Vec<u8> {
    let video = [number(0xb0, size.0.into()), number(0xba, size.1.into())].concat();
    let fields = [
        number(0xd7, 1),
        number(0x73c5, 1),
        number(0x83, 1),
        number(0x9c, 0),
        number(0x23_e383, 1_000_000_000 / FRAMES_A_SECOND),
        element(0x86, b"V_VP8"),
        element(0xe0, &video),
    ];
    element(TRACKS, &element(0xae, &fields.concat()))
}

/// The index by time; `first` is where the first cluster begins.
fn cues(clusters: &[(u64, Vec<u8>)], first: usize) -> Vec<u8> {
    let mut at = first;
    let mut points = Vec::new();
    for (time, bytes) in clusters {
        let place = [number(CUE_TRACK, 1), number(CUE_CLUSTER_POSITION, at as u64)].concat();
        let point = [number(CUE_TIME, *time), element(CUE_TRACK_POSITIONS, &place)].concat();
        points.extend(element(CUE_POINT, &point));
        at += bytes.len();
    }
    element(CUES, &points)
}

fn cluster(frames: &[(u64, Vec<u8>)]) -> Vec<u8> {
    const TRACK_ONE: u8 = 0x81;
    const KEY_FRAME: u8 = 0x80;
    let start = frames[0].0;
    let mut content = number(TIMESTAMP, start);
    for (time, frame) in frames {
        let offset = ((time - start) as u16).to_be_bytes();
        let block = [&[TRACK_ONE, offset[0], offset[1], KEY_FRAME], frame.as_slice()].concat();
        content.extend(element(SIMPLE_BLOCK, &block));
    }
    element(CLUSTER, &content)
}

fn number(id: u32, value: u64) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

/// Name, length in eight bytes (the first says so), content.
fn element(id: u32, content: &[u8]) -> Vec<u8> {
    const EIGHT_BYTES: u64 = 1 << 56;
    let name = id.to_be_bytes();
    let mut bytes = name[(id.leading_zeros() / 8) as usize..].to_vec();
    bytes.extend((EIGHT_BYTES | content.len() as u64).to_be_bytes());
    bytes.extend(content);
    bytes
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The elements that follow one another in some bytes: name, place, content.
    fn elements(bytes: &[u8]) -> Vec<(u32, usize, &[u8])> {
        let (mut at, mut found) = (0, Vec::new());
        while at < bytes.len() {
            let wide = bytes[at].leading_zeros() as usize + 1;
            let id = bytes[at..at + wide].iter().fold(0, |id, &byte| id << 8 | u32::from(byte));
            let length = u64::from_be_bytes(bytes[at + wide..at + wide + 8].try_into().unwrap());
            let from = at + wide + 8;
            let to = from + (length & 0xff_ffff_ffff_ffff) as usize;
            found.push((id, at, &bytes[from..to]));
            at = to;
        }
        found
    }

    fn value(bytes: &[u8]) -> u64 {
        u64::from_be_bytes(bytes.try_into().unwrap())
    }

    #[test]
    fn the_film_is_a_webm_whose_sizes_index_and_frames_agree() {
        let film = film().unwrap();
        assert!(film.len() < 1_500_000, "{} bytes", film.len());

        let top = elements(&film);
        assert_eq!(top.iter().map(|e| e.0).collect::<Vec<_>>(), [EBML, SEGMENT]);
        let parts = elements(top[1].2);
        let clusters: Vec<_> = parts.iter().filter(|e| e.0 == CLUSTER).collect();
        assert_eq!(clusters.len() as u64, SECONDS * 1000 / CLUSTER_MILLISECONDS);

        for (_, _, seek) in elements(parts[0].2) {
            let fields = elements(seek);
            let id = u32::from_be_bytes(fields[0].2.try_into().unwrap());
            assert!(parts.iter().any(|e| e.0 == id && e.1 as u64 == value(fields[1].2)));
        }
        let cues = parts.iter().find(|e| e.0 == CUES).unwrap();
        for ((_, _, point), cluster) in elements(cues.2).iter().zip(&clusters) {
            let fields = elements(point);
            assert_eq!(value(fields[0].2), value(elements(cluster.2)[0].2));
            assert_eq!(value(elements(fields[1].2)[1].2), cluster.1 as u64);
        }

        let blocks: Vec<_> =
            clusters.iter().flat_map(|c| elements(c.2)).filter(|e| e.0 == SIMPLE_BLOCK).collect();
        assert_eq!(blocks.len() as u64, FRAMES_A_SECOND * SECONDS);
        for (_, _, block) in blocks {
            let frame = &block[4..];
            assert_eq!(frame[0] & 1, 0, "an inter frame");
            assert_eq!(frame[3..6], [0x9d, 0x01, 0x2a], "no VP8 start code");
            assert_eq!(u16::from_le_bytes([frame[6], frame[7]]) & 0x3fff, 640);
            assert_eq!(u16::from_le_bytes([frame[8], frame[9]]) & 0x3fff, 360);
        }
    }
}
