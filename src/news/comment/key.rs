//! The two secrets of comments: one names commenters without keeping their address, one signs the time at which a
//! form was shown.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::accounts::{network, secret};
use crate::news::article::ArticleId;

/// Nobody reads an article and answers it within so many seconds.
const QUICKEST: i64 = 3;
/// A copy of a page is not older, wherever it was kept.
const OLDEST: TimeDelta = TimeDelta::hours(24);
/// Digits of the signature: a form that is signed wrongly is held like all others, so nothing hangs on more.
const SIGNED: usize = 32;

pub struct Keys {
    commenter: [u8; 32],
    form: [u8; 32],
}

/// What the time in a form says about whoever sent it. No answer refuses a comment; all but `Sound` hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    Sound,
    /// Sent as soon as the page was made.
    Quick,
    Stale,
    /// No time, or one that we did not sign for this article.
    Unsigned,
}

impl Keys {
    pub async fn load(db: &PgPool) -> anyhow::Result<Self> {
        Ok(Self {
            commenter: secret::named(db, "commenter").await?,
            form: secret::named(db, "comment form").await?,
        })
    }

    /// What is kept of an address, however its capitals are typed.
    pub fn commenter(&self, email: &str) -> Vec<u8> {
        network::keyed(&self.commenter, email.trim().to_lowercase().as_bytes()).to_vec()
    }

    /// The time of now for a form below this article, the same for everybody who gets this copy of the page.
    pub fn stamp(&self, article: ArticleId, now: DateTime<Utc>) -> String {
        self.signed(article, now.timestamp())
    }

    pub fn age(&self, article: ArticleId, stamp: &str, now: DateTime<Utc>) -> Age {
        let shown = stamp.split_once('.').and_then(|(seconds, _)| seconds.parse::<i64>().ok());
        let Some(shown) = shown.filter(|shown| self.signed(article, *shown) == stamp) else {
            return Age::Unsigned;
        };
        let age = now.timestamp().saturating_sub(shown);
        // A second of another instance's clock is forgiven, a future is not.
        match age {
            ..QUICKEST => Age::Quick,
            age if age > OLDEST.num_seconds() => Age::Stale,
            _ => Age::Sound,
        }
    }

    fn signed(&self, article: ArticleId, seconds: i64) -> String {
        let mac = network::keyed(&self.form, format!("{article} {seconds}").as_bytes());
        format!("{seconds}.{}", &hex::encode(mac)[..SIGNED])
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

#[cfg(test)]
mod tests {
    use super::Age::{Quick, Sound, Stale};
    use super::*;

    const KEYS: Keys = Keys { commenter: [1; 32], form: [2; 32] };
    const ARTICLE: ArticleId = ArticleId(7);

    fn after(seconds: i64) -> Age {
        let shown = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        KEYS.age(ARTICLE, &KEYS.stamp(ARTICLE, shown), shown + TimeDelta::seconds(seconds))
    }

    #[test]
    fn a_form_is_good_from_three_seconds_to_a_day() {
        let ages = [-10, 0, 2, 3, 60, 86_400, 86_401].map(after);
        assert_eq!(ages, [Quick, Quick, Quick, Sound, Sound, Sound, Stale]);
    }

    #[test]
    fn a_time_is_believed_only_for_the_article_that_it_was_signed_for() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let stamp = KEYS.stamp(ARTICLE, now - TimeDelta::minutes(5));
        assert_eq!(KEYS.age(ARTICLE, &stamp, now), Sound);
        assert_eq!(KEYS.age(ArticleId(8), &stamp, now), Age::Unsigned);
        for forged in ["", ".", "1", "1.", &stamp.replace('.', "0."), &stamp[..20]] {
            assert_eq!(KEYS.age(ARTICLE, forged, now), Age::Unsigned, "{forged}");
        }
    }

    #[test]
    fn an_address_is_one_commenter_however_it_is_typed() {
        assert_eq!(KEYS.commenter(" Reader@Example.org"), KEYS.commenter("reader@example.org"));
        assert_ne!(KEYS.commenter("reader@example.org"), KEYS.commenter("other@example.org"));
    }
}
