//! The form of a topic: words, picture, tags, and articles picked by hand.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::accounts::User;
use crate::desk::{Acting, Frame, multipart, picked, picture_field};
use crate::news::audit;
use crate::news::media::{self, Media};
use crate::news::topic::{self, Fields, Topic, TopicId};
use crate::paths;
use crate::text::{Slug, names};
use crate::web::{App, Editor, Error, Errors, Flash, Notice, Page, Path, Result, Upload, UploadLimits};

/// As the schema has them.
const MAX_TITLE: usize = 100;
const MAX_DESCRIPTION: usize = 1000;
const MAX_ALT: usize = 500;

const FIELDS: [&str; 10] = [
    "title",
    "slug",
    "description",
    "picture",
    "picture_id",
    "picture_remove",
    "picture_alt",
    "pinned",
    "tags",
    "articles",
];

#[derive(Template)]
#[template(path = "desk/topic.html")]
struct TopicForm {
    frame: Frame,
    /// `None`: a new one.
    topic: Option<Topic>,
    action: String,
    typed: Typed,
    errors: Errors,
}

/// What the fields hold, as typed.
#[derive(Default)]
struct Typed {
    title: String,
    slug: String,
    description: String,
    picture: Option<Media>,
    picture_alt: String,
    pinned: bool,
    tags: String,
    articles: String,
}

/// GET: an empty form.
pub async fn new(State(app): State<App>, Editor(user): Editor) -> Page {
    Page::new(&view(&app, &user, None, Typed::default(), Errors::default()))
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
    let articles = topic::picked(&app.db, id).await?;
    let typed = Typed {
        title: topic.title.clone(),
        slug: topic.slug.to_string(),
        description: topic.description.clone(),
        picture,
        picture_alt: topic.picture_alt.clone(),
        pinned: topic.pinned,
        tags: topic.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>().join(", "),
        articles: articles.iter().map(|(id, headline)| picked::line(*id, headline)).collect(),
    };
    let view = view(&app, &user, Some(topic), typed, Errors::default());
    Ok(Page::new(&TopicForm { frame: view.frame.notice(notice), ..view }))
}

fn view(app: &App, user: &User, topic: Option<Topic>, typed: Typed, errors: Errors) -> TopicForm {
    let (title, action) = match &topic {
        Some(topic) => (format!("Topic: {}", topic.title), paths::desk::topic(topic.id)),
        None => ("New topic".to_owned(), paths::desk::TOPICS.to_owned()),
    };
    TopicForm { frame: Frame::new(app, user, title).at(paths::desk::TOPICS), topic, action, typed, errors }
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
        return Ok(Page::new(&view(&app, &by.user, None, typed, errors)).unprocessable().into_response());
    };
    let mut tx = app.db.begin().await?;
    let Some(id) = topic::create(&mut tx, &slug, &fields).await? else {
        errors.add("slug", format!("There is a topic with the address {slug} already."));
        return Ok(Page::new(&view(&app, &by.user, None, typed, errors)).unprocessable().into_response());
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
        let view = view(&app, &by.user, Some(topic), typed, errors);
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
    let typed = typed(&upload, picture);
    let articles = picked::read(app, &typed.articles).await?;
    check(&typed, &mut errors);
    if !articles.unknown.is_empty() {
        errors.add("articles", format!("These lines name no article: {}.", articles.unknown.join("; ")));
    }
    let fields = errors.is_empty().then(|| Fields {
        title: typed.title.trim().to_owned(),
        description: typed.description.trim().to_owned(),
        picture_id: typed.picture.as_ref().map(|picture| picture.id),
        picture_alt: typed.picture_alt.trim().to_owned(),
        pinned: typed.pinned,
        tags: names::tags(&typed.tags),
        articles: articles.ids,
    });
    Ok((typed, fields, errors))
}

fn typed(upload: &Upload, picture: Option<Media>) -> Typed {
    let text = |name: &str| upload.text(name).replace("\r\n", "\n");
    Typed {
        title: text("title"),
        slug: text("slug"),
        description: text("description"),
        picture,
        picture_alt: text("picture_alt"),
        pinned: !upload.text("pinned").is_empty(),
        tags: text("tags"),
        articles: text("articles"),
    }
}

fn check(typed: &Typed, errors: &mut Errors) {
    let length = |text: &str| text.trim().chars().count();
    match length(&typed.title) {
        0 => errors.add("title", "Give the topic a title."),
        1..=MAX_TITLE => {}
        _ => errors.add("title", format!("A title has at most {MAX_TITLE} letters.")),
    }
    if length(&typed.description) > MAX_DESCRIPTION {
        errors.add("description", format!("A description has at most {MAX_DESCRIPTION} letters."));
    }
    match length(&typed.picture_alt) {
        0 if typed.picture.is_some() => {
            errors.add("picture_alt", "Describe the picture for those who cannot see it.");
        }
        0..=MAX_ALT => {}
        _ => errors.add("picture_alt", format!("A description of a picture has at most {MAX_ALT} letters.")),
    }
    if names::tags(&typed.tags).iter().any(|tag| tag.chars().count() > crate::news::tag::MAX_NAME) {
        errors.add("tags", format!("A tag has at most {} letters.", crate::news::tag::MAX_NAME));
    }
}
