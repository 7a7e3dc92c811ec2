//! One file that holds a site: a backup of everything, or an export of the paper. docs/archive-format.md describes it
//! for whoever writes another program that reads it.
//!
//! `tar` is the container, packed by zstd; `scope` says what goes in; `pack` writes, `unpack` reads and proves, `load`
//! fills a database with it. `db::rows` knows how rows are had and put.

mod load;
mod pack;
pub mod scope;
mod tar;
mod unpack;

pub use load::{Loaded, load};
pub use pack::write;
pub use scope::Kind;
pub use unpack::{Proven, prove};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Of the layout of the file, not of the tables: those are of the migration that the header names.
pub const VERSION: u32 = 1;

const HEADER: &str = "header.json";
const MANIFEST: &str = "manifest.json";
/// A part with rows is closed when it has so much; one row may make it larger.
const PART: usize = 4 * 1024 * 1024;
/// No part with rows, header or manifest is larger: nothing of ours comes near.
const MOST_PART: u64 = 64 * 1024 * 1024;

/// The first part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub format: String,
    pub version: u32,
    /// The migration that the rows are of.
    pub schema: i64,
    pub tables: Vec<String>,
    /// Only of backups: an export of the same site is the same file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
}

/// The last part: what must have come before it. An archive without one was cut short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub tables: BTreeMap<String, Rows>,
    /// By table the last number that was given out.
    pub numbers: BTreeMap<String, i64>,
    pub media: Files,
    /// SHA-256 of all parts: of each its name, a NUL byte, its length as eight bytes (big end first), its bytes.
    pub sha256: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    pub rows: u64,
    pub bytes: u64,
    /// Of all lines, in their order.
    pub sha256: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub files: u64,
    pub bytes: u64,
    /// Files that rows name and that were not there; how many, and the first of them.
    pub missing: u64,
    /// Files that were not what their name says.
    pub damaged: u64,
    pub named: Vec<String>,
}

impl Files {
    /// Enough to look into it.
    const NAMED: usize = 100;

    fn name(&mut self, name: &str) {
        if self.named.len() < Self::NAMED {
            self.named.push(name.to_owned());
        }
    }
}

/// How far it is, for whoever waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    pub rows: u64,
    pub files: u64,
}

/// Hears of progress.
pub type Tell<'a> = &'a mut (dyn FnMut(Progress) + Send);

/// Why an archive is not taken. The database and the media are as they were.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("This is no archive of a Broadsheet.")]
    NotOurs,
    #[error(
        "The archive was made by a newer Broadsheet (schema {schema}; this one knows {known}). Take the newer program."
    )]
    Newer { schema: i64, known: i64 },
    #[error("The archive has layout {version}; this program reads {VERSION}.")]
    Layout { version: u32 },
    #[error("This is a {found}, and a {wanted} is needed here.")]
    OtherKind { found: String, wanted: &'static str },
    #[error("The archive is incomplete or damaged: {0}.")]
    Damaged(String),
    #[error(
        "The database is not empty. With --replace everything in it makes room for what the archive holds."
    )]
    NotEmpty,
    #[error("The database holds tables of another program. Name an empty one.")]
    Foreign,
    #[error("The site runs on this database. Stop it first: it would go on with what it remembers.")]
    InUse,
    #[error("The media need {needed} bytes, and the disk has {free} left.")]
    NoRoom { needed: u64, free: u64 },
    #[error("The table {table} holds what no export of a Broadsheet does: {what}.")]
    Hostile { table: String, what: &'static str },
}

fn damaged(what: impl std::fmt::Display) -> Refused {
    Refused::Damaged(what.to_string())
}
