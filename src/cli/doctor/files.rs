//! Pictures and films: those that rows name and that are not there or not what they were, and those that nothing names.

use std::io::{self, Read};
use std::time::Duration;

use futures_util::TryStreamExt;
use sha2::{Digest as _, Sha256};

use super::{Finding, Manner, Severity};
use crate::jobs::sweep_media;
use crate::media::store::Area;
use crate::media::{Digest, Extension, Store};
use crate::news::media::files;
use crate::web::App;

/// What is younger may belong to an upload under way.
const GRACE: Duration = Duration::from_hours(24);
/// Names that are told; the rest is counted.
const NAMED: usize = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    Missing,
    Damaged,
}

pub(super) async fn look(app: &App, manner: Manner) -> anyhow::Result<Vec<Finding>> {
    let mut found = named(app, manner).await?;
    let orphans = orphans(app).await?;
    if orphans > 0 {
        if manner.fix {
            sweep_media::orphans(app, GRACE).await?;
        }
        let what = format!("{orphans} files are older than a day and nothing names them.");
        let finding = Finding::new("media orphaned", Severity::Note, what, "They are swept every six hours.");
        found.push(finding.mended(manner.fix));
    }
    let unasked = files::without_renditions(&app.db).await?;
    if unasked > 0 {
        if manner.fix {
            let mut tx = app.db.begin().await?;
            files::ask_for_renditions(&mut tx).await?;
            tx.commit().await?;
        }
        let what = format!("{unasked} pictures have no sizes, and no job makes them.");
        let advice = "Run `broadsheet doctor --fix`.";
        found.push(Finding::new("media renditions", Severity::Warning, what, advice).mended(manner.fix));
    }
    Ok(found)
}

async fn named(app: &App, manner: Manner) -> anyhow::Result<Vec<Finding>> {
    let (mut missing, mut damaged) = (Tally::default(), Tally::default());
    // A list first: the files take longer than a statement may.
    let all: Vec<files::Named> = files::all(&app.db).try_collect().await?;
    for file in all {
        let (Some(digest), Ok(extension)) = (Digest::from_slice(&file.sha256), file.extension.parse()) else {
            continue;
        };
        let area = if file.original { Area::Originals } else { Area::Public };
        let (store, quick) = (app.media.clone(), manner.quick);
        let state = tokio::task::spawn_blocking(move || state(&store, area, &digest, extension, quick));
        let name = || format!("{}/{digest}.{extension}", area.as_str());
        match state.await?? {
            State::Whole => (),
            State::Missing => missing.count(name),
            State::Damaged => damaged.count(name),
        }
    }
    let advice = "Bring them back from a backup, or upload the pictures again.";
    let mut found = Vec::new();
    if missing.count > 0 {
        found.push(Finding::new("media missing", Severity::Error, missing.told("are not there"), advice));
    }
    if damaged.count > 0 {
        found.push(Finding::new(
            "media damaged",
            Severity::Error,
            damaged.told("are not what they were"),
            advice,
        ));
    }
    Ok(found)
}

fn state(store: &Store, area: Area, digest: &Digest, extension: Extension, quick: bool) -> io::Result<State> {
    let Some(mut file) = store.file(area, digest, extension)? else { return Ok(State::Missing) };
    if quick {
        return Ok(State::Whole);
    }
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 256 * 1024]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    let is_whole = hash.finalize().as_slice() == digest.as_slice();
    Ok(if is_whole { State::Whole } else { State::Damaged })
}

async fn orphans(app: &App) -> anyhow::Result<usize> {
    let mut count = 0;
    for area in [Area::Public, Area::Originals] {
        for folder in 0..=u8::MAX {
            let lying = app.media.lying(area, folder, GRACE).await?;
            let digests: Vec<Digest> = lying.iter().map(|(digest, _)| *digest).collect();
            if digests.is_empty() {
                continue;
            }
            let needed = match area {
                Area::Public => files::known(&app.db, &digests).await?,
                Area::Originals => files::originals(&app.db, &digests).await?,
            };
            count += digests.iter().filter(|digest| !needed.contains(digest)).count();
        }
    }
    Ok(count)
}

#[derive(Default)]
struct Tally {
    count: usize,
    names: Vec<String>,
}

impl Tally {
    fn count(&mut self, name: impl FnOnce() -> String) {
        self.count += 1;
        if self.names.len() < NAMED {
            self.names.push(name());
        }
    }

    fn told(&self, what: &str) -> String {
        let more = if self.count > self.names.len() { ", and more" } else { "" };
        format!("{} files {what}: {}{more}.", self.count, self.names.join(", "))
    }
}
