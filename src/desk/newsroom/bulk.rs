//! Many articles at once: the rows that are ticked in the list, each in a transaction of its own and by the rules
//! of its own form.

use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use chrono::Utc;

use crate::desk::article_form::{self, Existing};
use crate::desk::article_write::{self, Written};
use crate::desk::{Acting, Routes};
use crate::news::article::save::Action;
use crate::news::article::{self, scheduled, trash};
use crate::paths;
use crate::web::{App, Author, Error, Errors, Flash, Form, Result};

/// What a page of the list holds, and some.
const MOST: usize = 100;

pub fn routes() -> Routes {
    vec![(paths::workflow::BULK, post(create))]
}

/// What is done to each.
enum Deed {
    Act(Action),
    /// Into the section with this slug.
    Section(String),
}

/// POST: fields `id` (once for each row), `do` (`publish`, `withdraw`, `trash`, `restore`, `section`), `section`,
/// `back` (the list as it was).
pub async fn create(
    State(app): State<App>,
    by: Acting<Author>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let first = |name: &str| {
        fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    if fields.iter().any(|(name, _)| !["id", "do", "section", "back"].contains(&name.as_str())) {
        return Err(Error::BadRequest("The list sends id, do, section and back.".to_owned()));
    }
    // Only ever our own list.
    let back = Some(first("back")).filter(|back| back.starts_with(paths::desk::ARTICLES));
    let back = back.unwrap_or(paths::desk::ARTICLES);
    let ids: Vec<&str> =
        fields.iter().filter(|(name, _)| name == "id").map(|(_, value)| value.as_str()).take(MOST).collect();
    if ids.is_empty() {
        return Ok(Flash::new(&app, "Tick the articles first.").to(back));
    }
    let deed = match first("do") {
        "section" if first("section").is_empty() => {
            return Ok(Flash::new(&app, "Choose the section first.").to(back));
        }
        "section" => Deed::Section(first("section").to_owned()),
        name => Action::named(name)
            .filter(|action| {
                matches!(action, Action::Publish | Action::Withdraw | Action::Trash | Action::Restore)
            })
            .map(Deed::Act)
            .ok_or_else(|| Error::BadRequest("The field do names one of the list's buttons.".to_owned()))?,
    };
    let (mut done, mut left, mut held) = (0_usize, Vec::new(), Vec::new());
    for id in ids {
        let existing = article_form::existing(&app, &by.user, id).await?;
        match perform(&app, &by, &existing, &deed).await? {
            Ok(()) => {
                done += 1;
                let edit = scheduled::of_article(&app.db, existing.article.id).await?;
                held.extend(edit.filter(|edit| edit.held).map(|_| existing.article.headline));
            }
            Err(why) => left.push(format!("“{}”: {why}", existing.article.headline)),
        }
    }
    Ok(Flash::new(&app, &said(&deed, done, &left, &held)).to(back))
}

/// `Err` says why this one stays as it is.
async fn perform(
    app: &App,
    by: &Acting<Author>,
    existing: &Existing,
    deed: &Deed,
) -> Result<Result<(), String>> {
    let article = &existing.article;
    let action = match deed {
        Deed::Act(action) => *action,
        Deed::Section(_) => Action::Save,
    };
    if !article.may(&by.user, action) {
        let why = if action == Action::Withdraw && article.planned {
            "no reader has it yet; return it to draft, or throw it away"
        } else {
            "not in this state, or not by you"
        };
        return Ok(Err(why.to_owned()));
    }
    if action == Action::Publish && article.state == article::State::Published {
        let is_out = article.publish_at.is_some_and(|at| at <= Utc::now());
        return Ok(Err(if is_out { "published already" } else { "has its time already" }.to_owned()));
    }
    if matches!(action, Action::Trash | Action::Restore) {
        let mut tx = app.db.begin().await?;
        let moved = if action == Action::Trash {
            trash::put(&mut tx, article.id, &by.actor).await?
        } else {
            trash::restore(&mut tx, article.id, &by.actor).await?
        };
        tx.commit().await?;
        return Ok(if moved { Ok(()) } else { Err("somebody was faster".to_owned()) });
    }
    let mut sent = article_form::stored(app, existing).await?;
    if let Deed::Section(slug) = deed {
        sent.typed.section.clone_from(slug);
    }
    Ok(match article_write::written(app, by.by(), Some(existing), &sent.to_save(), action, false).await? {
        Written::Saved { .. } => Ok(()),
        Written::Stale(_) => Err("somebody was faster".to_owned()),
        Written::Refused { errors, .. } => Err(first_of(&errors)),
    })
}

fn first_of(errors: &Errors) -> String {
    errors.iter().next().map(|(_, message)| message.to_owned()).unwrap_or_default()
}

fn said(deed: &Deed, done: usize, left: &[String], held: &[String]) -> String {
    let verb = match deed {
        Deed::Act(Action::Publish) => "published",
        Deed::Act(Action::Withdraw) => "withdrawn",
        Deed::Act(Action::Trash) => "in the trash",
        Deed::Act(_) => "out of the trash",
        Deed::Section(_) => "moved to the section",
    };
    let mut said = format!("{done} {verb}.");
    if !left.is_empty() {
        said.push_str(" Left as they were: ");
        said.push_str(&left.join("; "));
        said.push('.');
    }
    if !held.is_empty() {
        let named: Vec<String> = held.iter().map(|headline| format!("“{headline}”")).collect();
        said.push_str(" An edit is held until you have looked at it: ");
        said.push_str(&named.join("; "));
        said.push('.');
    }
    said
}
