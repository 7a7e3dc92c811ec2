//! Passwords: the rules for new ones, and Argon2id off the async threads.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// NIST 800-63B-4 asks 15 characters of a single factor.
pub const MIN_CHARS: usize = 15;
/// Beside a second factor.
pub const MIN_CHARS_OF_TWO: usize = 12;
/// Longer ones only cost time.
pub const MAX_CHARS: usize = 128;
/// OWASP's smallest Argon2id setting: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Two hashes at once keep memory and the other cores free for readers.
const AT_ONCE: usize = 2;
/// Who comes later than this many is told to come again.
const QUEUE: usize = 20;
const MAX_WAIT: Duration = Duration::from_secs(2);

/// Why a new password is refused, in words for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("Use at least {0} characters. A sentence of a few words works well.")]
    TooShort(usize),
    #[error("Use at most {MAX_CHARS} characters.")]
    TooLong,
    #[error("This is easy to guess. Add words that have nothing to do with each other.")]
    Guessable,
    #[error("Do not build it from the name of the site or from your own name or e-mail address.")]
    Personal,
}

/// `known` are words an attacker would try first: the site's name, the person's name and address.
pub fn check(password: &str, known: &[&str]) -> Result<(), WeakPassword> {
    check_of(MIN_CHARS, password, known)
}

/// The least that an account needs.
pub fn min_chars(has_second_factor: bool) -> usize {
    if has_second_factor { MIN_CHARS_OF_TWO } else { MIN_CHARS }
}

/// Long enough only because there is a second factor.
pub fn is_short(password: &str) -> bool {
    password.chars().count() < MIN_CHARS
}

/// The same with another least length.
pub fn check_of(min_chars: usize, password: &str, known: &[&str]) -> Result<(), WeakPassword> {
    let chars = password.chars().count();
    if chars < min_chars {
        return Err(WeakPassword::TooShort(min_chars));
    }
    if chars > MAX_CHARS {
        return Err(WeakPassword::TooLong);
    }
    let lower = password.to_lowercase();
    if known.iter().any(|word| word.chars().count() >= 4 && is_mostly(&lower, &word.to_lowercase())) {
        return Err(WeakPassword::Personal);
    }
    if zxcvbn::zxcvbn(password, known).score() < zxcvbn::Score::Three {
        return Err(WeakPassword::Guessable);
    }
    Ok(())
}

/// True when little but `word` is in the password.
fn is_mostly(password: &str, word: &str) -> bool {
    password.replace(word, "").chars().filter(|c| c.is_alphabetic()).count() < 6 && password.contains(word)
}

/// Whether a stored hash was made with less work than is asked today; the login, which alone sees the password,
/// makes it anew.
pub fn is_outdated(stored: &str) -> bool {
    let made_with = PasswordHash::new(stored).ok().and_then(|hash| Params::try_from(&hash).ok());
    made_with.is_some_and(|made_with| {
        made_with.m_cost() < MEMORY_KIB || made_with.t_cost() < PASSES || made_with.p_cost() < LANES
    })
}

/// All instances of hashing go through one of these; clones share their places.
#[derive(Clone)]
pub struct Hasher {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// Too many logins at once, or the machine is stopping.
#[derive(Debug, thiserror::Error)]
#[error("too many passwords are being checked at once")]
pub struct Busy;

impl Default for Hasher {
    fn default() -> Self {
        // Now, or the first unknown address would take twice as long.
        LazyLock::force(&NOBODY);
        Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(AT_ONCE + QUEUE)),
        }
    }
}

impl Hasher {
    pub async fn hash(&self, password: &str) -> anyhow::Result<String> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await?
    }

    /// Compares with the stored hash. Without one (no such account) it works as long on a hash nobody
    /// can match, so that the answer's time tells nothing.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Busy> {
        let password = password.to_owned();
        let stored = stored.map(str::to_owned);
        self.run(move || {
            let is_match = matches(&password, stored.as_deref().unwrap_or(&NOBODY));
            is_match && stored.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let _place = self.waiting.try_acquire().map_err(|_| Busy)?;
        let turn = tokio::time::timeout(MAX_WAIT, Arc::clone(&self.running).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(Busy) };
        // The permit goes along: a request that gives up must not free the place of work that goes on.
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|_| Busy)
    }
}

/// The hash of a password that is thrown away; no account has it.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    super::token::random().ok().and_then(|password| hash(&password).ok()).unwrap_or_default()
});

fn hash(password: &str) -> anyhow::Result<String> {
    let hash =
        argon2().hash_password(password.as_bytes()).map_err(|cause| anyhow::anyhow!("argon2: {cause}"))?;
    Ok(hash.to_string())
}

fn matches(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|parsed| argon2().verify_password(password.as_bytes(), &parsed).is_ok())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_and_no_other() {
        let hasher = Hasher::default();
        let stored = hasher.hash("four plain words here").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(hasher.verify("four plain words here", Some(&stored)).await.unwrap());
        assert!(!hasher.verify("four plain words hers", Some(&stored)).await.unwrap());
        assert!(!hasher.verify("four plain words here", None).await.unwrap());
    }

    #[test]
    fn a_hash_made_with_less_work_is_outdated() {
        let today = hash("four plain words here").unwrap();
        assert!(!is_outdated(&today));
        assert!(is_outdated(&today.replace("m=19456", "m=12288")));
        assert!(is_outdated(&today.replace("t=2", "t=1")));
        assert!(!is_outdated(&today.replace("t=2", "t=3")));
        assert!(!is_outdated("none"));
    }

    #[tokio::test]
    async fn the_twenty_third_at_once_is_told_to_come_again() {
        let hasher = Hasher::default();
        let _all = hasher.waiting.acquire_many(22).await.unwrap();
        assert!(hasher.verify("x", None).await.is_err());
    }

    #[test]
    fn passwords_are_judged_by_length_and_guessability_alone() {
        let known = ["The Daily Lantern", "mira.holt@example.org", "Mira Holt"];
        let table = [
            ("short", Err(WeakPassword::TooShort(15))),
            ("fourteen chars", Err(WeakPassword::TooShort(15))),
            (&"ab".repeat(65), Err(WeakPassword::TooLong)),
            ("aaaaaaaaaaaaaaaaaa", Err(WeakPassword::Guessable)),
            ("passwordpassword", Err(WeakPassword::Guessable)),
            ("123456789012345678", Err(WeakPassword::Guessable)),
            ("the daily lantern 1", Err(WeakPassword::Personal)),
            ("mira.holt@example.org", Err(WeakPassword::Personal)),
            ("kettle marble orchid tram", Ok(())),
            ("кофе над рекой в полдень", Ok(())),
            ("       🐟 🐠 🐡 🦈 🐙 🦀 🐚       ", Ok(())),
        ];
        for (password, verdict) in table {
            assert_eq!(check(password, &known), verdict, "{password}");
        }
    }
}
