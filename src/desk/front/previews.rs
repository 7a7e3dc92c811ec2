//! Links to the front page of the draft, for people without an account: made here, ended and listed as those of
//! articles are (`desk::newsroom::previews`).

use axum::extract::State;
use axum::response::Response;
use chrono::Utc;
use serde::Deserialize;

use super::refused;
use super::view::View;
use crate::desk::Acting;
use crate::desk::newsroom::previews::{self, Line};
use crate::news::preview::{self, Subject};
use crate::paths;
use crate::text::date;
use crate::web::{App, Editor, Errors, Flash, Form, Result};

/// For the panel of the board's screen.
pub struct Previews {
    pub lines: Vec<Line>,
    /// The moment, as typed.
    pub at: String,
    pub errors: Errors,
}

impl Previews {
    pub async fn load(app: &App) -> Result<Self> {
        let lines = previews::lines(app, Subject::Front).await?;
        Ok(Self { lines, at: String::new(), errors: Errors::default() })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    days: String,
    /// As the field holds it; empty is whenever the link is opened.
    #[serde(default)]
    at: String,
}

/// POST: a new link to the front page of the draft.
pub async fn create(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let days = previews::days(&typed.days)?;
    let mut errors = Errors::default();
    let as_of = match date::parse_field(typed.at.trim(), app.site.timezone) {
        _ if typed.at.trim().is_empty() => None,
        Ok(at) if at <= Utc::now() => {
            errors.add("preview_at", "This time is over. Leave it empty to show the page as it is.");
            None
        }
        Ok(at) => Some(at),
        Err(why) => {
            errors.add("preview_at", format!("Please {why}."));
            None
        }
    };
    if !errors.is_empty() {
        let mut view = View::load(&app, &by.user).await?;
        (view.previews.at, view.previews.errors) = (typed.at, errors);
        return Ok(refused(&view));
    }
    let mut tx = app.db.begin().await?;
    preview::create(&app.db, &mut tx, Subject::Front, as_of, days, &by.actor).await?;
    tx.commit().await?;
    let there = format!("{}#previews", paths::desk::FRONT);
    Ok(Flash::new(&app, "The link is made. Copy it below.").to(&there))
}
