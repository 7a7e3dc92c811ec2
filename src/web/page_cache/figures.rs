//! What the cache did since the start, for whoever measures the site.

use std::sync::atomic::{AtomicU64, Ordering};

use super::answer::Source;

#[derive(Debug, Default)]
pub struct Figures {
    hits: AtomicU64,
    spares: AtomicU64,
    drawn: AtomicU64,
    shared: AtomicU64,
    bypassed: AtomicU64,
    purges: AtomicU64,
    losses: AtomicU64,
}

/// At one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub hits: u64,
    /// Shown although they were not good any more, because the database was away.
    pub spares: u64,
    pub drawn: u64,
    /// Waited for somebody else's drawing.
    pub shared: u64,
    pub bypassed: u64,
    pub purges: u64,
    /// How often changes may have gone unheard.
    pub losses: u64,
}

impl Figures {
    pub(super) fn count(&self, source: Source) {
        let counter = match source {
            Source::Hit => &self.hits,
            Source::Spare => &self.spares,
            Source::Drawn { .. } => &self.drawn,
            Source::Shared => &self.shared,
            Source::Bypass => &self.bypassed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_purge(&self) {
        self.purges.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_loss(&self) {
        self.losses.fetch_add(1, Ordering::Relaxed);
    }

    pub fn now(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            hits: read(&self.hits),
            spares: read(&self.spares),
            drawn: read(&self.drawn),
            shared: read(&self.shared),
            bypassed: read(&self.bypassed),
            purges: read(&self.purges),
            losses: read(&self.losses),
        }
    }
}
