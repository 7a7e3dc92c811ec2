//! What readers say below an article, and `POST /article/{id}/comments`: one more.
//!
//! Nothing is set on the reader's side: the way back is a variant of the article's page that nobody keeps. What the
//! form carries is the same for everybody who gets the page, so any cache may keep it.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::Utc;

use super::{Show, Variant, visible};
use crate::news::article::{Article, ArticleId};
use crate::news::comment::rules::{self, Discussion, Mode};
use crate::news::comment::thread::{self, Branch, Comment};
use crate::news::comment::{self, Arrival, Fields, Taken};
use crate::paths;
use crate::web::error::retry_after_value;
use crate::web::{App, Client, Errors, Form, Page, Path, Redirect, Result};

/// The values of `?comment=` on the way back.
const HELD: &str = "held";
const SHOWN: &str = "shown";
const REMOVED: &str = "removed";

const CLOSED: &str = "Comments on this article are closed.";
const TOO_MANY: &str = "Many comments are coming in. Please wait a few minutes and send yours again.";
const NO_ADDRESS: &str = "We need your address to write to you.";

/// A form that was shown in the same half day counts as the same page.
const SAME_FORM: i64 = 12 * 60 * 60;

/// The discussion below an article as its page shows it.
pub struct Talk {
    pub(super) branches: Vec<Branch>,
    pub(super) count: usize,
    pub(super) discussion: Discussion,
    /// Where the article stands.
    pub(super) href: String,
    /// When this page was made, signed.
    pub(super) stamp: String,
    /// The comment that the form answers.
    pub(super) replying: Option<Comment>,
    pub(super) said: &'static str,
    /// Where the comment that was just sent can be taken back.
    pub(super) own: Option<String>,
    /// Why a comment was refused as a whole.
    pub(super) refusal: &'static str,
    pub(super) typed: Typed,
    pub(super) errors: Errors,
}

/// As it was typed, to be shown again.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    pub name: String,
    pub email: String,
    pub text: String,
    /// Whether a letter shall say what was decided.
    pub(super) answer: String,
    parent: String,
    time: String,
    /// People do not see this field; programs fill it in.
    website: String,
}

impl Talk {
    pub async fn load(app: &App, article: &Article) -> Result<Self> {
        let closed = Discussion { mode: Mode::Closed, closes_at: None, is_over: false };
        let (discussion, branches) = thread::of(&app.db, article.id).await?.unwrap_or((closed, Vec::new()));
        Ok(Self {
            count: thread::count(&branches),
            branches,
            discussion,
            href: article.href(),
            stamp: app.comment_keys.stamp(article.id, Utc::now()),
            replying: None,
            said: "",
            own: None,
            refusal: "",
            typed: Typed::default(),
            errors: Errors::default(),
        })
    }

    /// What a link asks for: an answer to a comment, or the page after something was sent. Whether the page is then
    /// for one reader alone.
    pub fn vary(&mut self, asked: &Variant) -> bool {
        self.reply_to(&asked.reply);
        self.said = match asked.comment.as_str() {
            HELD => "Your comment was received and waits for an editor.",
            SHOWN => "Your comment is published.",
            REMOVED => "Your comment is deleted.",
            _ => "",
        };
        let is_token = asked.own.len() == 64 && asked.own.bytes().all(|b| b.is_ascii_hexdigit());
        self.own = (!self.said.is_empty() && is_token).then(|| paths::comments::own(&asked.own));
        !self.said.is_empty()
    }

    /// The text of the page that changes from one moment to the next, and what stands for it: copies of a page are
    /// the same for half a day, so that no form is older than that when it comes back.
    pub fn passing(&self) -> (String, String) {
        (self.stamp.clone(), (Utc::now().timestamp() / SAME_FORM).to_string())
    }

    fn reply_to(&mut self, id: &str) {
        let found = id.parse().ok().and_then(|id| thread::find(&self.branches, id));
        self.replying = found.filter(|_| self.takes()).cloned();
    }

    pub(super) fn takes(&self) -> bool {
        self.discussion.takes_comments()
    }

    /// Whether there is anything to show at all.
    pub(super) fn is_there(&self) -> bool {
        self.takes() || self.count > 0 || !self.refusal.is_empty() || !self.said.is_empty()
    }

    pub(super) fn is_open(&self) -> bool {
        self.discussion.mode == Mode::Open
    }

    pub(super) fn reply_href(&self, comment: &Comment) -> String {
        paths::comments::reply(&self.href, comment.id)
    }
}

pub(in crate::site) async fn create(
    State(app): State<App>,
    Path(id): Path<ArticleId>,
    client: Client,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    app.rates.page(client.network)?;
    let article = visible(&app, id).await?;
    let discussion = rules::discussion(&app.db, id).await?;
    if !discussion.is_some_and(|discussion| discussion.takes_comments()) {
        return refused(&app, article, typed, StatusCode::FORBIDDEN, CLOSED).await;
    }
    let fields = match check(&typed) {
        Ok(fields) => fields,
        Err(errors) => {
            let mut view = with(&app, article, typed).await?;
            view.talk.errors = errors;
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    if !typed.website.is_empty() {
        tracing::debug!(article = article.id.0, "a comment with the hidden field filled in was dropped");
        return Ok(back(&article, HELD, "", "comments"));
    }
    let arrival = Arrival {
        article: id,
        fields: &fields,
        parent: typed.parent.parse().ok(),
        wants_answer: typed.answer == "on",
        networks: [Some(client.network), client.network_before].into_iter().flatten().collect(),
        age: app.comment_keys.age(id, &typed.time, Utc::now()),
    };
    let mut tx = app.db.begin().await?;
    let taken = comment::take(&mut tx, &app.comment_keys, &app.rates.comments, &arrival).await?;
    tx.commit().await?;
    match taken {
        Taken::Held { own, .. } => Ok(back(&article, HELD, &own, "comments")),
        Taken::Shown { id, own } => Ok(back(&article, SHOWN, &own, &format!("comment-{id}"))),
        Taken::Twice => Ok(back(&article, HELD, "", "comments")),
        Taken::Closed => refused(&app, article, typed, StatusCode::FORBIDDEN, CLOSED).await,
        Taken::TooMany(wait) => {
            let page = refused(&app, article, typed, StatusCode::TOO_MANY_REQUESTS, TOO_MANY).await?;
            Ok(([(header::RETRY_AFTER, retry_after_value(wait))], page).into_response())
        }
    }
}

fn check(typed: &Typed) -> Result<Fields, Errors> {
    let mut errors = match Fields::check(&typed.name, &typed.email, &typed.text) {
        Ok(fields) if typed.answer != "on" || fields.email.is_some() => return Ok(fields),
        Ok(_) => Errors::default(),
        Err(refusals) => refusals.into_iter().collect(),
    };
    if typed.answer == "on" && typed.email.trim().is_empty() {
        errors.add("email", NO_ADDRESS);
    }
    Err(errors)
}

/// The way back to the article: with the token, so that the page can show the link, and nothing has to be kept.
fn back(article: &Article, comment: &str, own: &str, anchor: &str) -> Response {
    let page = paths::query(&article.href(), &[("comment", comment), ("own", own)]);
    Redirect::to(&format!("{page}#{anchor}")).into_response()
}

/// After a commenter has taken a comment back.
pub(in crate::site) fn removed(article: &str) -> String {
    format!("{}#comments", paths::query(article, &[("comment", REMOVED)]))
}

/// After a commenter has changed a comment.
pub(in crate::site) fn rewritten(article: &str) -> String {
    format!("{}#comments", paths::query(article, &[("comment", HELD)]))
}

/// The article again, with what was typed.
async fn with(app: &App, article: Article, typed: Typed) -> Result<Show> {
    let mut view = Show::load(app, article).await?;
    view.talk.reply_to(&typed.parent);
    // The time stays the one at which the reader first got the form.
    if !typed.time.is_empty() {
        view.talk.stamp.clone_from(&typed.time);
    }
    view.talk.typed = typed;
    Ok(view)
}

/// And with why it was not taken.
async fn refused(
    app: &App,
    article: Article,
    typed: Typed,
    status: StatusCode,
    why: &'static str,
) -> Result<Response> {
    let mut view = with(app, article, typed).await?;
    view.talk.refusal = why;
    Ok(Page::new(&view).status(status).into_response())
}
