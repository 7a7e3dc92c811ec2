//! The rules of the site about comments. What an article says otherwise is in its own form.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::super::{Acting, Frame};
use crate::accounts::User;
use crate::editing::comments::days;
use crate::news::audit;
use crate::news::comment::rules::{self, MAX_DAYS, MAX_REASONS, Mode, Rules};
use crate::paths;
use crate::paths::comments::desk as screens;
use crate::web::{App, Editor, Errors, Flash, Form, Notice, Page, Result};

#[derive(Template)]
#[template(path = "desk/comments/rules.html")]
struct View {
    frame: Frame,
    typed: Typed,
    errors: Errors,
    mail_folder: Option<String>,
}

/// As typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    mode: String,
    days: String,
    reasons: String,
}

impl View {
    fn new(app: &App, user: &User, typed: Typed) -> Self {
        let frame = Frame::new(app, user, "Rules for comments").at(paths::desk::COMMENTS);
        let mail_folder = app.post.folder().map(|folder| folder.display().to_string());
        Self { frame, typed, errors: Errors::default(), mail_folder }
    }
}

/// GET: the rules that hold.
pub async fn edit(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let rules = rules::of_site(&app.db).await?;
    let days = if rules.close_after_days == 0 { String::new() } else { rules.close_after_days.to_string() };
    let typed = Typed { mode: rules.mode.as_str().to_owned(), days, reasons: rules.reasons };
    let mut view = View::new(&app, &user, typed);
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

/// POST: changes them.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let rules = match check(&typed) {
        Ok(rules) => rules,
        Err(errors) => {
            let view = View { errors, ..View::new(&app, &by.user, typed) };
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    rules::save(&mut tx, &rules).await?;
    let detail = json!({ "mode": rules.mode.as_str(), "close after days": rules.close_after_days });
    audit::record(&mut tx, &by.actor, "change", "comment rules", None, detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The rules hold from now on.").to(screens::RULES))
}

fn check(typed: &Typed) -> Result<Rules, Errors> {
    let mut errors = Errors::default();
    let mode = Mode::parse(&typed.mode);
    if mode.is_none() {
        errors.add("mode", "Please choose one of the three.");
    }
    let days = days(&typed.days);
    if days.is_none() {
        errors.add("days", format!("Days are a number up to {MAX_DAYS}; nothing or 0 means never."));
    }
    let reasons: Vec<String> = typed.reasons.lines().map(|line| line.trim().to_owned()).collect();
    let reasons = reasons.join("\n").trim().to_owned();
    if reasons.chars().count() > MAX_REASONS {
        errors.add("reasons", format!("All reasons together have at most {MAX_REASONS} letters."));
    }
    match (mode, days) {
        (Some(mode), Some(close_after_days)) if errors.is_empty() => {
            Ok(Rules { mode, close_after_days, reasons })
        }
        _ => Err(errors),
    }
}
