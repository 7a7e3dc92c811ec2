//! Pictures that stand inside a text as `data:` addresses. They are taken out before anything parses the text, which
//! is then as small as its words.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

const BEGIN: &str = "data:image/";
const MARK: &str = ";base64,";
/// Between the two there is the kind of the picture.
const MOST_KIND_BYTES: usize = 64;
/// What stands in the place of such an address, before its number.
pub const SCHEME: &str = "picture:";

/// The text with short addresses, and what they stand for. What cannot be decoded has no bytes.
pub fn take(text: &str) -> (String, Vec<Vec<u8>>) {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len().min(1 << 20));
    let mut pictures = Vec::new();
    let mut at = 0;
    while let Some(found) = lower[at..].find(BEGIN).map(|found| at + found) {
        let begin = found + BEGIN.len();
        let head = lower.as_bytes()[begin..].iter().take(MOST_KIND_BYTES);
        let kind = head.take_while(|byte| byte.is_ascii_alphanumeric() || b"+-./;=".contains(byte)).count();
        let Some(data) = lower[begin..begin + kind + usize::from(lower[begin + kind..].starts_with(','))]
            .find(MARK)
            .map(|mark| begin + mark + MARK.len())
        else {
            out.push_str(&text[at..begin]);
            at = begin;
            continue;
        };
        out.push_str(&text[at..found]);
        let length = length(&text[data..], text[..found].chars().next_back());
        let _ = write!(out, "{SCHEME}{}", pictures.len());
        pictures.push(decode(&text[data..data + length]));
        at = data + length;
    }
    out.push_str(&text[at..]);
    (out, pictures)
}

/// In quotes an address may be broken into lines.
fn length(data: &str, before: Option<char>) -> usize {
    let quote = before.filter(|c| matches!(c, '"' | '\''));
    let is_data = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=%-_".contains(byte);
    match quote {
        Some(quote) => data.find([quote, '<', '>']).unwrap_or(0),
        None => data.bytes().take_while(is_data).count(),
    }
}

fn decode(data: &str) -> Vec<u8> {
    let plain: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if plain.contains(&b'%') {
        let whole: Vec<u8> = percent_encoding::percent_decode(&plain).collect();
        return ENGINE.decode(whole).unwrap_or_default();
    }
    ENGINE.decode(plain).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_leave_the_text_and_their_numbers_stay() {
        let text = "a <img src=\"data:image/png;base64,aGVs\n bG8=\"> b ![](data:image/png;base64,aGk=) \
                    c <img src=data:image/gif;base64,aGk alt=x> d data:image/svg+xml;utf8,<svg/> e";
        let (left, pictures) = take(text);
        assert_eq!(
            left,
            "a <img src=\"picture:0\"> b ![](picture:1) c <img src=picture:2 alt=x> d \
             data:image/svg+xml;utf8,<svg/> e"
        );
        assert_eq!(pictures, [b"hello".to_vec(), b"hi".to_vec(), b"hi".to_vec()]);
    }

    #[test]
    fn what_is_not_base64_has_no_bytes() {
        let (left, pictures) = take("<img src='data:image/png;base64,!!!'>");
        assert_eq!(left, "<img src='picture:0'>");
        assert_eq!(pictures, [Vec::<u8>::new()]);
    }
}
