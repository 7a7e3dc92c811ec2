//! A line in the terminal that says how far something is. Where nobody looks (a pipe, a timer), nothing is written.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Often enough to be seen moving.
const STEP: Duration = Duration::from_millis(200);

pub(super) struct Line {
    words: (&'static str, &'static str),
    shown: Option<Instant>,
    is_seen: bool,
}

impl Line {
    pub fn new(first: &'static str, second: &'static str) -> Self {
        Self { words: (first, second), shown: None, is_seen: std::io::stderr().is_terminal() }
    }

    pub fn show(&mut self, first: u64, second: u64) {
        if self.is_seen && self.shown.is_none_or(|shown| shown.elapsed() >= STEP) {
            self.shown = Some(Instant::now());
            let (one, other) = self.words;
            // A terminal that is gone is no reason to stop.
            let _ = write!(std::io::stderr(), "\r{first} {one}, {second} {other} ");
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
