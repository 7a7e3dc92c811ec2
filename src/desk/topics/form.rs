//! The form of a topic. What its fields hold is `typed`, what is right in them `check`.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::check;
use super::typed::{FIELDS, Typed};
use crate::accounts::User;
use crate::desk::{Acting, Frame, multipart, picture_field};
use crate::news::audit;
use crate::news::media;
use crate::news::section::{self, Section};
use crate::news::topic::{self, Fields, Topic, TopicId};
use crate::paths;
use crate::text::Slug;
use crate::web::{App, Editor, Error, Errors, Flash, Notice, Page, Path, Result, UploadLimits};

#[derive(Template)]
#[template(path = "desk/topic.html")]
struct TopicForm {
    frame: Frame,
    /// `None`: a new one.
    topic: Option<Topic>,
    action: String,
    typed: Typed,
    errors: Errors,
    sections: Vec<Section>,
}

/// GET: an empty form.
pub async fn new(State(app): State<App>, Editor(user): Editor) -> Result<Page> {
    let typed = Typed::default().with_room();
    Ok(Page::new(&view(&app, &user, None, typed, Errors::default()).await?))
}

/// GET: the form of a topic.
pub async fn edit(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Path(id): Path<TopicId>,
) -> Result<Page> {
    let topic = topic::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let picture = match topic.picture_id {
        Some(picture) => media::by_id(&app.db, picture).await?,
        None => None,
    };
    let picked = topic::picked(&app.db, id).await?;
    let typed = Typed::stored(&topic, picture, &picked);
    let view = view(&app, &user, Some(topic), typed, Errors::default()).await?;
    Ok(Page::new(&TopicForm { frame: view.frame.notice(notice), ..view }))
}

async fn view(
    app: &App,
    user: &User,
    topic: Option<Topic>,
    typed: Typed,
    errors: Errors,
) -> Result<TopicForm> {
    let (title, action) = match &topic {
        Some(topic) => (format!("Topic: {}", topic.title), paths::desk::topic(topic.id)),
        None => ("New topic".to_owned(), paths::desk::TOPICS.to_owned()),
    };
    let frame = Frame::new(app, user, title).at(paths::desk::TOPICS);
    let sections = section::all(&app.db).await?;
    Ok(TopicForm { frame, topic, action, typed, errors, sections })
}

/// POST: a new topic behind the others.
pub async fn create(State(app): State<App>, by: Acting<Editor>, request: Request) -> Result<Response> {
    let (typed, fields, mut errors) = read(&app, &by, request).await?;
    let words = if typed.slug.trim().is_empty() { &typed.title } else { &typed.slug };
    let slug = Slug::of(words);
    if slug.is_none() && !typed.slug.trim().is_empty() {
        errors.add("slug", "An address needs a letter or a digit.");
    } else if slug.is_none() {
        errors.add("title", "A title needs a letter or a digit.");
    }
    let (Some(slug), Some(fields)) = (slug, fields.filter(|_| errors.is_empty())) else {
        return Ok(Page::new(&view(&app, &by.user, None, typed, errors).await?)
            .unprocessable()
            .into_response());
    };
    let mut tx = app.db.begin().await?;
    let Some(id) = topic::create(&mut tx, &slug, &fields).await? else {
        errors.add("slug", format!("There is a topic with the address {slug} already."));
        return Ok(Page::new(&view(&app, &by.user, None, typed, errors).await?)
            .unprocessable()
            .into_response());
    };
    let detail = json!({ "title": fields.title, "slug": slug });
    audit::record(&mut tx, &by.actor, "create", "topic", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The topic {} is made.", fields.title)).to(paths::desk::TOPICS))
}

/// POST: changes a topic; its address stays.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<TopicId>,
    request: Request,
) -> Result<Response> {
    let topic = topic::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let (typed, fields, errors) = read(&app, &by, request).await?;
    let Some(fields) = fields else {
        let view = view(&app, &by.user, Some(topic), typed, errors).await?;
        return Ok(Page::new(&view).unprocessable().into_response());
    };
    let mut tx = app.db.begin().await?;
    topic::update(&mut tx, id, &fields).await?;
    let detail = json!({ "title": fields.title, "was": topic.title });
    audit::record(&mut tx, &by.actor, "update", "topic", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The topic {} is saved.", fields.title)).to(&paths::desk::topic(id)))
}

/// What was typed, the same checked, and what is wrong with it; nothing checked while anything is wrong.
async fn read(app: &App, by: &Acting<Editor>, request: Request) -> Result<(Typed, Option<Fields>, Errors)> {
    let (upload, mut errors) = multipart::read(app, request, UploadLimits::PICTURES, &FIELDS).await?;
    let picture = picture_field::read(app, &by.actor, &upload, picture_field::PICTURE, &mut errors).await?;
    let mut typed = Typed::sent(&upload, picture);
    let fields = check::check(app, &mut typed, &mut errors).await?;
    let fields = errors.is_empty().then_some(fields);
    Ok((typed, fields, errors))
}
