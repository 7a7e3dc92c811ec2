//! Random tokens: handed out once as text, stored only as their SHA-256.

use sha2::{Digest, Sha256};

/// 256 bits cannot be guessed, so the stored hash needs no salt and no slow function.
const BYTES: usize = 32;

/// A fresh token as 64 hex digits, straight from the operating system.
pub fn random() -> anyhow::Result<String> {
    Ok(hex::encode(bytes()?))
}

pub fn bytes() -> anyhow::Result<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|cause| anyhow::anyhow!("no randomness: {cause}"))?;
    Ok(bytes)
}

/// What the database keeps of a token.
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_long_and_never_the_same() {
        let (one, two) = (random().unwrap(), random().unwrap());
        assert_eq!(one.len(), 64);
        assert_ne!(one, two);
        assert_ne!(digest(&one), one.as_bytes());
    }
}
