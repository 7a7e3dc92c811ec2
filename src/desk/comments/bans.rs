//! Bans: who may not comment for a while, and the end of that.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use serde::Deserialize;
use serde_json::json;

use super::super::when::{When, when};
use super::super::{Acting, Frame};
use super::one::{Typed, refused};
use crate::news::audit;
use crate::news::comment::ban::{self, By};
use crate::news::comment::{CommentId, queue};
use crate::paths;
use crate::paths::comments::desk as screens;
use crate::web::{App, Editor, Error, Flash, Form, Notice, Page, Path, Result};

/// Hashes of addresses are not kept for ever either.
const LONGEST: Days = Days::new(2 * 365);

#[derive(Template)]
#[template(path = "desk/comments/bans.html")]
struct Bans {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    by_network: bool,
    comment: Option<String>,
    until: When,
    since: When,
    by: Option<String>,
    reason: String,
    lift: String,
}

/// GET: those that hold.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let rows = ban::all(&app.db).await?.into_iter().map(|ban| Row {
        name: ban.name,
        by_network: ban.by_network,
        comment: ban.comment.map(paths::desk::comment),
        until: when(ban.until, &app.site),
        since: when(ban.created_at, &app.site),
        by: ban.by,
        reason: ban.reason,
        lift: screens::lift(ban.id),
    });
    let frame = Frame::new(&app, &user, "Banned commenters").at(paths::desk::COMMENTS).notice(notice);
    Ok(Page::new(&Bans { frame, rows: rows.collect() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    until: String,
    #[serde(default)]
    ban_reason: String,
}

/// POST: bans the commenter of a comment.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<CommentId>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let row = queue::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let typed = Typed { until: form.until.clone(), ban_reason: form.ban_reason.clone(), ..Typed::default() };
    let today = Utc::now().with_timezone(&app.site.timezone).date_naive();
    let day =
        form.until.trim().parse::<NaiveDate>().ok().filter(|day| *day > today && *day <= today + LONGEST);
    // The day itself is the first one free.
    let until =
        day.and_then(|day| app.site.timezone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest());
    let Some(until) = until else {
        let why = "The end is a day from tomorrow on, at most two years away.";
        return refused(&app, &by, id, typed, "until", why).await;
    };
    let reason: String = form.ban_reason.trim().chars().filter(|c| !c.is_control()).collect();
    if reason.chars().count() > ban::MAX_REASON {
        let why = format!("A reason has at most {} letters.", ban::MAX_REASON);
        return refused(&app, &by, id, typed, "ban_reason", why).await;
    }
    let mut tx = app.db.begin().await?;
    let means = ban::means(&mut *tx, id).await?;
    let made = ban::create(&mut tx, id, until.with_timezone(&Utc), &reason, by.user.id).await?;
    let (Some(made), Some(means)) = (made, means) else {
        drop(tx);
        let why =
            "It came without an address, and its network is forgotten by now: nobody knows who wrote it.";
        return refused(&app, &by, id, typed, "until", why).await;
    };
    let banned_by = if means == By::Network { "network" } else { "address" };
    let detail = json!({ "comment": id, "name": row.name, "by": banned_by, "until": form.until.trim(), "reason": reason });
    audit::record(&mut tx, &by.actor, "ban", "commenter", Some(made), detail).await?;
    tx.commit().await?;
    let said = match means {
        By::Address => format!("Whoever wrote as {} is banned. Lifting the ban is as easy.", row.name),
        By::Network => {
            format!("The network from which {} wrote is banned. Lifting the ban is as easy.", row.name)
        }
    };
    Ok(Flash::new(&app, &said).to(screens::BANS))
}

/// POST: lifts a ban.
pub async fn delete(State(app): State<App>, by: Acting<Editor>, Path(id): Path<i64>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    if !ban::lift(&mut tx, id).await? {
        return Err(Error::NotFound);
    }
    audit::record(&mut tx, &by.actor, "lift ban of", "commenter", Some(id), json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The ban is lifted.").to(screens::BANS))
}
