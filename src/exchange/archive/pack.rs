//! Writing an archive: a thread packs and writes, while the rows of one moment of the database come to it. However
//! large the site is, a few parts are in memory. The file has its name once it is whole and on the disk.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use bytes::Bytes;
use futures_util::TryStreamExt;
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use tokio::sync::mpsc::{Sender, channel};

use super::{Files, HEADER, Header, Kind, MANIFEST, Manifest, PART, Progress, Rows, Tell, VERSION, tar};
use crate::db::rows;
use crate::media::store::Area;
use crate::media::{Digest, Extension, Store};
use crate::news::media::files;

/// Text becomes a fifth; pictures are packed already, and cost little.
const LEVEL: i32 = 6;
/// Parts that wait for the thread.
const WAITING: usize = 2;

enum Part {
    Bytes(String, Vec<u8>),
    Medium(Area, Digest, Extension),
    /// Nothing follows but what closes the archive.
    End(BTreeMap<String, Rows>, BTreeMap<String, i64>),
}

/// Writes the archive, over a file of that name if there is one. The site may run meanwhile.
pub async fn write(
    pool: &PgPool,
    store: &Store,
    kind: Kind,
    file: &Path,
    tell: Tell<'_>,
) -> anyhow::Result<Manifest> {
    let unfinished = Unfinished::create(file)?;
    let (send, mut parts) = channel(WAITING);
    let media = store.clone();
    let thread = tokio::task::spawn_blocking(move || {
        let mut writer = Writer::new(unfinished)?;
        loop {
            match parts.blocking_recv() {
                Some(Part::Bytes(name, bytes)) => writer.part(&name, &bytes)?,
                Some(Part::Medium(area, digest, extension)) => {
                    writer.medium(&media, area, digest, extension)?;
                }
                Some(Part::End(tables, numbers)) => return writer.finish(tables, numbers),
                None => anyhow::bail!("The archive was given up."),
            }
        }
    });
    let gathered = gather(pool, kind, &send, tell).await;
    drop(send);
    let written = thread.await?;
    match (gathered, written) {
        // The thread knows better why nobody takes parts any more.
        (Err(error), Ok(_)) => Err(error),
        (Err(error), Err(_)) if !error.is::<GivenUp>() => Err(error),
        (_, written) => written.with_context(|| format!("{} cannot be written.", file.display())),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("nobody writes any more")]
struct GivenUp;

async fn give(send: &Sender<Part>, part: Part) -> anyhow::Result<()> {
    Ok(send.send(part).await.map_err(|_| GivenUp)?)
}

async fn gather(pool: &PgPool, kind: Kind, send: &Sender<Part>, tell: Tell<'_>) -> anyhow::Result<()> {
    let mut tx = rows::snapshot(pool).await?;
    let all = rows::tables(&mut tx).await?;
    let tables: Vec<String> = all.into_iter().filter(|table| kind.selection(table).is_some()).collect();
    let is_backup = kind == Kind::Backup;
    let header = Header {
        format: kind.format().to_owned(),
        version: VERSION,
        schema: rows::version(&mut tx).await?,
        tables: tables.clone(),
        made_at: is_backup.then(|| chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        program: is_backup.then(|| env!("CARGO_PKG_VERSION").to_owned()),
    };
    give(send, Part::Bytes(HEADER.to_owned(), serde_json::to_vec_pretty(&header)?)).await?;

    let mut progress = Progress::default();
    let mut counted = BTreeMap::new();
    for table in &tables {
        let Some(selection) = kind.selection(table) else { continue };
        let mut lines = rows::out(&mut tx, selection).await?;
        let (mut hash, mut count, mut bytes, mut number) = (Sha256::new(), 0, 0, 0);
        let mut part: Vec<u8> = Vec::new();
        loop {
            let line: Option<Bytes> = lines.try_next().await?;
            if let Some(line) = &line {
                hash.update(line);
                bytes += line.len() as u64;
                count += 1;
                part.extend_from_slice(line);
            }
            if part.len() >= PART || (line.is_none() && !part.is_empty()) {
                number += 1;
                let name = format!("rows/{table}/{number:06}.ndjson");
                give(send, Part::Bytes(name, std::mem::take(&mut part))).await?;
                tell(Progress { rows: progress.rows + count, ..progress });
            }
            if line.is_none() {
                break;
            }
        }
        progress.rows += count;
        counted.insert(table.clone(), Rows { rows: count, bytes, sha256: hex::encode(hash.finalize()) });
    }

    let numbers = rows::numbers(&mut tx).await?;
    let numbers = numbers.into_iter().filter(|(table, _)| tables.contains(table)).collect();
    {
        let mut named = files::all(&mut *tx);
        while let Some(file) = named.try_next().await? {
            let (Some(digest), Ok(extension)) = (Digest::from_slice(&file.sha256), file.extension.parse())
            else {
                continue;
            };
            let area = if file.original { Area::Originals } else { Area::Public };
            give(send, Part::Medium(area, digest, extension)).await?;
            progress.files += 1;
            tell(progress);
        }
    }
    tx.rollback().await?;
    give(send, Part::End(counted, numbers)).await
}

/// A file beside the one that is to be, gone unless it is given that name.
struct Unfinished {
    path: PathBuf,
    name: PathBuf,
    file: Option<File>,
}

impl Unfinished {
    fn create(name: &Path) -> anyhow::Result<Self> {
        let mut path = name.as_os_str().to_owned();
        path.push(format!(".{}.part", std::process::id()));
        let path = PathBuf::from(path);
        // Nobody else may read it: a backup holds what the database holds.
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = file.with_context(|| format!("{} cannot be written.", name.display()))?;
        Ok(Self { path, name: name.to_owned(), file: Some(file) })
    }

    fn keep(mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.sync_all()?;
        }
        fs::rename(&self.path, &self.name)?;
        self.path = PathBuf::new();
        let folder = self.name.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

struct Writer {
    unfinished: Unfinished,
    out: zstd::Encoder<'static, BufWriter<File>>,
    hash: Sha256,
    media: Files,
}

impl Writer {
    fn new(unfinished: Unfinished) -> anyhow::Result<Self> {
        let file = unfinished.file.as_ref().context("no file")?.try_clone()?;
        let mut out = zstd::Encoder::new(BufWriter::new(file), LEVEL)?;
        out.include_checksum(true)?;
        Ok(Self { unfinished, out, hash: Sha256::new(), media: Files::default() })
    }

    fn head(&mut self, name: &str, bytes: u64) -> io::Result<()> {
        self.hash.update(name.as_bytes());
        self.hash.update([0]);
        self.hash.update(bytes.to_be_bytes());
        tar::write_head(&mut self.out, name, bytes)
    }

    fn part(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.head(name, bytes.len() as u64)?;
        self.hash.update(bytes);
        self.out.write_all(bytes)?;
        tar::pad(&mut self.out, bytes.len() as u64)
    }

    fn medium(
        &mut self,
        store: &Store,
        area: Area,
        digest: Digest,
        extension: Extension,
    ) -> anyhow::Result<()> {
        let name = format!("media/{}/{digest}.{extension}", area.as_str());
        let Some(mut file) = store.file(area, &digest, extension)? else {
            self.media.missing += 1;
            self.media.name(&name);
            return Ok(());
        };
        let bytes = file.metadata()?.len();
        self.head(&name, bytes)?;
        let (mut own, mut left, mut buffer) = (Sha256::new(), bytes, vec![0; 256 * 1024]);
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let read = file.read(&mut buffer[..most])?;
            anyhow::ensure!(read > 0, "{name} became shorter while it was read");
            let piece = &buffer[..read];
            own.update(piece);
            self.hash.update(piece);
            self.out.write_all(piece)?;
            left -= read as u64;
        }
        tar::pad(&mut self.out, bytes)?;
        self.media.files += 1;
        self.media.bytes += bytes;
        if own.finalize().as_slice() != digest.as_slice() {
            self.media.damaged += 1;
            self.media.name(&name);
        }
        Ok(())
    }

    fn finish(
        mut self,
        tables: BTreeMap<String, Rows>,
        numbers: BTreeMap<String, i64>,
    ) -> anyhow::Result<Manifest> {
        let sha256 = hex::encode(self.hash.clone().finalize());
        let manifest = Manifest { tables, numbers, media: std::mem::take(&mut self.media), sha256 };
        self.part(MANIFEST, &serde_json::to_vec_pretty(&manifest)?)?;
        tar::write_end(&mut self.out)?;
        self.out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.unfinished.keep()?;
        Ok(manifest)
    }
}
