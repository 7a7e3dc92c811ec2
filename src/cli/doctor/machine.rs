//! What the site stands on: Postgres and its settings, the clock, the disk, who may read which folder, the queue.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Finding, Manner, Severity};
use crate::accounts::user;
use crate::db::health::{self, Health};
use crate::paths;
use crate::queue::backlog;
use crate::web::App;

/// Oldest version of Postgres that is looked after.
const POSTGRES: i32 = 150_000;
/// Fewer leave none for a second instance and for whoever repairs something.
const CONNECTIONS: i32 = 30;
/// Seconds between two clocks: what is due comes early or late, then logins fail.
const CLOCK: (i64, i64) = (5, 60);
/// A job that is due for so many seconds has nobody who does it.
const OVERDUE: i64 = 15 * 60;

pub(super) async fn look(app: &App, manner: Manner) -> anyhow::Result<Vec<Finding>> {
    let health = health::look(&app.db).await?;
    let mut found = settings(&health);
    found.extend(clock(health.now, Utc::now()));
    let room = rustix::fs::statvfs(&app.config.data)?;
    found.extend(disk(room.f_bavail, room.f_blocks));
    found.extend(folders(&app.config.data, manner)?);
    found.extend(jobs(app).await?);
    if !user::any_admin(&app.db).await? {
        let advice = "Run `broadsheet setup-link` and open what it prints.";
        found.push(Finding::new("administrator", Severity::Warning, "Nobody is administrator.", advice));
    }
    Ok(found)
}

pub fn settings(health: &Health) -> Vec<Finding> {
    let check = "database settings";
    let mut found = Vec::new();
    let mut find =
        |severity, what: String, advice: &str| found.push(Finding::new(check, severity, what, advice));
    if health.version < POSTGRES {
        let what = format!("Postgres is of version {}.", health.version / 10_000);
        find(Severity::Error, what, "Take 15 or newer.");
    }
    if health.encoding != "UTF8" {
        let what = format!("The database is encoded in {}.", health.encoding);
        find(Severity::Error, what, "Make one with --encoding=UTF8, and restore a backup into it.");
    }
    if !health.has_trigrams {
        find(
            Severity::Error,
            "The extension pg_trgm is missing.".to_owned(),
            "Run `create extension pg_trgm`.",
        );
    }
    for (name, value) in [("fsync", &health.fsync), ("full_page_writes", &health.full_page_writes)] {
        if value == "off" {
            find(
                Severity::Error,
                format!("{name} is off."),
                "Turn it on: a crash can lose or break the database.",
            );
        }
    }
    if health.synchronous_commit == "off" {
        let what = "synchronous_commit is off.".to_owned();
        find(Severity::Warning, what, "Turn it on, or accept that a crash loses the last moments.");
    }
    if health.autovacuum == "off" {
        find(
            Severity::Warning,
            "autovacuum is off.".to_owned(),
            "Turn it on, or the site becomes slower by the day.",
        );
    }
    if health.max_connections < CONNECTIONS {
        let what = format!("max_connections is {}.", health.max_connections);
        find(Severity::Warning, what, "Allow at least 30: one instance takes up to a dozen.");
    }
    found
}

/// The database's clock decides what is visible, the machine's what is logged and which codes are right.
pub fn clock(database: DateTime<Utc>, here: DateTime<Utc>) -> Option<Finding> {
    let apart = (database - here).num_seconds().abs();
    let severity = match apart {
        apart if apart >= CLOCK.1 => Severity::Error,
        apart if apart >= CLOCK.0 => Severity::Warning,
        _ => return None,
    };
    let what = format!("The clocks of this machine and of the database are {apart} seconds apart.");
    Some(Finding::new("clock", severity, what, "Let both keep time by NTP."))
}

/// In blocks.
pub fn disk(free: u64, all: u64) -> Option<Finding> {
    let severity = match free {
        free if free < all / 20 => Severity::Error,
        free if free < all / 10 => Severity::Warning,
        _ => return None,
    };
    let what = format!("{} percent of the disk of the data folder are left.", free * 100 / all.max(1));
    Some(Finding::new("disk space", severity, what, "Make room: below 5 percent no upload is taken."))
}

fn folders(data: &Path, manner: Manner) -> anyhow::Result<Vec<Finding>> {
    let mut found = Vec::new();
    let me = rustix::process::geteuid().as_raw();
    for name in ["media", "media/public", "media/originals", "media/incoming"] {
        let path = data.join(name);
        let shown = path.display();
        let Ok(metadata) = path.metadata() else {
            let what = format!("{shown} is not there or cannot be entered.");
            found.push(Finding::new("permissions", Severity::Error, what, "Start the site as its own user."));
            continue;
        };
        if metadata.uid() != me && me != 0 {
            let what = format!("{shown} is owned by user {}, and this program runs as {me}.", metadata.uid());
            let advice = format!("Run `chown -R {me} {}`.", data.display());
            found.push(Finding::new("permissions", Severity::Error, what, &advice));
        }
        let open = if name == "media/originals" { 0o077 } else { 0o002 };
        let mode = metadata.mode() & 0o777;
        if mode & open != 0 {
            let what = format!("{shown} is open to others (mode {mode:o}).");
            let advice = format!("Run `chmod {:o} {shown}`.", mode & !open);
            if manner.fix {
                fs::set_permissions(&path, Permissions::from_mode(mode & !open))?;
            }
            let finding = Finding::new("permissions", Severity::Warning, what, &advice);
            found.push(finding.mended(manner.fix));
        }
    }
    Ok(found)
}

async fn jobs(app: &App) -> anyhow::Result<Vec<Finding>> {
    let mut found = Vec::new();
    let dead = backlog::dead(&app.db).await?;
    if dead > 0 {
        let what = format!("{dead} jobs were laid aside after all their tries.");
        let advice =
            format!("Look at {}, where they can be tried again.", app.site.absolute(paths::people::JOBS));
        found.push(Finding::new("jobs laid aside", Severity::Warning, what, &advice));
    }
    if let Some(seconds) = backlog::overdue(&app.db).await?
        && seconds >= OVERDUE
    {
        let what = format!("A job is due for {} minutes.", seconds / 60);
        let advice = "Run an instance with the role `all` or `worker`.";
        found.push(Finding::new("jobs waiting", Severity::Error, what, advice));
    }
    Ok(found)
}
