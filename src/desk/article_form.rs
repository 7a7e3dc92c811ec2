//! The upload form: a new article, and one that exists. What the fields mean is `editing`; what happens when
//! two people save at once is `article_conflict`; what is written is `article_write`.

use askama::Template;
use axum::extract::{self, Path, Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::Utc;
use serde::Deserialize;

use super::article_picture::Offer;
use super::article_typed::{NAMES, Typed};
use super::article_write::{self, Written};
use super::articles::Status;
use super::newsroom::Newsroom;
use super::picture_key::PictureKey;
use super::waiting::{self, Draft, Unsaved};
use super::when::{When, when};
use super::writing::Writing;
use super::{Acting, Frame, Routes, article_conflict, article_picture, multipart};
use crate::accounts::User;
use crate::editing;
use crate::news::article::autosave::{self, Key, Subject};
use crate::news::article::related::{self, Reason};
use crate::news::article::save::Action;
use crate::news::article::state::Standing;
use crate::news::article::{self, Article, ArticleId, State, state};
use crate::news::media::{self, Media, Picture};
use crate::news::place::{self, Place};
use crate::news::section::{self, Section};
use crate::paths;
use crate::web::{App, Author, Error, Errors, Flash, Notice, Page, Redirect, Result, Upload, UploadLimits};

/// Beside the editor's choice, so that one sees what readers will be shown.
const SUGGESTED: i64 = 6;

pub fn routes() -> Routes {
    vec![(paths::desk::ARTICLE_NEW, get(new)), ("/desk/articles/{id}", get(edit).post(update))]
}

#[derive(Template)]
#[template(path = "desk/article_form.html")]
struct ArticleForm {
    frame: Frame,
    action: String,
    typed: Typed,
    errors: Errors,
    /// The form differs from what is stored: leaving it loses something.
    is_changed: bool,
    stored: Option<Stored>,
    may: May,
    picture: Option<Kept>,
    known_picture: String,
    library: Vec<Offer>,
    sections: Vec<Section>,
    places: Vec<Place>,
    suggested: Vec<Reason>,
    writing: Writing,
    newsroom: Option<Newsroom>,
    zone: &'static str,
}

/// What is known of an article that exists.
struct Stored {
    id: ArticleId,
    status: Status,
    /// Its page, once readers have it.
    public: Option<String>,
    version: i32,
    saved: When,
}

/// Which buttons the form has for this person.
#[derive(Clone, Copy)]
pub struct May {
    pub save: bool,
    pub submit: bool,
    /// Hand back to its author, or take back.
    pub give_back: bool,
    pub publish: bool,
    pub schedule: bool,
    pub withdraw: bool,
}

/// The picture that the form holds already.
pub struct Kept {
    pub key: String,
    pub name: String,
    pub shown: Option<Picture>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Opened {
    /// What a text that nobody saved goes by.
    draft: String,
}

/// GET: an empty form, or the text that was kept under this key.
pub async fn new(
    extract::State(app): extract::State<App>,
    Author(user): Author,
    notice: Notice,
    Query(opened): Query<Opened>,
) -> Result<Response> {
    let mut sent = Sent { typed: Typed::blank(&app.site), ..Sent::default() };
    match waiting::draft(&app, &user, &opened.draft).await? {
        Draft::Article(id) => return Ok(Redirect::to(&paths::desk::article(id)).into_response()),
        Draft::Text(text) => sent = Sent::restored(*text),
        Draft::Blank(key) => key.as_str().clone_into(&mut sent.typed.draft),
        Draft::None => {}
    }
    let mut view = form(&app, &user, None, sent).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view).into_response())
}

/// A new article's form with what a document says; nothing of it is saved.
pub async fn filled(app: &App, user: &User, typed: Typed, notice: String) -> Result<Page> {
    let mut view = form(app, user, None, Sent { typed, ..Sent::default() }).await?;
    view.is_changed = true;
    view.frame.notice = Some(notice);
    Ok(Page::new(&view))
}

/// POST: 303 to the article's form; 422 or 413 with the form, everything kept.
pub async fn create(
    extract::State(app): extract::State<App>,
    by: Acting<Author>,
    request: Request,
) -> Result<Response> {
    submit(&app, &by, None, request).await
}

/// GET: the form as it is stored, or with the text that its writer has not saved; both sides when somebody saved in
/// the meantime.
pub async fn edit(
    extract::State(app): extract::State<App>,
    Author(user): Author,
    notice: Notice,
    Path(id): Path<String>,
) -> Result<Response> {
    let existing = existing(&app, &user, &id).await?;
    let subject = Subject::Article(existing.article.id);
    if let Some(text) = autosave::of(&app.db, user.id, &subject).await? {
        let is_current = text.base_version == existing.article.version;
        let sent = Sent::restored(waiting::restore(&app, &subject, text).await?);
        if !is_current {
            let status = StatusCode::OK;
            return article_conflict::page(&app, &user, &existing.article, sent, Action::Save, status).await;
        }
        let mut view = form(&app, &user, Some(&existing), sent).await?;
        view.frame = view.frame.notice(notice);
        return Ok(Page::new(&view).into_response());
    }
    let mut view = form(&app, &user, Some(&existing), stored(&app, &existing).await?).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view).into_response())
}

/// POST: 303 back to the form; 422 or 413 with what is wrong; 409 with both texts when somebody was faster.
pub async fn update(
    extract::State(app): extract::State<App>,
    by: Acting<Author>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response> {
    let existing = existing(&app, &by.user, &id).await?;
    submit(&app, &by, Some(existing), request).await
}

pub use crate::editing::{Existing, existing};

/// What arrived with a POST.
#[derive(Default)]
pub struct Sent {
    pub typed: Typed,
    pub picture: Option<Media>,
    pub errors: Errors,
    /// What is said at the picture: it was in the library already.
    pub known_picture: String,
    /// Whether a part of it was over its limit.
    pub too_large: bool,
    /// It was not sent but kept.
    pub unsaved: Option<Unsaved>,
    /// The autosave that it goes on from; 0 for none.
    pub sequence: i32,
}

impl Sent {
    pub fn restored(text: waiting::Restored) -> Self {
        Self {
            typed: text.typed,
            picture: text.picture,
            unsaved: Some(text.notice),
            sequence: text.sequence,
            ..Self::default()
        }
    }

    pub fn to_save(&self) -> editing::Sent<'_> {
        let picture = self.picture.as_ref().map(|picture| picture.id);
        editing::Sent { typed: &self.typed, picture, errors: &self.errors }
    }
}

async fn submit(
    app: &App,
    by: &Acting<Author>,
    existing: Option<Existing>,
    request: Request,
) -> Result<Response> {
    let (upload, errors) = multipart::read(app, request, UploadLimits::PICTURES, NAMES).await?;
    // On the heap: it holds a form, its picture and whatever page comes of them.
    Box::pin(arrived(app, by, existing, &upload, errors)).await
}

/// The form, however it came.
pub async fn arrived(
    app: &App,
    by: &Acting<Author>,
    mut existing: Option<Existing>,
    upload: &Upload,
    errors: Errors,
) -> Result<Response> {
    // A page that was left open must not make its article twice.
    if existing.is_none()
        && let Some(key) = Key::parse(upload.text("draft"))
        && let Some(kept) = autosave::of(&app.db, by.user.id, &Subject::Draft(key)).await?
        && let Some(id) = kept.became
    {
        existing = Some(self::existing(app, &by.user, &id.to_string()).await?);
    }
    let article = existing.as_ref().map(|existing| &existing.article);
    let action = action(upload)?;
    if article.is_none() && !state::may(by.user.role, true, Standing::Draft, action) {
        return Err(Error::Forbidden);
    }
    let mut sent =
        Sent { typed: Typed::sent(upload), too_large: !errors.is_empty(), errors, ..Sent::default() };
    let Sent { typed, errors, known_picture, .. } = &mut sent;
    sent.picture = article_picture::read(app, by, upload, article, typed, errors, known_picture).await?;
    if let Some(article) = article {
        if sent.typed.version != article.version.to_string() {
            return article_conflict::page(app, &by.user, article, sent, action, StatusCode::CONFLICT).await;
        }
        if !article.may(&by.user, action) {
            // Its time came while the form was open.
            let came_out = action == Action::Return && !sent.typed.publish_at.is_empty();
            if !came_out || !article.may(&by.user, Action::Withdraw) {
                return Err(Error::Forbidden);
            }
            sent.errors
                .add("publish_at", "Readers have it since then. Withdraw it to take it away from them.");
            return refused(app, &by.user, existing.as_ref(), sent).await;
        }
    }
    save(app, by, existing, sent, action).await
}

async fn save(
    app: &App,
    by: &Acting<Author>,
    existing: Option<Existing>,
    mut sent: Sent,
    action: Action,
) -> Result<Response> {
    // An edit that waits is typed in a form of its own: what its writer typed into the article's stays.
    let settles = !sent.typed.is_edit();
    match article_write::written(app, by.by(), existing.as_ref(), &sent.to_save(), action, settles).await? {
        Written::Saved { id, left } => {
            let is_plan = existing.is_some_and(|existing| existing.article.planned);
            let said = article_write::said(app, id, action, is_plan, &left).await?;
            let said = format!("{said} {}", sent.known_picture);
            Ok(Flash::new(app, said.trim_end()).to(&paths::desk::article(id)))
        }
        // Somebody saved while this body was cleaned.
        Written::Stale(id) => {
            let theirs = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
            article_conflict::page(app, &by.user, &theirs, sent, action, StatusCode::CONFLICT).await
        }
        Written::Refused { errors, edit } => {
            sent.errors = errors;
            sent.typed.edit = edit.unwrap_or(sent.typed.edit);
            refused(app, &by.user, existing.as_ref(), sent).await
        }
    }
}

async fn refused(app: &App, user: &User, existing: Option<&Existing>, mut sent: Sent) -> Result<Response> {
    let id = existing.map(|existing| existing.article.id);
    sent.sequence = waiting::sequence(app, user, id, &sent.typed).await?;
    let status =
        if sent.too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(Page::new(&form(app, user, existing, sent).await?).status(status).into_response())
}

fn action(upload: &Upload) -> Result<Action> {
    let name = upload.text("action");
    Action::named(if name.is_empty() { "save" } else { name })
        .filter(|action| !matches!(action, Action::Trash | Action::Restore))
        .ok_or_else(|| Error::BadRequest("The field action names one of the form's buttons.".to_owned()))
}

/// The form as it is stored, with a note that was refused.
pub async fn refused_note(
    app: &App,
    user: &User,
    existing: &Existing,
    typed: &str,
    why: String,
) -> Result<Response> {
    let mut view = form(app, user, Some(existing), stored(app, existing).await?).await?;
    view.errors.add("note", why);
    if let Some(newsroom) = &mut view.newsroom {
        typed.clone_into(&mut newsroom.typed);
    }
    Ok(Page::new(&view).unprocessable().into_response())
}

/// The form with other words than those that are stored; `is_changed`: they would be lost if it were left.
pub async fn screen(
    app: &App,
    user: &User,
    existing: &Existing,
    sent: Sent,
    is_changed: bool,
    notice: Notice,
) -> Result<Page> {
    let mut view = form(app, user, Some(existing), sent).await?;
    view.is_changed = is_changed;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

/// What the form of an article holds before anybody types.
pub async fn stored(app: &App, existing: &Existing) -> Result<Sent> {
    let typed = editing::stored(app, existing).await?;
    let picture = match existing.article.picture_id {
        Some(id) => media::by_id(&app.db, id).await?,
        None => None,
    };
    Ok(Sent { typed, picture, ..Sent::default() })
}

async fn form(app: &App, user: &User, existing: Option<&Existing>, sent: Sent) -> Result<ArticleForm> {
    let article = existing.map(|existing| &existing.article);
    let title = article.map_or("New article", |article| article.headline.as_str());
    let suggested = match article {
        Some(article) => related::suggested(&app.db, article.id, SUGGESTED).await?,
        None => Vec::new(),
    };
    let picture_id = sent.picture.as_ref().map(|picture| picture.id);
    let id = article.map(|article| article.id);
    let writing = Writing::new(app, user, id, &sent.typed, picture_id, (sent.unsaved, sent.sequence)).await?;
    let newsroom = match article {
        Some(article) => Some(Newsroom::load(app, user, article).await?),
        None => None,
    };
    Ok(ArticleForm {
        newsroom,
        frame: Frame::new(app, user, title).at(paths::desk::ARTICLES),
        action: article
            .map_or_else(|| paths::desk::ARTICLES.to_owned(), |article| paths::desk::article(article.id)),
        is_changed: !sent.errors.is_empty(),
        stored: article.map(|article| Stored::new(article, app)),
        may: May::of(user, article),
        picture: sent.picture.as_ref().and_then(Kept::of),
        known_picture: sent.known_picture,
        typed: sent.typed,
        errors: sent.errors,
        library: article_picture::offers(app, user).await?,
        sections: section::all(&app.db).await?,
        places: place::all(&app.db).await?,
        suggested,
        writing,
        zone: app.site.timezone.name(),
    })
}

impl Stored {
    fn new(article: &Article, app: &App) -> Self {
        let now = Utc::now();
        let scheduled = article.publish_at.is_some_and(|at| at > now);
        let expired = article.expire_at.is_some_and(|at| at <= now);
        Self {
            id: article.id,
            status: Status::new(article.state, scheduled, expired),
            public: article.visible.then(|| article.href()),
            version: article.version,
            saved: when(article.updated_at, &app.site),
        }
    }
}

impl May {
    pub fn of(user: &User, article: Option<&Article>) -> Self {
        let may = |action| match article {
            Some(article) => article.may(user, action),
            None => state::may(user.role, true, Standing::Draft, action),
        };
        let is_published = article.is_some_and(|article| article.state == State::Published);
        Self {
            save: may(Action::Save),
            // Whoever can publish asks nobody.
            submit: may(Action::Submit) && !may(Action::Publish),
            give_back: may(Action::Return),
            publish: may(Action::Publish) && !is_published,
            schedule: may(Action::Schedule),
            withdraw: may(Action::Withdraw),
        }
    }
}

impl Kept {
    pub fn of(picture: &Media) -> Option<Self> {
        Some(Self {
            key: PictureKey::of(picture)?.to_string(),
            name: picture.name.clone(),
            shown: picture.picture().filter(Picture::is_ready),
        })
    }
}
