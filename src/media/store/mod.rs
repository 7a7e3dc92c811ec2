//! The media store: local files named by their SHA-256.
//!
//! `public/ab/abcd….jpg` may be served to anyone, `originals/ab/…` never leaves the machine, and `incoming/`
//! holds what is still being written. A file appears under its name whole or not at all, is never changed,
//! and its path is made of a digest alone: nothing an uploader typed reaches the disk.
//!
//! Not here: what the bytes are (`probe`), which rows know them (`news::media`).

use std::fmt::{self, Write as _};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tokio::task::spawn_blocking;

use super::Extension;

/// How long an unfinished file may lie in `incoming/` without growing. Another process may be writing there
/// while this one starts, so what is young is left alone.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// This part of the disk stays free of uploads.
const FLOOR: u64 = 20;

/// Large enough that hashing a film is not a matter of system calls.
const COPY_BUFFER: usize = 256 * 1024;

/// The SHA-256 of a stored file, and its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// As the database keeps it; `None` unless there are exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// The text is not 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the SHA-256 of a file")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // One spelling only, so that one file has one address.
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(NotADigest);
        }
        let mut digest = [0; 32];
        hex::decode_to_slice(text, &mut digest).map_err(|_| NotADigest)?;
        Ok(Self(digest))
    }
}

/// The two parts of the store: what may be served, and what never leaves the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Public,
    Originals,
}

impl Area {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Originals => "originals",
        }
    }
}

/// A handle on the folder; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    root: Arc<Path>,
}

impl Store {
    /// Makes the folders where they are missing and sweeps what a killed process left unfinished.
    /// Blocks: call it at start, not in a request.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        for area in [Area::Public, Area::Originals] {
            make_folder(&root.join(area.as_str()), area)?;
        }
        fs::create_dir_all(root.join("incoming"))?;
        let store = Self { root: root.into() };
        store.sweep()?;
        Ok(store)
    }

    /// Keeps bytes that anybody may fetch.
    pub async fn put_public(&self, bytes: impl Into<Bytes>, extension: Extension) -> io::Result<Digest> {
        self.put(Area::Public, bytes.into(), extension).await
    }

    /// Keeps bytes that are never served.
    pub async fn put_original(&self, bytes: impl Into<Bytes>, extension: Extension) -> io::Result<Digest> {
        self.has_room()?;
        self.put(Area::Originals, bytes.into(), extension).await
    }

    /// A new empty file for bytes that arrive in pieces, as a film does.
    pub async fn incoming(&self) -> io::Result<Incoming> {
        self.has_room()?;
        let path = self.unfinished_path()?;
        let file = tokio::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&path).await?;
        Ok(Incoming { file, unfinished: Unfinished(path), bytes: 0 })
    }

    /// Gives an incoming file its public name.
    pub async fn keep_public(&self, incoming: Incoming, extension: Extension) -> io::Result<Digest> {
        let store = self.clone();
        let Incoming { file, unfinished, .. } = incoming;
        let file = file.into_std().await;
        blocking(move || {
            let digest = digest_of_file(&unfinished.0)?;
            store.finish(Area::Public, &file, unfinished, digest, extension)?;
            Ok(digest)
        })
        .await
    }

    /// Where a public file lies if it is there; looks at no disk.
    pub fn public_path(&self, digest: &Digest, extension: Extension) -> PathBuf {
        self.path(Area::Public, digest, extension)
    }

    /// `None` when there is no such file.
    pub async fn read_original(&self, digest: &Digest, extension: Extension) -> io::Result<Option<Vec<u8>>> {
        match tokio::fs::read(self.path(Area::Originals, digest, extension)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The files of one of the 256 folders that have lain there for `age`.
    pub async fn lying(&self, area: Area, folder: u8, age: Duration) -> io::Result<Vec<(Digest, Extension)>> {
        let folder = self.root.join(area.as_str()).join(format!("{folder:02x}"));
        blocking(move || {
            let entries = match fs::read_dir(folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(error),
            };
            let mut found = Vec::new();
            for entry in entries {
                let entry = entry?;
                let old = entry.metadata().and_then(|file| file.modified()).is_ok_and(|changed| {
                    SystemTime::now().duration_since(changed).is_ok_and(|passed| passed >= age)
                });
                let name = entry.file_name();
                let name = name.to_str().and_then(|name| name.split_once('.'));
                if let Some((digest, extension)) = name.filter(|_| old)
                    && let (Ok(digest), Ok(extension)) = (digest.parse(), extension.parse())
                {
                    found.push((digest, extension));
                }
            }
            Ok(found)
        })
        .await
    }

    /// The file, for reading; `None` when there is none. Blocks.
    pub fn file(&self, area: Area, digest: &Digest, extension: Extension) -> io::Result<Option<File>> {
        match File::open(self.path(area, digest, extension)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps what is read under the name it should have; nothing, and `false`, if it is not what the name says. Blocks.
    pub fn adopt(
        &self,
        area: Area,
        digest: &Digest,
        extension: Extension,
        from: &mut dyn io::Read,
    ) -> io::Result<bool> {
        let unfinished = Unfinished(self.unfinished_path()?);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&unfinished.0)?;
        let (mut hasher, mut buffer) = (Sha256::new(), vec![0; COPY_BUFFER]);
        loop {
            let read = from.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            let piece = buffer.get(..read).unwrap_or_default();
            hasher.update(piece);
            file.write_all(piece)?;
        }
        let is_whole = hasher.finalize().as_slice() == digest.as_slice();
        if is_whole {
            self.finish(area, &file, unfinished, *digest, extension)?;
        }
        Ok(is_whole)
    }

    /// Bytes that the disk has left.
    pub fn free(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&*self.root)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    pub async fn has(&self, area: Area, digest: &Digest, extension: Extension) -> io::Result<bool> {
        tokio::fs::try_exists(self.path(area, digest, extension)).await
    }

    /// Takes a file away; it is no matter if there is none.
    pub async fn remove(&self, area: Area, digest: &Digest, extension: Extension) -> io::Result<()> {
        match tokio::fs::remove_file(self.path(area, digest, extension)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Uploads stop before the disk is full: what is left belongs to the sizes of pictures that are there already, and
    /// to whatever shares the disk.
    fn has_room(&self) -> io::Result<()> {
        let disk = rustix::fs::statvfs(&*self.root)?;
        if is_nearly_full(disk.f_bavail, disk.f_blocks) {
            return Err(io::Error::new(
                io::ErrorKind::StorageFull,
                "less than a twentieth of the disk is left",
            ));
        }
        Ok(())
    }

    async fn put(&self, area: Area, bytes: Bytes, extension: Extension) -> io::Result<Digest> {
        let store = self.clone();
        blocking(move || {
            let digest = Digest::of(&bytes);
            let path = store.path(area, &digest, extension);
            if fs::metadata(&path).is_ok_and(|found| found.len() == bytes.len() as u64) {
                // Young again: the sweep leaves alone what a row may be about to name.
                File::options().append(true).open(&path)?.set_modified(SystemTime::now())?;
                return Ok(digest);
            }
            let unfinished = Unfinished(store.unfinished_path()?);
            let mut file = OpenOptions::new().write(true).create_new(true).open(&unfinished.0)?;
            file.write_all(&bytes)?;
            store.finish(area, &file, unfinished, digest, extension)?;
            Ok(digest)
        })
        .await
    }

    /// Bytes, then name, then the folders that hold the name: in this order a power cut loses a file but
    /// never leaves half of one.
    fn finish(
        &self,
        area: Area,
        file: &File,
        unfinished: Unfinished,
        digest: Digest,
        extension: Extension,
    ) -> io::Result<()> {
        let path = self.path(area, &digest, extension);
        let area_folder = self.root.join(area.as_str());
        let folder = path.parent().unwrap_or(&area_folder);
        make_folder(folder, area)?;
        file.sync_all()?;
        fs::rename(&unfinished.0, &path)?;
        unfinished.forget();
        File::open(folder)?.sync_all()?;
        File::open(&area_folder)?.sync_all()
    }

    fn path(&self, area: Area, digest: &Digest, extension: Extension) -> PathBuf {
        let name = digest.to_string();
        let folder = name.get(..2).unwrap_or_default();
        self.root.join(area.as_str()).join(folder).join(format!("{name}.{extension}"))
    }

    fn unfinished_path(&self) -> io::Result<PathBuf> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let mut name = String::with_capacity(32);
        for byte in random {
            let _ = write!(name, "{byte:02x}");
        }
        Ok(self.root.join("incoming").join(name))
    }

    fn sweep(&self) -> io::Result<()> {
        let now = SystemTime::now();
        for entry in fs::read_dir(self.root.join("incoming"))? {
            let entry = entry?;
            // Another process may finish or remove it between these lines; then it is not ours to sweep.
            let Ok(changed) = entry.metadata().and_then(|found| found.modified()) else { continue };
            if now.duration_since(changed).is_ok_and(|age| age > ABANDONED_AFTER) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}

/// A file that is still arriving. Dropped before it is kept, it is gone.
#[derive(Debug)]
pub struct Incoming {
    file: tokio::fs::File,
    unfinished: Unfinished,
    bytes: u64,
}

impl Incoming {
    pub async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.file.write_all(piece).await?;
        self.bytes += piece.len() as u64;
        Ok(())
    }

    /// How much has been written, so that the caller can stop at its limit.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Gives the file a name outside of the store, on the same disk.
    pub async fn keep_at(mut self, path: &Path) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        tokio::fs::rename(&self.unfinished.0, path).await?;
        self.unfinished.forget();
        Ok(())
    }

    /// A second handle for reading and changing the file in place, after all pieces are written.
    pub(super) async fn handle(&mut self) -> io::Result<File> {
        self.file.flush().await?;
        Ok(self.file.try_clone().await?.into_std().await)
    }
}

/// Removes the file on drop unless it was given its name.
#[derive(Debug)]
struct Unfinished(PathBuf);

impl Unfinished {
    fn forget(mut self) {
        self.0 = PathBuf::new();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            // Nothing can be done about a failure here; the next start sweeps.
            let _ = fs::remove_file(&self.0);
        }
    }
}

/// In blocks. A file system that does not say how large it is counts as roomy.
fn is_nearly_full(free: u64, all: u64) -> bool {
    free < all / FLOOR
}

fn make_folder(path: &Path, area: Area) -> io::Result<()> {
    let mode = match area {
        Area::Public => 0o755,
        // Originals may show what the published crop does not.
        Area::Originals => 0o700,
    };
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn digest_of_file(path: &Path) -> io::Result<Digest> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; COPY_BUFFER];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(Digest(hasher.finalize().into()));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
