//! Filling a database and a media folder from an archive: all of it, or nothing. The archive is proven first, from its
//! first byte to its last; then a thread reads it again, writes the media (files under their digests, which nothing
//! names yet) and hands the rows to one transaction.
//!
//! Rows of an export may come from anybody: bodies go through the cleaner, and nobody gets an account by it.

use std::fs::File;
use std::io::{self, Read};

use serde_json::{Map, Value, json};
use sqlx::PgPool;
use tokio::sync::mpsc::{Sender, channel};

use super::unpack::{self, Parts, Proven};
use super::{Kind, Progress, Refused, Tell};
use crate::db::migrations;
use crate::db::rows::{self, Filler, Filling};
use crate::media::store::Area;
use crate::media::{Digest, Extension, Store};
use crate::news::media::files;
use crate::text::CleanHtml;

/// Parts that wait for the database.
const WAITING: usize = 2;

/// What was filled in.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub proven: Proven,
    pub rows: u64,
}

/// Columns with addresses that pages link to, one a line.
const ADDRESSES: [&str; 3] = ["address", "film_url", "links"];

pub async fn load(
    pool: &PgPool,
    store: &Store,
    kind: Kind,
    mut file: File,
    replace: bool,
    tell: Tell<'_>,
) -> anyhow::Result<Loaded> {
    let filling = rows::filling(&mut *pool.acquire().await?).await?;
    match filling {
        Filling::Foreign => return Err(Refused::Foreign.into()),
        Filling::Site if !replace => return Err(Refused::NotEmpty.into()),
        _ => (),
    }
    let (file, proven) = tokio::task::spawn_blocking(move || {
        let proven = unpack::prove(&mut file)?;
        anyhow::Ok((file, proven))
    })
    .await??;
    if proven.kind != kind {
        let found = proven.header.format.clone();
        return Err(Refused::OtherKind { found, wanted: kind.format() }.into());
    }
    if let Some(table) = proven.header.tables.iter().find(|table| kind.selection(table).is_none()) {
        let what = "it is none of those that an export has";
        return Err(Refused::Hostile { table: table.clone(), what }.into());
    }
    let (needed, free) = (proven.manifest.media.bytes, store.free()?);
    if needed > free {
        return Err(Refused::NoRoom { needed, free }.into());
    }
    let rows = fill(pool, store, &proven, file, tell).await?;
    migrations::migrate(pool).await?;
    rows::analyze(pool).await?;
    Ok(Loaded { proven, rows })
}

async fn fill(
    pool: &PgPool,
    store: &Store,
    proven: &Proven,
    mut file: File,
    tell: Tell<'_>,
) -> anyhow::Result<u64> {
    let (send, mut parts) = channel(WAITING);
    let mut feeder = Feeder { store: store.clone(), kind: proven.kind, send };
    let thread = tokio::task::spawn_blocking(move || unpack::read(&mut file, &mut feeder));

    let mut filler = Filler::begin(pool, proven.header.schema).await?;
    let known = rows::tables(filler.connection()).await?;
    for table in &proven.header.tables {
        if !known.contains(table) {
            return Err(super::damaged(format!("there is no table {table}")).into());
        }
        filler.empty(table).await?;
    }
    let mut progress = Progress::default();
    while let Some(part) = parts.recv().await {
        match part {
            Fed::Rows(table, lines) => {
                let without = left_to_defaults(proven.kind, &table);
                progress.rows += u64::try_from(filler.take(&table, &without, &lines).await?)?;
            }
            Fed::Medium => progress.files += 1,
        }
        tell(progress);
    }
    // The same bytes as when they were proven, or nothing of it is kept.
    let again = thread.await??;
    if again.manifest != proven.manifest {
        return Err(super::damaged("it changed while it was read").into());
    }
    for (table, last) in &proven.manifest.numbers {
        filler.number(table, *last).await?;
    }
    files::ask_for_renditions(filler.connection()).await?;
    filler.finish().await?;
    Ok(progress.rows)
}

enum Fed {
    Rows(String, Vec<u8>),
    Medium,
}

struct Feeder {
    store: Store,
    kind: Kind,
    send: Sender<Fed>,
}

impl Feeder {
    fn give(&self, fed: Fed) -> anyhow::Result<()> {
        self.send.blocking_send(fed).map_err(|_| anyhow::anyhow!("The database takes no rows any more."))
    }
}

impl Parts for Feeder {
    fn rows(&mut self, table: &str, mut lines: Vec<u8>) -> anyhow::Result<()> {
        if self.kind == Kind::Export {
            lines = admitted(table, &lines)?;
        }
        self.give(Fed::Rows(table.to_owned(), lines))
    }

    fn medium(
        &mut self,
        area: Area,
        digest: Digest,
        extension: Extension,
        from: &mut dyn Read,
    ) -> anyhow::Result<bool> {
        let is_whole = self.store.adopt(area, &digest, extension, from)?;
        io::copy(from, &mut io::sink())?;
        self.give(Fed::Medium)?;
        Ok(is_whole)
    }
}

/// Columns that an export does not have: a new row has its defaults there, unless `admitted` gives it something.
fn left_to_defaults(kind: Kind, table: &str) -> Vec<&'static str> {
    let given: &[&str] =
        if table == "users" { &["email", "role", "password_hash", "disabled_at"] } else { &[] };
    let left = match kind {
        Kind::Backup => &[],
        Kind::Export => super::scope::left_out(table),
    };
    left.iter().filter(|column| !given.contains(column)).copied().collect()
}

/// Rows of an export as they may come in.
fn admitted(table: &str, lines: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(lines.len());
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut row: Map<String, Value> = serde_json::from_slice(line).map_err(super::damaged)?;
        admit(table, &mut row)?;
        serde_json::to_writer(&mut out, &row)?;
        out.push(b'\n');
    }
    Ok(out)
}

fn admit(table: &str, row: &mut Map<String, Value>) -> anyhow::Result<()> {
    if let Some(Value::String(body)) = row.get_mut("body_html") {
        let hostile = |_| Refused::Hostile { table: table.to_owned(), what: "a body beyond all limits" };
        *body = CleanHtml::clean(body).map_err(hostile)?.to_string();
    }
    for column in ADDRESSES {
        let Some(Value::String(text)) = row.get(column) else { continue };
        if text.lines().any(|line| !is_address(line)) {
            let what = "an address that is none of the web";
            return Err(Refused::Hostile { table: table.to_owned(), what }.into());
        }
    }
    if table == "users" {
        // A name that stands beside what it wrote, and nobody who could log in.
        let id = row.get("id").cloned().unwrap_or_default();
        row.insert("email".to_owned(), json!(format!("{id}@nobody.invalid")));
        row.insert("role".to_owned(), json!("author"));
        row.insert("password_hash".to_owned(), json!("none"));
        row.insert("disabled_at".to_owned(), row.get("created_at").cloned().unwrap_or_default());
    }
    Ok(())
}

fn is_address(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.starts_with("https://")
        || line.starts_with("http://")
        || (line.starts_with('/') && !line.starts_with("//"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn row(table: &str, text: &str) -> anyhow::Result<String> {
        Ok(String::from_utf8(admitted(table, text.as_bytes())?)?)
    }

    #[test]
    fn bodies_go_through_the_cleaner() {
        let hostile = r#"{"body_html":"<p onclick=\"x()\">A</p><script>x()</script>","id":1}"#;
        assert_eq!(row("articles", hostile).unwrap(), "{\"body_html\":\"<p>A</p>\",\"id\":1}\n");
    }

    #[test]
    fn nobody_gets_an_account() {
        let admin =
            r#"{"id":7,"name":"M","role":"admin","email":"a@b.c","created_at":"2026-01-01T00:00:00+00:00"}"#;
        let admitted: Value = serde_json::from_str(&row("users", admin).unwrap()).unwrap();
        assert_eq!(admitted["role"], "author");
        assert_eq!(admitted["email"], "7@nobody.invalid");
        assert_eq!(admitted["disabled_at"], admitted["created_at"]);
    }

    #[test]
    fn addresses_of_scripts_are_refused() {
        assert!(row("topic_links", r#"{"address":"javascript:x()"}"#).is_err());
        assert!(row("authors", "{\"links\":\"https://a.example\\njavascript:x()\"}").is_err());
        assert!(row("banners", r#"{"address":"/focus"}"#).is_ok());
        assert!(row("banners", r#"{"address":"//elsewhere.example"}"#).is_err());
    }
}
