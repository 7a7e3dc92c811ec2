//! `/desk`: what waits for whoever looks, what goes out next, what is read today, and what is broken.

use askama::Template;
use axum::extract::State;
use axum::routing::get;
use chrono::{DateTime, Timelike, Utc};

use super::chart::Chart;
use super::when::{When, when};
use super::{Frame, Routes};
use crate::accounts::{Role, User};
use crate::news::agenda::{self, Item, Kind};
use crate::news::article::card::Card;
use crate::news::broken_link::{self, Broken};
use crate::news::comment;
use crate::news::media::library::{self, Filter};
use crate::news::views::{self, Span};
use crate::paths;
use crate::queue::backlog;
use crate::web::{App, Author, Notice, Page, Result};

/// In each list; what is further down is one click away.
const SHOWN: i64 = 8;
/// Of the most read.
const READ: usize = 5;
const HOURS: i32 = 24;

pub fn routes() -> Routes {
    vec![(paths::desk::HOME, get(show))]
}

#[derive(Template)]
#[template(path = "desk/dashboard.html")]
struct Dashboard {
    frame: Frame,
    mine: Vec<Row>,
    /// For editors.
    review: Vec<Row>,
    /// Edits that wait for a decision.
    held: Vec<Row>,
    next: Vec<Row>,
    chart: Chart,
    read: Vec<Card>,
    troubles: Option<Troubles>,
    zone: String,
}

struct Row {
    id: i64,
    headline: String,
    who: String,
    at: When,
    badge: (&'static str, &'static str),
}

/// What editors have to mend; jobs are an administrator's.
struct Troubles {
    comments: i64,
    failed_jobs: Option<i64>,
    links: Vec<Broken>,
    licences: Vec<Licence>,
}

/// A picture whose licence is over, or will be soon.
struct Licence {
    name: String,
    ends: When,
    is_over: bool,
}

/// GET
pub async fn show(State(app): State<App>, Author(user): Author, notice: Notice) -> Result<Page> {
    let is_editor = user.role >= Role::Editor;
    let mine = agenda::of_user(&app.db, user.id, SHOWN).await?;
    let review = if is_editor { agenda::in_review(&app.db, SHOWN).await? } else { Vec::new() };
    let only = (!is_editor).then_some(user.id);
    let held = agenda::held(&app.db, only, SHOWN).await?;
    let next = agenda::next(&app.db, only, SHOWN).await?;
    let hours = views::hours(&app.db, HOURS).await?;
    let rows = |items: Vec<Item>| items.into_iter().map(|item| row(item, &app)).collect::<Vec<_>>();
    Ok(Page::new(&Dashboard {
        frame: Frame::new(&app, &user, "Today").at(paths::desk::HOME).notice(notice),
        mine: rows(mine),
        review: rows(review),
        held: rows(held),
        next: rows(next),
        chart: chart(&app, &hours),
        read: views::most_viewed(&app.db, Span::Day, READ).await?,
        troubles: if is_editor { Some(troubles(&app, &user).await?) } else { None },
        zone: app.site.timezone.to_string(),
    }))
}

impl Dashboard {
    fn has_comments(&self) -> bool {
        self.troubles.as_ref().is_some_and(|troubles| troubles.comments > 0)
    }

    /// Nothing has to be mended.
    fn is_well(&self) -> bool {
        self.troubles.as_ref().is_none_or(|troubles| {
            troubles.failed_jobs.unwrap_or(0) == 0
                && troubles.links.is_empty()
                && troubles.licences.is_empty()
        })
    }
}

fn row(item: Item, app: &App) -> Row {
    let badge = match item.kind {
        Kind::Draft => ("draft", "Draft"),
        Kind::Assigned => ("pending", "Assigned to you"),
        Kind::Review => ("pending", "In review"),
        Kind::Article => ("scheduled", "Article"),
        Kind::Edit => ("scheduled", "Edit"),
        Kind::Held => ("failed", "Held: somebody saved since"),
    };
    Row { id: item.id.0, headline: item.headline, who: item.who, at: when(item.at, &app.site), badge }
}

fn chart(app: &App, hours: &[(DateTime<Utc>, i64)]) -> Chart {
    let name = |at: &DateTime<Utc>| {
        let local = at.with_timezone(&app.site.timezone);
        format!("{:02}:{:02}", local.hour(), local.minute())
    };
    let sum: i64 = hours.iter().map(|(_, reads)| reads).sum();
    let most = hours.iter().filter(|(_, reads)| *reads > 0).max_by_key(|(_, reads)| *reads);
    let description = match most {
        Some((at, reads)) => format!("{sum} reads in 24 hours; most in the hour from {}, {reads}.", name(at)),
        None => "Nothing was read in 24 hours.".to_owned(),
    };
    let values = hours.iter().map(|(at, reads)| (name(at), *reads)).collect();
    Chart::new("reads", "Reads of the last 24 hours, by hour", description, "Hour", values)
}

async fn troubles(app: &App, user: &User) -> Result<Troubles> {
    let is_admin = user.role >= Role::Admin;
    Ok(Troubles {
        comments: comment::queue::waiting(&app.db).await?,
        failed_jobs: if is_admin { Some(backlog::dead(&app.db).await?) } else { None },
        links: broken_link::latest(&app.db, SHOWN).await?,
        licences: licences(app).await?,
    })
}

async fn licences(app: &App) -> Result<Vec<Licence>> {
    let mut found = Vec::new();
    for (state, is_over) in [("ended", true), ("ending", false)] {
        let filter = Filter { state: state.to_owned(), ..Filter::default() };
        for medium in library::latest(&app.db, &filter, None, SHOWN).await? {
            let Some(ends_at) = medium.licence_ends_at else { continue };
            found.push(Licence { name: medium.name, ends: when(ends_at, &app.site), is_over });
        }
    }
    Ok(found)
}
