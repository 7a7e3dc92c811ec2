//! Time-based one-time codes as authenticator apps make them (RFC 6238: SHA-1, six digits, thirty seconds). Pure: the
//! time comes from the caller.

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

pub const STEP_SECONDS: i64 = 30;
/// As long as the hash, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;
/// People type slowly: the code before the current one is taken too.
const STEPS_BACK: i64 = 1;

/// The code of a step, with its leading zeros.
pub fn code(secret: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The step of a typed code, if it belongs to now and is later than `last`: a code counts once. The comparison takes
/// no care of time, since five tries tell nothing.
pub fn step_of(secret: &[u8], typed: &str, now: i64, last: i64) -> Option<i64> {
    (now - STEPS_BACK..=now).rev().find(|step| *step > last && code(secret, *step) == typed)
}

/// The secret as apps take it when it is typed in.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut five = [0; 5];
        five[..chunk.len()].copy_from_slice(chunk);
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in 0..(chunk.len() * 8).div_ceil(5) {
            let letter = bits >> (35 - 5 * place) & 31;
            text.push(char::from(LETTERS[usize::try_from(letter).unwrap_or_default()]));
        }
    }
    text
}

/// What the square code says.
pub fn uri(site: &str, account: &str, secret: &[u8]) -> String {
    let plain = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (site, account) = (plain(site), plain(account));
    let secret = base32(secret);
    format!(
        "otpauth://totp/{site}:{account}?secret={secret}&issuer={site}&algorithm=SHA1&digits=6&period={STEP_SECONDS}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// The table of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(SECRET, seconds / STEP_SECONDS), expected);
        }
    }

    #[test]
    fn a_code_counts_now_and_one_step_later_and_only_once() {
        let typed = code(SECRET, 1000);
        assert_eq!(step_of(SECRET, &typed, 1000, 0), Some(1000));
        assert_eq!(step_of(SECRET, &typed, 1001, 999), Some(1000));
        assert_eq!(step_of(SECRET, &typed, 1000, 1000), None);
        assert_eq!(step_of(SECRET, &typed, 1002, 0), None);
        assert_eq!(step_of(SECRET, &typed, 999, 0), None);
        assert_eq!(step_of(SECRET, "", 1000, 0), None);
    }

    /// RFC 4648, section 10, without its padding.
    #[test]
    fn base32_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn the_address_says_whose_code_it_is() {
        let uri = uri("The Daily Lantern", "a@b.example", b"foobar");
        assert_eq!(
            uri,
            "otpauth://totp/The%20Daily%20Lantern:a%40b%2Eexample?secret=MZXW6YTBOI\
             &issuer=The%20Daily%20Lantern&algorithm=SHA1&digits=6&period=30"
        );
    }
}
