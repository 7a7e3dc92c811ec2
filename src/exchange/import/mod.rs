//! Imports: what another program wrote, read a thing at a time, and written by the rules of `news`.
//!
//! | what | file |
//! |---|---|
//! | the one stream that all readers make | `item` |
//! | readers: a file each | `wxr`, `ghost`, `rss`, `ninjs`, `markdown`, `jsonl` |
//! | what they stand on: bounds, XML, bodies | `stream`, `xml`, `body`, `shortcodes`, `embeds` |
//! | what the desk uploads | `upload` |
//! | checked and cleaned | `ready` |
//! | written, in batches | `write` |
//! | pictures and links put in at the end | `finish`, `pictures` |
//!
//! A run goes through its file once; it can be killed at any point and goes on behind the last batch. First the words,
//! then the pictures and the links, for a body may name what comes later in the file.

mod body;
mod embeds;
mod finish;
mod folder;
mod ghost;
pub mod item;
mod json;
mod jsonl;
mod lexical;
mod markdown;
mod ninjs;
mod pictures;
mod ready;
mod rss;
mod shortcodes;
mod stream;
pub mod upload;
mod write;
mod wxr;
mod xml;

pub use stream::{Broken, Progress};

use std::path::{Path, PathBuf};

use anyhow::Context;
use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use self::item::Item;
use self::ready::Ready;
use self::stream::Stream;
use self::write::Writer;
use crate::news::audit;
use crate::news::import::ImportId;
use crate::news::import::run::{self, Run};
use crate::outbound::Ask;
use crate::web::App;

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Wxr,
    Ghost,
    Rss,
    Ninjs,
    Markdown,
    Jsonl,
}

impl Kind {
    pub const ALL: [Self; 6] = [Self::Wxr, Self::Ghost, Self::Rss, Self::Ninjs, Self::Markdown, Self::Jsonl];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wxr => "wxr",
            Self::Ghost => "ghost",
            Self::Rss => "rss",
            Self::Ninjs => "ninjs",
            Self::Markdown => "markdown",
            Self::Jsonl => "jsonl",
        }
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wxr => "WordPress: its export (WXR, .xml)",
            Self::Ghost => "Ghost: its export (.json)",
            Self::Rss => "A feed in RSS or Atom",
            Self::Ninjs => "An agency's ninjs (.json)",
            Self::Markdown => "Markdown of Hugo, Jekyll and their like",
            Self::Jsonl => "Lines of JSON (.jsonl)",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What whoever asks for an import can choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Options {
    /// Where things go that say nothing of a section.
    pub section: String,
    /// A folder in which the files of the old site lie.
    pub media: Option<PathBuf>,
    /// Pictures are left where they are.
    pub without_pictures: bool,
    /// The address that the site had, where the export does not say it.
    pub site: String,
    /// A name for where it comes from, under which it is known again.
    pub source: String,
}

/// A file, a thing at a time.
pub trait Source: Send {
    fn next(&mut self) -> Result<Option<Item>, Broken>;
}

/// How a run came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Done,
    Cancelled,
    /// The run says why.
    Failed,
    /// Somebody else is at it, or it was over.
    NotTaken,
}

/// What is larger is sent as a file.
const FETCHED_BYTES: usize = 64 * 1024 * 1024;

/// Where what was named lies on the disk: an address is fetched first.
pub async fn place(app: &App, from: &str, kind: Kind) -> anyhow::Result<PathBuf> {
    if !from.starts_with("https://") && !from.starts_with("http://") {
        return std::fs::canonicalize(from).with_context(|| format!("{from} is not there."));
    }
    let ask = Ask {
        method: Method::GET,
        url: from.to_owned(),
        content_type: None,
        body: Bytes::new(),
        limit: FETCHED_BYTES,
    };
    let answer = app.outbound.send(ask).await.with_context(|| format!("{from} was asked, and"))?;
    if answer.status != StatusCode::OK {
        anyhow::bail!("{from} answers {}.", answer.status.as_u16());
    }
    let folder = app.config.data.join("imports");
    tokio::fs::create_dir_all(&folder).await?;
    let name = hex::encode(&Sha256::digest(from.as_bytes())[..12]);
    let path = folder.join(format!("fetched-{name}.{}", kind.as_str()));
    tokio::fs::write(&path, &answer.body).await?;
    Ok(path)
}

/// Things on their way from the reader to the writer.
const WAITING: usize = 64;
/// A batch is written when it holds so many things, or so much text.
const BATCH: usize = 200;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Does a run to its end, or to where it is cancelled. `file` is what lies on the disk; an error is a fault of ours or
/// of the database, and the run can be gone on with.
pub async fn run(app: &App, id: ImportId, file: &Path, progress: Progress) -> anyhow::Result<End> {
    if !run::take(&app.db, id).await? {
        return Ok(End::NotTaken);
    }
    let outcome = work(app, id, file, progress).await;
    if outcome.is_err() {
        run::release(&app.db, id).await?;
    }
    outcome
}

async fn work(app: &App, id: ImportId, file: &Path, progress: Progress) -> anyhow::Result<End> {
    let this = run::by_id(&app.db, id).await?.context("an import that is not there")?;
    let mut options: Options = serde_json::from_value(this.options.clone())?;
    let kind = Kind::parse(&this.kind).context("an import of an unknown kind")?;
    // The pictures of a folder lie in it.
    if options.media.is_none() && file.is_dir() {
        options.media = Some(file.to_owned());
    }
    let mut writer = Writer::new(app, &this, options.clone());
    let (sender, receiver) = mpsc::channel(WAITING);
    let (zone, path, done, watch) = (app.site.timezone, file.to_owned(), this.done, progress.clone());
    let site = options.site.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let outcome =
            open(kind, &path, zone, &site, watch).and_then(|mut source| read(&mut *source, done, &sender));
        outcome.map_err(|broken| broken.to_string())
    });
    let cancelled = !write_all(&mut writer, receiver, &progress).await?;
    let broken = reader.await?.err();
    if cancelled {
        return Ok(End::Cancelled);
    }
    if broken.is_none() && !this.dry && !finish::all(app, id, &options, &writer.source()).await? {
        return Ok(End::Cancelled);
    }
    let mut tx = app.db.begin().await?;
    run::end(&mut tx, id, broken.as_deref()).await?;
    if let Some(run) = run::by_id(&mut *tx, id).await? {
        audit::record(&mut tx, &run.actor(), "import", "import", Some(id.0), facts(&run)).await?;
    }
    tx.commit().await?;
    Ok(if broken.is_some() { End::Failed } else { End::Done })
}

fn facts(run: &Run) -> serde_json::Value {
    json!({
        "from": run.name,
        "kind": run.kind,
        "dry run": run.dry,
        "imported": run.imported,
        "updated": run.updated,
        "unchanged": run.unchanged,
        "skipped": run.skipped,
        "refused": run.refused,
        "failed": (!run.failed.is_empty()).then_some(&run.failed),
    })
}

/// `false`: it was cancelled. What came before the file broke is written.
async fn write_all(
    writer: &mut Writer<'_>,
    mut receiver: mpsc::Receiver<Ready>,
    progress: &Progress,
) -> anyhow::Result<bool> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while let Some(ready) = receiver.recv().await {
        if let Ready::Article(article) = &ready {
            bytes += article.body_source.len() + article.comments.len() * 500;
        }
        batch.push(ready);
        if batch.len() >= BATCH || bytes >= BATCH_BYTES {
            if !writer.write(std::mem::take(&mut batch), progress).await? {
                return Ok(false);
            }
            bytes = 0;
        }
    }
    writer.write(batch, progress).await
}

/// On a thread of its own: everything of the file behind what is done.
fn read(source: &mut dyn Source, done: i64, sender: &mpsc::Sender<Ready>) -> Result<(), Broken> {
    let mut site = String::new();
    let mut number = 0;
    while let Some(item) = source.next()? {
        if let Item::Site(one) = &item {
            site.clone_from(&one.address);
        } else {
            number += 1;
            if number <= done {
                continue;
            }
        }
        // Nobody listens any more: it was cancelled.
        if sender.blocking_send(ready::ready(item, &site)).is_err() {
            break;
        }
    }
    Ok(())
}

fn open(
    kind: Kind,
    path: &Path,
    zone: chrono_tz::Tz,
    site: &str,
    progress: Progress,
) -> Result<Box<dyn Source>, Broken> {
    Ok(match kind {
        Kind::Wxr => Box::new(wxr::Wxr::new(Stream::open(path, progress)?, zone)),
        Kind::Ghost => Box::new(ghost::Ghost::new(path, site, progress)),
        Kind::Rss => Box::new(rss::Rss::new(Stream::open(path, progress)?)),
        Kind::Ninjs => Box::new(ninjs::Ninjs::new(path, progress)?),
        Kind::Markdown => Box::new(markdown::Markdown::new(path, zone, progress)?),
        Kind::Jsonl => Box::new(jsonl::Jsonl::new(Stream::open(path, progress)?)),
    })
}

/// The words of a piece of HTML, in one line.
fn plain(html: &str) -> String {
    lines(html).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a piece of HTML, a line for each block: of comments and standfirsts.
fn lines(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return html.trim().to_owned();
    }
    // A tag of a block ends a line, any other nothing; what is no tag is text.
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        let begins = tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let Some(end) = tag.find('>').filter(|end| begins && *end < 4096) else {
            text.push('<');
            rest = tag;
            continue;
        };
        let name = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric);
        match name.collect::<String>().to_ascii_lowercase().as_str() {
            "br" | "li" | "tr" => text.push('\n'),
            "p" | "div" | "blockquote" | "h1" | "h2" | "h3" => text.push_str("\n\n"),
            _ => {}
        }
        rest = &tag[end + 1..];
    }
    text.push_str(rest);
    let text = unescaped(&text);
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.as_bytes().iter().take(12).position(|byte| *byte == b';');
        let letter = end.and_then(|end| entity(&rest[1..end]));
        out.push(letter.unwrap_or('&'));
        rest = &rest[end.filter(|_| letter.is_some()).map_or(1, |end| end + 1)..];
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        _ => return None,
    })
}
