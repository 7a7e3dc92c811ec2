//! How many requests were answered, and how, since the start. Pages from memory count with the page cache alone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;

/// Answers by the hundreds of their status: 1xx to 5xx.
#[derive(Debug, Default)]
pub struct Answers {
    by_class: [AtomicU64; 5],
    micros: AtomicU64,
}

impl Answers {
    pub fn count(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(counter) = self.by_class.get(class) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// With what they are called: "2xx".
    pub fn now(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter();
        classes.zip(&self.by_class).map(|(class, counter)| (class, counter.load(Ordering::Relaxed)))
    }

    /// The time that all of them took together.
    pub fn took(&self) -> Duration {
        Duration::from_micros(self.micros.load(Ordering::Relaxed))
    }
}
