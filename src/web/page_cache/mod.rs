//! Pages that are drawn once for everybody. A reader who asks for one that is kept costs no more than a file.
//!
//! | what | where |
//! |---|---|
//! | `page(handler)`: a route whose answer may be kept | `draw` |
//! | under what a page is kept, and what it depends on | `address`, `key` |
//! | its bytes, packed; until when it is good; what goes out | `kept`, `encoding`, `answer` |
//! | what is kept, what was purged, and in which order | `ledger` |
//! | one drawing at a time; old pages meanwhile, and while the database is away | `fetch` |
//! | what stands on every page | `common` |
//! | what Postgres says of changes | `watch` |
//! | telling caches outside | `purger` |
//!
//! Nothing here decides what a page shows, and no request decides what is kept: a handler of `page` gets the typed
//! parameters of its address and nothing else. See docs/adr/0033 and 0034.

mod address;
mod answer;
mod common;
mod draw;
mod encoding;
mod fetch;
mod figures;
pub mod key;
mod kept;
mod ledger;
mod purger;
mod routes;
mod watch;

pub use address::Address;
pub use answer::Ready;
pub use common::Common;
pub use draw::{At, FromAddress, ReadAddress, page};
pub use figures::Figures;
pub use key::{Key, Terms};
pub use purger::{HttpPurger, Outbox, Purger};
pub use watch::watch;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, Method, Response, Uri};
use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use self::answer::Source;
use self::encoding::Encoding;
use self::fetch::Flights;
use self::kept::{Kept, Standing};
use self::ledger::{Ledger, Mark};
use self::routes::Routes;
use super::{App, cookie};
use crate::news::article::ArticleId;
use crate::news::moment::Moments;
use crate::news::old_address;

/// Pages that are packed at once; the readers of others get them plain meanwhile.
const PACKERS: usize = 2;

/// Whether changes are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Ear {
    /// Nothing is kept, and what was kept is a spare.
    Deaf,
    Open,
    /// Deaf, and there is no database to ask either: spares are shown.
    Away,
}

/// The pages of this instance.
pub struct PageCache {
    ledger: Ledger,
    flights: Flights,
    ear: AtomicU8,
    /// What the database said of the moments ahead, and after how many purges.
    moments: Mutex<Option<Known>>,
    /// What every page shows, and what was known when it was read.
    common: Mutex<Option<(Arc<Common>, Known)>>,
    /// The words of the query that count, by route.
    routes: Routes,
    packers: Arc<Semaphore>,
    /// Those who wait for a beat of their own.
    beats: Mutex<HashMap<String, oneshot::Sender<()>>>,
    pub figures: Figures,
    /// Milliseconds that its clock is ahead: tests do not wait.
    ahead: AtomicU64,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    moments: Moments,
    /// Before they were asked for.
    asked: Instant,
    mark: Mark,
}

/// What a reader gets of a page that was kept.
pub struct Hit {
    pub response: Response<Bytes>,
    /// Whoever gets it reads this.
    pub counts: Option<ArticleId>,
}

impl PageCache {
    /// With room for so many bytes; with none, every page is drawn when it is asked for.
    pub fn new(room: u64) -> Self {
        Self {
            ledger: Ledger::new(room),
            flights: Flights::default(),
            ear: AtomicU8::new(Ear::Deaf as u8),
            moments: Mutex::default(),
            common: Mutex::default(),
            routes: Routes::default(),
            packers: Arc::new(Semaphore::new(PACKERS)),
            beats: Mutex::default(),
            figures: Figures::default(),
            ahead: AtomicU64::new(0),
        }
    }

    /// The answer to a request, if nothing has to be done for it but to look it up. Reads the address and the few
    /// headers that decide how a page is sent, never which.
    pub fn hit(app: &App, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Hit> {
        let pages = &app.pages;
        if !matches!(*method, Method::GET | Method::HEAD) || cookie::session(&app.site, headers).is_some() {
            return None;
        }
        // An old address, which may lead elsewhere.
        if old_address::is_number(uri.path(), uri.query()) {
            return None;
        }
        let kept = if uri.query().is_some() {
            pages.ledger.find(&pages.routes.address(uri)?)?
        } else {
            pages.ledger.find_plain(uri.path())?
        };
        if kept.body().depends_on(headers) {
            return None;
        }
        let now = pages.now();
        let source = match kept.standing(now, pages.ledger.era()) {
            Standing::Fresh => Source::Hit,
            // Somebody draws it anew; it is not waited for.
            Standing::Passing if kept.is_being_drawn() => Source::Hit,
            Standing::Passing | Standing::Spare if pages.ear() == Ear::Away => Source::Spare,
            _ => return None,
        };
        pages.figures.count(source);
        let encoding = Encoding::wanted(headers);
        let mut response = answer::answer(&kept, headers, encoding, source, now);
        Self::pack_later(app, encoding, &kept);
        if *method == Method::HEAD {
            *response.body_mut() = Bytes::new();
        }
        Some(Hit { response, counts: kept.counts })
    }

    /// Packs a page, in the background, for those who come after this request.
    fn pack_later(app: &App, encoding: Encoding, kept: &Arc<Kept>) {
        if kept.body().wants_packing(encoding) {
            let (app, kept) = (app.clone(), Arc::clone(kept));
            tokio::spawn(async move {
                let Ok(permit) = Arc::clone(&app.pages.packers).acquire_owned().await else { return };
                Self::pack(app, kept, encoding, permit).await;
            });
        }
    }

    /// Packs a page that was just drawn, if that can begin at once.
    async fn pack_now(app: &App, encoding: Encoding, kept: &Arc<Kept>) {
        let Ok(permit) = Arc::clone(&app.pages.packers).try_acquire_owned() else {
            return Self::pack_later(app, encoding, kept);
        };
        if kept.body().wants_packing(encoding) {
            Self::pack(app.clone(), Arc::clone(kept), encoding, permit).await;
        }
    }

    async fn pack(app: App, kept: Arc<Kept>, encoding: Encoding, permit: OwnedSemaphorePermit) {
        // A task that was lost leaves the page as it is: plain.
        let _ = tokio::task::spawn_blocking(move || {
            app.pages.ledger.pack(&kept, encoding);
            drop(permit);
        })
        .await;
    }

    fn now(&self) -> Instant {
        Instant::now() + Duration::from_millis(self.ahead.load(Ordering::Relaxed))
    }

    /// Makes everything that is kept older, for tests.
    pub fn turn_clock(&self, ahead: Duration) {
        let millis = u64::try_from(ahead.as_millis()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(millis, Ordering::Relaxed);
    }

    fn ear(&self) -> Ear {
        match self.ear.load(Ordering::Acquire) {
            1 => Ear::Open,
            2 => Ear::Away,
            _ => Ear::Deaf,
        }
    }

    /// Whether changes are heard, so that pages are kept.
    pub fn is_listening(&self) -> bool {
        self.ear() == Ear::Open
    }

    fn listen(&self, ear: Ear) {
        self.ear.store(ear as u8, Ordering::Release);
    }

    /// How many pages are kept, and what they weigh in bytes.
    pub fn size(&self) -> (u64, u64) {
        self.ledger.size()
    }
}
