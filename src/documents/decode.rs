//! Letters out of bytes: what the file says of itself is believed first, then UTF-8, then the encoding of old Windows.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{Refused, other};

/// A page names its encoding at its beginning.
const HEAD_BYTES: usize = 2048;
/// An encoding that is not the right one makes many of them.
const MOST_CONTROLS: usize = 100;

pub fn plain(bytes: &[u8]) -> Result<String, Refused> {
    decode(bytes, None)
}

/// The same, where the page itself may name its encoding.
pub fn html(bytes: &[u8]) -> Result<String, Refused> {
    decode(bytes, named(bytes))
}

fn decode(bytes: &[u8], named: Option<&'static Encoding>) -> Result<String, Refused> {
    if let Some(kind) = other(bytes) {
        return Err(Refused::OtherKind(kind));
    }
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (named.unwrap_or_else(|| guess(bytes)), 0),
    };
    let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
    let odd = |c: &char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}');
    if text.contains('\0') || text.chars().filter(odd).nth(MOST_CONTROLS).is_some() {
        return Err(Refused::NotText);
    }
    Ok(text.into_owned())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    match bytes {
        // Latin letters of two bytes each, without the mark that should stand before them.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => UTF_16LE,
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    }
}

/// `<meta charset=…>` or `content="text/html; charset=…"`
fn named(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)]).to_ascii_lowercase();
    let after = head.split_once("charset=")?.1.trim_start_matches(['"', '\'', ' ']);
    let label = after.split(['"', '\'', ' ', ';', '>', '/']).next()?;
    // Whoever could read the name has not read two bytes for a letter.
    Encoding::for_label(label.as_bytes()).map(|found| if found.is_ascii_compatible() { found } else { UTF_8 })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_encoding_is_read() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let marked = [b"\xff\xfe".to_vec(), utf16("Fähre")].concat();
        for bytes in ["Fähre".as_bytes(), b"\xef\xbb\xbfF\xc3\xa4hre", b"F\xe4hre", &utf16("Fähre"), &marked]
        {
            assert_eq!(plain(bytes).unwrap(), "Fähre", "{bytes:?}");
        }
        assert_eq!(plain(b"\x93Ferry\x94 \x97 10 \x80").unwrap(), "“Ferry” — 10 €");
    }

    #[test]
    fn a_page_names_its_encoding() {
        let page = b"<html><meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">\xcf\xe0\xf0\xee\xec";
        assert!(html(page).unwrap().ends_with("Паром"));
        assert!(html(b"<meta charset='utf-16'>x").unwrap().ends_with('x'));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(plain(b"ab\0\0\x01cd"), Err(Refused::NotText));
        assert_eq!(plain(&[1; 500]), Err(Refused::NotText));
        assert_eq!(plain(b"%PDF-1.7\n"), Err(Refused::OtherKind("a PDF")));
    }
}
