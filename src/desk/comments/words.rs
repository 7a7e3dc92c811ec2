//! The two lists of words, each a field with a word or a phrase a line.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::super::{Acting, Frame};
use crate::accounts::User;
use crate::news::audit;
use crate::news::comment::word_list::{self, List};
use crate::paths;
use crate::paths::comments::desk as screens;
use crate::web::{App, Editor, Errors, Flash, Form, Notice, Page, Result};

#[derive(Template)]
#[template(path = "desk/comments/words.html")]
struct View {
    frame: Frame,
    typed: Typed,
    errors: Errors,
}

/// As typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    suspect: String,
    banned: String,
}

impl View {
    fn new(app: &App, user: &User, typed: Typed) -> Self {
        let frame = Frame::new(app, user, "Word lists").at(paths::desk::COMMENTS);
        Self { frame, typed, errors: Errors::default() }
    }
}

/// GET: both lists.
pub async fn edit(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let lists = word_list::all(&app.db).await?;
    let typed = Typed { suspect: lists.suspect.join("\n"), banned: lists.banned.join("\n") };
    let mut view = View::new(&app, &user, typed);
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

/// POST: puts these in their place.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (suspect, banned) = match (word_list::read(&typed.suspect), word_list::read(&typed.banned)) {
        (Ok(suspect), Ok(banned)) => (suspect, banned),
        (suspect, banned) => {
            let mut view = View::new(&app, &by.user, typed);
            for (field, read) in [("suspect", suspect), ("banned", banned)] {
                if let Err(why) = read {
                    view.errors.add(field, why);
                }
            }
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    word_list::save(&mut tx, List::Suspect, &suspect).await?;
    word_list::save(&mut tx, List::Banned, &banned).await?;
    let detail = json!({ "suspect": suspect.len(), "banned": banned.len() });
    audit::record(&mut tx, &by.actor, "change", "word lists", None, detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The lists hold from now on.").to(screens::WORDS))
}
