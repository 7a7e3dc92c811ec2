//! Files read as they come, within bounds: how far one is read, how much of it may be taken at once.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One text, tag or line; no article is larger by far.
pub const MOST_AT_ONCE: usize = 8 * 1024 * 1024;

/// Why a file is not read on.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("The file cannot be read: {0}.")]
    Unread(#[from] io::Error),
    #[error("{0}")]
    Refused(String),
    /// Another file than it is said to be.
    #[error("This is no {0}.")]
    Other(&'static str),
}

impl Broken {
    pub fn refused(reason: impl Into<String>) -> Self {
        Self::Refused(reason.into())
    }
}

/// How far a file is read, for whoever watches.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub read: Arc<AtomicU64>,
    pub all: Arc<AtomicU64>,
}

impl Progress {
    pub fn read(&self) -> i64 {
        i64::try_from(self.read.load(Ordering::Relaxed)).unwrap_or(i64::MAX)
    }

    pub fn all(&self) -> i64 {
        i64::try_from(self.all.load(Ordering::Relaxed)).unwrap_or(i64::MAX)
    }

    pub fn expect(&self, bytes: u64) {
        self.all.store(bytes, Ordering::Relaxed);
    }

    pub fn advance(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// A file that counts what is read of it, and gives at most `MOST_AT_ONCE` bytes until it is told to go on.
pub struct Stream {
    inner: BufReader<Box<dyn Read + Send>>,
    left: usize,
    progress: Progress,
}

impl Stream {
    pub fn open(path: &Path, progress: Progress) -> Result<Self, Broken> {
        let file = File::open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(Broken::refused("This is no file."));
        }
        progress.expect(meta.len());
        Ok(Self::of(Box::new(file), progress))
    }

    pub fn of(inner: Box<dyn Read + Send>, progress: Progress) -> Self {
        Self { inner: BufReader::with_capacity(128 * 1024, inner), left: MOST_AT_ONCE, progress }
    }

    /// The next piece may be as large as one may be.
    pub fn allow(&mut self) {
        self.left = MOST_AT_ONCE;
    }

    /// A whole line without its end, `None` at the end of the file. It has to be text in UTF-8.
    pub fn line(&mut self) -> Result<Option<String>, Broken> {
        self.allow();
        let mut line = Vec::new();
        if self.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            line.pop();
        }
        String::from_utf8(line).map(Some).map_err(|_| {
            Broken::refused("The file is not text in UTF-8. Save it as UTF-8 and send it again.")
        })
    }
}

impl Read for Stream {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(out.len());
        out[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let limit = MOST_AT_ONCE / 1024 / 1024;
            return Err(io::Error::other(format!("one piece of it is longer than {limit} MiB")));
        }
        let available = self.inner.fill_buf()?;
        let length = available.len().min(self.left);
        Ok(&available[..length])
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.left = self.left.saturating_sub(amount);
        self.progress.advance(amount as u64);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_line_is_refused_and_lines_of_any_number_are_not() {
        let long = vec![b'x'; MOST_AT_ONCE + 1];
        let mut stream = Stream::of(Box::new(io::Cursor::new(long)), Progress::default());
        assert!(stream.line().unwrap_err().to_string().contains("longer than 8 MiB"));
        let many = "one line of them\r\n".repeat(1_000_000);
        let mut stream = Stream::of(Box::new(io::Cursor::new(many)), Progress::default());
        let mut count = 0;
        while let Some(line) = stream.line().unwrap() {
            assert_eq!(line, "one line of them");
            count += 1;
        }
        assert_eq!((count, stream.progress.read()), (1_000_000, 18_000_000));
    }

    #[test]
    fn what_is_no_utf8_is_named() {
        let mut stream = Stream::of(Box::new(&b"F\xe4hre\n"[..]), Progress::default());
        assert!(stream.line().unwrap_err().to_string().contains("UTF-8"));
    }
}
