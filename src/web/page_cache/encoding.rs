//! The encodings in which a page is kept: what a client takes, and how a body is packed.

use std::io::Write;

use axum::http::{HeaderMap, HeaderValue, header};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Identity,
    Brotli,
    Zstd,
    Gzip,
}

/// Smaller answers gain nothing.
const MIN_BYTES: usize = 256;
/// What is packed once may cost more than what is packed for each reader; the last levels cost ten times as much for
/// a hundredth of the bytes.
const GZIP: flate2::Compression = flate2::Compression::new(7);
const BROTLI: u32 = 6;
const ZSTD: i32 = 9;
/// Brotli's window, in powers of two: more than any page.
const WINDOW: u32 = 20;

impl Encoding {
    /// In the order of preference: the smallest first.
    pub const PACKED: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    pub fn token(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Identity => "identity",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        })
    }

    /// What the client likes best; among equals what is smallest.
    pub fn wanted(headers: &HeaderMap) -> Self {
        let mut lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
        let Some(first) = lines.next() else { return Self::Identity };
        let rest = lines.collect::<Vec<_>>();
        if rest.is_empty() {
            Self::best(first)
        } else {
            Self::best(&[&[first], &rest[..]].concat().join(","))
        }
    }

    fn best(line: &str) -> Self {
        let (mut weights, mut any) = ([None; 3], None);
        for item in line.split(',') {
            let (token, weight) = weighed(item);
            match token {
                "br" => weights[0] = Some(weight),
                "zstd" => weights[1] = Some(weight),
                "gzip" | "x-gzip" => weights[2] = Some(weight),
                "*" => any = Some(weight),
                _ => {}
            }
        }
        let mut best = (0, Self::Identity);
        for (encoding, weight) in Self::PACKED.into_iter().zip(weights) {
            let weight = weight.or(any).unwrap_or(0);
            if weight > best.0 {
                best = (weight, encoding);
            }
        }
        best.1
    }

    /// `None` when it gains nothing. Takes its time: not for the async threads.
    pub fn pack(self, bytes: &[u8]) -> Option<Vec<u8>> {
        if bytes.len() < MIN_BYTES {
            return None;
        }
        let packed = match self {
            Self::Identity => None,
            Self::Gzip => {
                let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), GZIP);
                writer.write_all(bytes).ok().and_then(|()| writer.finish().ok())
            }
            Self::Brotli => {
                let packed = Vec::with_capacity(bytes.len() / 3);
                let mut writer = brotli::CompressorWriter::new(packed, 16 * 1024, BROTLI, WINDOW);
                writer.write_all(bytes).ok().map(|()| writer.into_inner())
            }
            Self::Zstd => zstd::bulk::compress(bytes, ZSTD).ok(),
        };
        packed.filter(|packed| packed.len() < bytes.len())
    }
}

/// "gzip;q=0.8" as a name and thousandths. A weight that is none counts as 1.
fn weighed(item: &str) -> (&str, u16) {
    let Some((token, parameters)) = item.split_once(';') else { return (item.trim(), 1000) };
    let q =
        parameters.split(';').find_map(|it| it.trim().strip_prefix("q=").or(it.trim().strip_prefix("Q=")));
    (token.trim(), q.map_or(1000, thousandths))
}

fn thousandths(q: &str) -> u16 {
    let Ok(weight) = q.trim().parse::<f32>() else { return 1000 };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped
    let weight = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
    weight
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_client_chooses_and_among_equals_the_smallest() {
        let cases = [
            ("", Encoding::Identity),
            ("identity", Encoding::Identity),
            ("gzip", Encoding::Gzip),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, zstd", Encoding::Zstd),
            ("gzip;q=1.0, br;q=0.5", Encoding::Gzip),
            ("br;q=0, gzip", Encoding::Gzip),
            ("br;q=0", Encoding::Identity),
            ("*", Encoding::Brotli),
            ("*;q=0", Encoding::Identity),
            ("*;q=0.1, br;q=0, zstd;q=0", Encoding::Gzip),
            ("deflate, compress", Encoding::Identity),
            ("gzip ; q=0.2 , zstd ; q=0.3", Encoding::Zstd),
        ];
        for (line, expected) in cases {
            assert_eq!(Encoding::best(line), expected, "{line}");
        }
    }

    #[test]
    fn several_lines_count_as_one() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static("br"));
        assert_eq!(Encoding::wanted(&headers), Encoding::Brotli);
    }

    #[test]
    fn what_was_packed_is_the_same_again() {
        let page = "<p>The water stood to the third step.</p>".repeat(100);
        for encoding in Encoding::PACKED {
            let packed = encoding.pack(page.as_bytes()).unwrap();
            let mut bytes = Vec::new();
            match encoding {
                Encoding::Gzip => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap(),
                Encoding::Brotli => {
                    brotli::Decompressor::new(&packed[..], 4096).read_to_end(&mut bytes).unwrap()
                }
                _ => {
                    bytes = zstd::bulk::decompress(&packed, page.len()).unwrap();
                    0
                }
            };
            assert_eq!(bytes, page.as_bytes(), "{encoding:?}");
        }
    }

    #[test]
    fn what_is_small_stays_as_it_is() {
        assert!(Encoding::Gzip.pack(b"ok").is_none());
    }
}
