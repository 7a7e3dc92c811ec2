//! The gate before heavy work: few pictures in memory at once, none on the async threads.

use std::io::{self, Read as _, Seek as _};
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::drawing;
use super::icons::{self, Icon};
use super::probe::{self, Clean, Film, PICTURE_BYTES, Refused, Words};
use super::renditions::{self, Order, Rendition};
use super::store::Incoming;

/// One decode may take 256 MiB (`probe`), and two keep both a large upload and a small one moving.
const AT_ONCE: usize = 2;

/// Shared by whoever decodes; cheap to clone.
#[derive(Clone, Debug)]
pub struct Workshop {
    gate: Arc<Semaphore>,
}

impl Default for Workshop {
    fn default() -> Self {
        Self { gate: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Workshop {
    /// What an uploaded picture is, cleaned. See `probe::picture`.
    pub async fn picture(&self, bytes: Bytes) -> Result<Clean, Refused> {
        self.work(move || probe::picture(&bytes)).await.ok_or(Refused::Broken)?
    }

    /// The same, with a first copy to show and the words that the file carries: all in one turn, because its pixels
    /// are at hand.
    pub async fn picture_with_first(&self, bytes: Bytes) -> Result<(Clean, Rendition, Words), Refused> {
        let work = move || {
            let (clean, pixels) = probe::picture_and_pixels(&bytes)?;
            Ok((clean, renditions::first(pixels)?, Words::of(&bytes)))
        };
        self.work(work).await.ok_or(Refused::Broken)?
    }

    /// The same for a picture that was written to the store's disk while it arrived, so that of many uploads
    /// at once only those being decoded are in memory. The file is gone afterwards.
    pub async fn picture_in(&self, mut incoming: Incoming) -> Result<Clean, Refused> {
        let mut handle = incoming.handle().await.map_err(|error| unread(&error))?;
        let work = move || {
            let mut bytes = Vec::new();
            handle.rewind().map_err(|error| unread(&error))?;
            handle.take(PICTURE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unread(&error))?;
            probe::picture(&bytes)
        };
        self.work(work).await.ok_or(Refused::Broken)?
    }

    /// What an uploaded film is; its file is cleaned in place. See `probe::film`.
    pub async fn film(&self, mut incoming: Incoming) -> Result<(Film, Incoming), Refused> {
        let mut handle = incoming.handle().await.map_err(|error| unread(&error))?;
        let film = self.work(move || probe::film(&mut handle)).await.ok_or(Refused::Broken)??;
        Ok((film, incoming))
    }

    /// The smaller copies of a cleaned original. See `renditions::make`.
    pub async fn renditions(&self, original: Vec<u8>, order: Order) -> Result<Vec<Rendition>, Refused> {
        self.work(move || renditions::make(&original, &order)).await.ok_or(Refused::Broken)?
    }

    /// The icons of a logo. See `icons::make`.
    pub async fn icons(&self, logo: Vec<u8>) -> Result<Vec<Icon>, Refused> {
        self.work(move || icons::make(&logo)).await.ok_or(Refused::Broken)?
    }

    /// The picture of an article that has none. See `drawing::draw`.
    pub async fn drawing(&self, words: drawing::Words) -> Option<Vec<u8>> {
        self.work(move || drawing::draw(&words)).await.flatten()
    }

    /// `None` when the work panicked: a decoder tripping over a file costs that file and nothing else.
    /// The permit moves into the work, so a caller that goes away does not open the gate too early.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let permit = Arc::clone(&self.gate).acquire_owned().await.ok()?;
        let done = spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.ok()
    }
}

fn unread(error: &io::Error) -> Refused {
    Refused::Unread(error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_third_picture_waits_for_one_of_two() {
        let workshop = Workshop::default();
        let (started, starts) = mpsc::channel();
        let mut held = Vec::new();
        let mut keys = Vec::new();
        for _ in 0..AT_ONCE {
            let (release, released) = mpsc::channel::<()>();
            let (started, workshop) = (started.clone(), workshop.clone());
            keys.push(release);
            held.push(tokio::spawn(async move {
                workshop
                    .work(move || {
                        started.send(()).unwrap();
                        released.recv().unwrap();
                    })
                    .await
            }));
        }
        spawn_blocking(move || starts.iter().take(AT_ONCE).count()).await.unwrap();

        let mut third = Box::pin(workshop.work(|| "done"));
        assert!(third.as_mut().now_or_never().is_none());
        keys[0].send(()).unwrap();
        assert_eq!(third.await, Some("done"));
        keys[1].send(()).unwrap();
        for one in held {
            assert_eq!(one.await.unwrap(), Some(()));
        }
    }

    #[tokio::test]
    async fn work_that_panics_costs_itself_and_no_place() {
        let workshop = Workshop::default();
        for _ in 0..=AT_ONCE {
            assert_eq!(workshop.work(|| panic!("a decoder trips")).await, None);
        }
    }
}
