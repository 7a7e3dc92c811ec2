//! One comment: what it answers, who wrote it as far as that is known, and everything that can be done with it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{Days, Utc};
use serde::Deserialize;
use serde_json::json;

use super::super::when::{When, when};
use super::super::{Acting, Frame};
use super::queue::Row;
use super::{acts, letters};
use crate::news::audit;
use crate::news::comment::{CommentId, MAX_REASON, MAX_TEXT, ban, decide, queue, rules};
use crate::paths;
use crate::web::{App, Editor, Error, Errors, Flash, Form, Notice, Page, Path, Result};

/// A look at somebody's habits, not an archive.
const HISTORY: i64 = 20;
/// What the field for the end of a ban says first.
const USUAL_BAN: Days = Days::new(30);

#[derive(Template)]
#[template(path = "desk/comments/one.html")]
struct One {
    frame: Frame,
    row: Row,
    history: Vec<Row>,
    reasons: Vec<String>,
    /// Until when its commenter is banned.
    banned: Option<When>,
    means: Option<ban::By>,
    typed: Typed,
    errors: Errors,
    /// Letters lie in a folder: nobody gets them.
    mail_folder: Option<String>,
}

/// The small forms of the screen, as they were typed.
#[derive(Default)]
pub(super) struct Typed {
    pub note: String,
    pub reply: String,
    pub until: String,
    pub ban_reason: String,
}

/// GET: the comment.
pub async fn show(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Path(id): Path<CommentId>,
) -> Result<Page> {
    let mut view = One::load(&app, Frame::new(&app, &user, "Comment"), id).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

impl One {
    async fn load(app: &App, frame: Frame, id: CommentId) -> Result<Self> {
        let row = queue::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
        let history = queue::history(&app.db, id, HISTORY).await?;
        let end = Utc::now().with_timezone(&app.site.timezone).date_naive() + USUAL_BAN;
        Ok(Self {
            frame: frame.at(paths::desk::COMMENTS),
            row: Row::new(row, app),
            history: history.into_iter().map(|row| Row::new(row, app)).collect(),
            reasons: rules::of_site(&app.db).await?.reasons().map(str::to_owned).collect(),
            banned: ban::of(&app.db, id).await?.map(|until| when(until, &app.site)),
            means: ban::means(&app.db, id).await?,
            typed: Typed { until: end.to_string(), ..Typed::default() },
            errors: Errors::default(),
            mail_folder: app.post.folder().map(|folder| folder.display().to_string()),
        })
    }
}

/// The screen again, with what is wrong in one of its forms.
pub(super) async fn refused(
    app: &App,
    by: &Acting<Editor>,
    id: CommentId,
    typed: Typed,
    field: &'static str,
    why: impl Into<String>,
) -> Result<Response> {
    let mut view = One::load(app, Frame::new(app, &by.user, "Comment"), id).await?;
    let until = std::mem::take(&mut view.typed.until);
    view.typed = Typed { until: if typed.until.is_empty() { until } else { typed.until }, ..typed };
    view.errors.add(field, why);
    Ok(Page::new(&view).unprocessable().into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    note: String,
}

/// POST: asks the commenter for another text.
pub async fn ask(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<CommentId>,
    Form(form): Form<Note>,
) -> Result<Response> {
    let held = queue::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let typed = Typed { note: form.note.clone(), ..Typed::default() };
    let Ok(note) = acts::reason("", &form.note) else {
        let why = format!("A note has at most {MAX_REASON} letters.");
        return refused(&app, &by, id, typed, "note", why).await;
    };
    if note.is_empty() {
        return refused(&app, &by, id, typed, "note", "Please say what should be changed.").await;
    }
    if !held.can_be_asked {
        let why = "The commenter left no address, or a decision was made and it was deleted.";
        return refused(&app, &by, id, typed, "note", why).await;
    }
    let mut tx = app.db.begin().await?;
    let asked = decide::ask(&mut tx, &app.comment_keys, id, &note, by.user.id).await?;
    let asked = asked.ok_or(Error::NotFound)?;
    letters::rewrite(&app, &mut tx, &asked, &note).await?;
    let detail = json!({ "article": asked.article, "note": note });
    audit::record(&mut tx, &by.actor, "ask to rewrite", "comment", Some(id.0), detail).await?;
    tx.commit().await?;
    let said = "A letter asks the commenter to change it; then it waits here again.";
    Ok(Flash::new(&app, said).to(&paths::desk::comments_of("pending")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    reply: String,
}

/// POST: answers in the name of the paper.
pub async fn reply(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<CommentId>,
    Form(form): Form<Reply>,
) -> Result<Response> {
    queue::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let text = form.reply.replace("\r\n", "\n");
    let text: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let typed = Typed { reply: form.reply, ..Typed::default() };
    if text.is_empty() {
        return refused(&app, &by, id, typed, "reply", "Please write something.").await;
    }
    if text.chars().count() > MAX_TEXT {
        return refused(&app, &by, id, typed, "reply", format!("An answer has at most {MAX_TEXT} letters."))
            .await;
    }
    let mut tx = app.db.begin().await?;
    let Some((article, reply)) = decide::reply(&mut tx, id, &app.site.name, &text, by.user.id).await? else {
        drop(tx);
        return refused(&app, &by, id, typed, "reply", "Only a comment that is published can be answered.")
            .await;
    };
    let detail = json!({ "article": article, "comment": id });
    audit::record(&mut tx, &by.actor, "answer", "comment", Some(reply.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The answer stands below the comment.").to(&paths::desk::comment(id)))
}
