//! The pages that are kept, what was dropped lately, and the order of both: a page that was begun before a purge and
//! finished after it must not come in.
//!
//! Two stores share the room. One is for plain addresses, of which there are only as many as pages; the other for
//! addresses with a query, which anybody can make up without end. Whatever is thrown at the second cannot push out the
//! first; within each, what is asked for often stays (TinyLFU).

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use moka::sync::Cache;

use super::address::Address;
use super::encoding::Encoding;
use super::kept::Kept;
use super::key::Key;

/// Purges that are remembered for pages being drawn; older pages are not kept at all.
const REMEMBERED: usize = 4096;
/// A larger page is not kept.
pub const MAX_PAGE: usize = 2 * 1024 * 1024;
/// A quarter of the room is for addresses with a query.
const VARIANTS: u64 = 4;

/// When a page was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub era: u64,
    pub purges: u64,
}

pub struct Ledger {
    room: u64,
    plain: Cache<Arc<str>, Arc<Kept>>,
    variants: Cache<Arc<str>, Arc<Kept>>,
    era: AtomicU64,
    purged: Mutex<Purged>,
}

#[derive(Debug, Default)]
struct Purged {
    /// How many there have been.
    count: u64,
    recent: VecDeque<Box<[Key]>>,
}

impl Ledger {
    /// Room for so many bytes.
    pub fn new(room: u64) -> Self {
        let store = |room| {
            let weigh = |address: &Arc<str>, kept: &Arc<Kept>| {
                u32::try_from(address.len() + kept.weight()).unwrap_or(u32::MAX)
            };
            Cache::builder().max_capacity(room).weigher(weigh).build()
        };
        Self {
            room,
            plain: store(room - room / VARIANTS),
            variants: store(room / VARIANTS),
            era: AtomicU64::new(0),
            purged: Mutex::default(),
        }
    }

    pub fn era(&self) -> u64 {
        self.era.load(Ordering::Acquire)
    }

    pub fn find(&self, address: &Address) -> Option<Arc<Kept>> {
        self.store(address).get(address.as_str())
    }

    /// The page of a path without a query.
    pub fn find_plain(&self, path: &str) -> Option<Arc<Kept>> {
        self.plain.get(path)
    }

    pub fn mark(&self) -> Mark {
        let purged = self.lock();
        Mark { era: self.era(), purges: purged.count }
    }

    /// Keeps a page that was begun at `mark`, unless one of its keys was purged since.
    pub fn keep(&self, kept: &Arc<Kept>, mark: Mark) -> bool {
        let purged = self.lock();
        if self.room == 0
            || mark.era != self.era()
            || purged.since(mark).is_none_or(|mut keys| keys.any(|key| touches(kept, key)))
        {
            return false;
        }
        self.insert(kept);
        true
    }

    /// Whether nothing that carries this key was purged since.
    pub fn is_untouched(&self, since: Mark, key: Key) -> bool {
        let purged = self.lock();
        since.era == self.era()
            && purged.since(since).is_some_and(|mut keys| keys.all(|it| *it != key && *it != Key::All))
    }

    /// Packs a page and weighs it anew. Takes its time: not for the async threads.
    pub fn pack(&self, kept: &Arc<Kept>, encoding: Encoding) {
        kept.body().pack(encoding);
        let _order = self.lock();
        if self.find(&kept.address).is_some_and(|there| Arc::ptr_eq(&there, kept)) {
            self.insert(kept);
        }
    }

    /// Drops every page that carries one of the keys; how many that were.
    pub fn purge(&self, keys: &[Key]) -> usize {
        let mut purged = self.lock();
        purged.count += 1;
        purged.recent.push_back(keys.into());
        if purged.recent.len() > REMEMBERED {
            purged.recent.pop_front();
        }
        self.drop_if(|kept| keys.iter().any(|key| touches(kept, key)))
    }

    /// From now on nothing that is kept is good: a change may have gone unheard.
    pub fn begin_era(&self) {
        let _order = self.lock();
        self.era.fetch_add(1, Ordering::AcqRel);
    }

    /// Drops everything.
    pub fn clear(&self) {
        let _order = self.lock();
        self.era.fetch_add(1, Ordering::AcqRel);
        self.drop_if(|_| true);
    }

    /// Pages, and the bytes they weigh.
    pub fn size(&self) -> (u64, u64) {
        let stores = [&self.plain, &self.variants];
        for store in stores {
            store.run_pending_tasks();
        }
        (
            stores.iter().map(|store| store.entry_count()).sum(),
            stores.iter().map(|store| store.weighted_size()).sum(),
        )
    }

    fn drop_if(&self, is_meant: impl Fn(&Kept) -> bool) -> usize {
        let mut dropped = 0;
        for store in [&self.plain, &self.variants] {
            for (address, _) in store.iter().filter(|(_, kept)| is_meant(kept)) {
                store.invalidate(&**address);
                dropped += 1;
            }
        }
        dropped
    }

    fn insert(&self, kept: &Arc<Kept>) {
        self.store(&kept.address).insert(kept.address.shared(), Arc::clone(kept));
    }

    fn store(&self, address: &Address) -> &Cache<Arc<str>, Arc<Kept>> {
        if address.is_variant() { &self.variants } else { &self.plain }
    }

    fn lock(&self) -> MutexGuard<'_, Purged> {
        self.purged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Purged {
    /// What was purged since; `None` when that is not known any more.
    fn since(&self, mark: Mark) -> Option<impl Iterator<Item = &Key>> {
        let count = usize::try_from(self.count.checked_sub(mark.purges)?).ok()?;
        let skipped = self.recent.len().checked_sub(count)?;
        Some(self.recent.iter().skip(skipped).flatten())
    }
}

fn touches(kept: &Kept, key: &Key) -> bool {
    *key == Key::All || kept.keys.contains(key)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Instant;

    use axum::http::{HeaderMap, Uri};
    use bytes::Bytes;

    use super::super::kept::{Body, Until};
    use super::super::key::Terms;
    use super::*;

    const ROOM: u64 = 1024 * 1024;

    fn page(path: &str, keys: &[Key], bytes: usize) -> Arc<Kept> {
        let address = Address::of(&path.parse::<Uri>().unwrap(), &["q"]).unwrap();
        let body = Arc::new(Body::new(HeaderMap::new(), Bytes::from(vec![b'x'; bytes])));
        let until = Until { made: Instant::now(), change: None, end: None };
        let terms = Terms { keys: keys.to_vec(), ..Terms::default() };
        Arc::new(Kept::new(address, body, &terms, until, 0))
    }

    #[test]
    fn a_page_whose_key_was_purged_while_it_was_drawn_does_not_come_in() {
        let ledger = Ledger::new(ROOM);
        let (article, front) = (page("/article/7/a", &[Key::Article(7)], 10), page("/", &[Key::Front], 10));
        let mark = ledger.mark();
        ledger.purge(&[Key::Article(7)]);
        assert!(!ledger.keep(&article, mark));
        assert!(ledger.find_plain("/article/7/a").is_none());
        assert!(ledger.keep(&front, mark), "another page is not meant");
        assert!(ledger.keep(&article, ledger.mark()), "one begun afterwards is good");
    }

    #[test]
    fn a_page_that_took_longer_than_the_memory_of_purges_does_not_come_in() {
        let ledger = Ledger::new(ROOM);
        let mark = ledger.mark();
        for _ in 0..=REMEMBERED {
            ledger.purge(&[Key::Tag(1)]);
        }
        assert!(!ledger.keep(&page("/", &[Key::Front], 10), mark));
    }

    #[test]
    fn a_page_of_another_era_does_not_come_in() {
        let ledger = Ledger::new(ROOM);
        let mark = ledger.mark();
        ledger.begin_era();
        assert!(!ledger.keep(&page("/", &[Key::Front], 10), mark));
    }

    #[test]
    fn purging_drops_what_carries_the_key_and_nothing_else() {
        let ledger = Ledger::new(ROOM);
        for (path, key) in [("/a", Key::Tag(1)), ("/b", Key::Tag(2)), ("/c?q=1", Key::Tag(1))] {
            assert!(ledger.keep(&page(path, &[key, Key::Layout], 10), ledger.mark()));
        }
        assert_eq!(ledger.purge(&[Key::Tag(1), Key::Author(2)]), 2);
        assert!(ledger.find_plain("/a").is_none() && ledger.find_plain("/b").is_some());
        assert_eq!(ledger.purge(&[Key::All]), 1);
    }

    #[test]
    fn junk_cannot_push_out_pages_and_the_room_is_kept() {
        let ledger = Ledger::new(ROOM);
        let pages: Vec<String> = (0..30).map(|n| format!("/page/{n}")).collect();
        for path in &pages {
            ledger.keep(&page(path, &[Key::Front], 10_000), ledger.mark());
        }
        for junk in 0..10_000 {
            ledger.keep(&page(&format!("/search?q={junk}"), &[Key::SearchIndex], 10_000), ledger.mark());
        }
        let (_, bytes) = ledger.size();
        assert!(bytes <= ROOM, "{bytes}");
        assert!(pages.iter().all(|path| ledger.find_plain(path).is_some()));
    }

    #[test]
    fn a_packed_page_weighs_more() {
        let ledger = Ledger::new(ROOM);
        let kept = page("/", &[Key::Front], 10_000);
        ledger.keep(&kept, ledger.mark());
        let (_, before) = ledger.size();
        ledger.pack(&kept, Encoding::Gzip);
        let (pages, after) = ledger.size();
        assert!(pages == 1 && after > before, "{before} {after}");
    }
}
