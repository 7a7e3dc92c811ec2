//! Short secrets as the database keeps them: sealed with a key from `secrets`, and bound to their owner, so that one
//! copied into another's row opens nothing.
//!
//! What it is good for, and what not, says docs/adr/0027.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::token;

/// A random nonce each time: the few secrets of a newsroom are far from the number at which two could meet.
pub fn seal(key: &[u8; 32], owner: &str, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut nonce = [0; NONCE_LEN];
    nonce.copy_from_slice(&token::bytes()?[..NONCE_LEN]);
    let mut text = secret.to_vec();
    cipher(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner.as_bytes()), &mut text)
        .map_err(|_| anyhow::anyhow!("a secret could not be sealed"))?;
    Ok([&nonce[..], &text].concat())
}

/// `None` for what was sealed with another key, for another owner, or is no such thing.
pub fn open(key: &[u8; 32], owner: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE_LEN>()?;
    let mut text = text.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let secret = cipher(key).ok()?.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut text).ok()?;
    Some(secret.to_vec())
}

fn cipher(key: &[u8; 32]) -> anyhow::Result<LessSafeKey> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(|_| anyhow::anyhow!("not a key"))?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_sealed_secret_comes_back_to_its_owner_alone() {
        let sealed = seal(&KEY, "1", b"twenty bytes of seed").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"twenty"));
        assert_eq!(open(&KEY, "1", &sealed).unwrap(), b"twenty bytes of seed");
        assert_eq!(open(&KEY, "2", &sealed), None);
        assert_eq!(open(&[8; 32], "1", &sealed), None);
        assert_eq!(open(&KEY, "1", b"short"), None);
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        assert_ne!(seal(&KEY, "1", b"seed").unwrap(), seal(&KEY, "1", b"seed").unwrap());
    }
}
