//! Two people saved one article: the page that shows both texts, and lets the second decide with nothing lost.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Frame;
use super::article_form::{Kept, May, Sent};
use super::article_typed::Typed;
use super::when::{When, when};
use crate::accounts::User;
use crate::news::article::Article;
use crate::news::article::save::Action;
use crate::paths;
use crate::web::{App, Errors, Page};

#[derive(Template)]
#[template(path = "desk/article_conflict.html")]
struct Conflict {
    frame: Frame,
    action: String,
    /// The button that was pressed.
    pressed: &'static str,
    typed: Typed,
    errors: Errors,
    picture: Option<Kept>,
    theirs: Typed,
    version: i32,
    saved: When,
    /// Not when an editor has taken the article over from its author.
    may_save: bool,
}

/// 409: what was typed beside what is stored now, in a form that carries the whole of it on.
pub fn page(app: &App, user: &User, theirs: &Article, sent: Sent, action: Action) -> Response {
    let may = May::of(user, Some(theirs));
    // What is withdrawn already is not withdrawn again, what was handed in not twice.
    let action = if theirs.may(user, action) { action } else { Action::Save };
    let view = Conflict {
        frame: Frame::new(app, user, "Somebody was faster").at(paths::desk::ARTICLES),
        action: paths::desk::article(theirs.id),
        pressed: action.as_str(),
        picture: sent.picture.as_ref().and_then(Kept::of),
        typed: sent.typed,
        errors: sent.errors,
        version: theirs.version,
        saved: when(theirs.updated_at, &app.site),
        may_save: may.save,
        theirs: Typed::stored(theirs, &[], app.site.timezone),
    };
    Page::new(&view).status(StatusCode::CONFLICT).into_response()
}
