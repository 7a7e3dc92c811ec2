//! Tags: found by their letters, renamed, merged into one another, deleted when nothing carries them.
//!
//! An address that a tag once had leads to it for ever; that rule lives in `news::tag`.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::{Acting, Frame, Routes};
use crate::accounts::User;
use crate::news::audit;
use crate::news::tag::{self, Found, MAX_NAME, Tag, TagId, Usage};
use crate::paths;
use crate::text::Slug;
use crate::web::{App, Editor, Error, Errors, Flash, Form, Notice, Page, Path, Query, Result};

const PAGE: i64 = 50;
/// Names that the merge form completes.
const COMPLETED: i64 = 200;

pub fn routes() -> Routes {
    vec![
        (paths::desk::TAGS, get(index)),
        ("/desk/tags/{id}", get(edit).post(update)),
        ("/desk/tags/{id}/merge", post(merge)),
        ("/desk/tags/{id}/delete", post(delete)),
    ]
}

#[derive(Template)]
#[template(path = "desk/tags.html")]
struct Tags {
    frame: Frame,
    words: String,
    rows: Vec<Usage>,
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

/// GET: the tags whose name holds the words, by name.
pub async fn index(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Query(asked): Query<Asked>,
) -> Result<Page> {
    let words = asked.q.trim().to_owned();
    let mut rows = tag::list(&app.db, &words, &asked.after, PAGE + 1).await?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| more).map(|last| paths::desk::tags_after(&words, &last.name));
    Ok(Page::new(&Tags {
        frame: Frame::new(&app, &user, "Tags").at(paths::desk::TAGS).notice(notice),
        words,
        rows,
        next,
    }))
}

#[derive(Template)]
#[template(path = "desk/tag.html")]
struct TagForm {
    frame: Frame,
    tag: Tag,
    /// As typed.
    name: String,
    into: String,
    errors: Errors,
    /// The tag that has the wished address already: merging is what is meant, perhaps.
    heir: Option<Tag>,
    completions: Vec<Tag>,
}

/// GET: one tag with its forms.
pub async fn edit(
    State(app): State<App>,
    Editor(user): Editor,
    notice: Notice,
    Path(id): Path<TagId>,
) -> Result<Page> {
    let view = form(&app, &user, id).await?;
    Ok(Page::new(&TagForm { frame: view.frame.notice(notice), ..view }))
}

async fn form(app: &App, user: &User, id: TagId) -> Result<TagForm> {
    let tag = tag::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut completions = tag::suggest(&app.db, "", COMPLETED).await?;
    completions.retain(|other| other.id != id);
    Ok(TagForm {
        frame: Frame::new(app, user, format!("Tag: {}", tag.name)).at(paths::desk::TAGS),
        name: tag.name.clone(),
        into: String::new(),
        errors: Errors::default(),
        heir: None,
        completions,
        tag,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renamed {
    name: String,
}

/// POST: a new name and the address that follows from it; the old address redirects.
pub async fn update(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<TagId>,
    Form(renamed): Form<Renamed>,
) -> Result<Response> {
    let mut view = form(&app, &by.user, id).await?;
    let name = renamed.name.split_whitespace().collect::<Vec<_>>().join(" ");
    view.name = renamed.name;
    let slug = match Slug::of(&name) {
        Some(_) if name.chars().count() > MAX_NAME => {
            view.errors.add("name", format!("A tag has at most {MAX_NAME} letters."));
            return Ok(Page::new(&view).unprocessable().into_response());
        }
        Some(slug) => slug,
        None => {
            view.errors.add("name", "A tag needs a letter or a digit.");
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    if !tag::rename(&mut tx, id, &name, &slug).await? {
        view.errors.add("name", format!("Another tag has the address {slug} already."));
        if let Found::Tag(heir) = tag::by_slug(&app.db, slug.as_str()).await? {
            view.heir = Some(heir);
        }
        return Ok(Page::new(&view).unprocessable().into_response());
    }
    let detail = json!({ "name": name, "was": view.tag.name });
    audit::record(&mut tx, &by.actor, "rename", "tag", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The tag is called {name} now.")).to(&paths::desk::tag(id)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    into: String,
}

/// POST: everything that carries this tag carries the other one from now on.
pub async fn merge(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<TagId>,
    Form(merge): Form<Merge>,
) -> Result<Response> {
    let mut view = form(&app, &by.user, id).await?;
    let into = match Slug::of(&merge.into) {
        Some(slug) => tag::by_slug(&app.db, slug.as_str()).await?,
        None => Found::Nothing,
    };
    view.into = merge.into;
    let into = match into {
        Found::Tag(into) | Found::Moved(into) if into.id != id => into,
        Found::Tag(_) | Found::Moved(_) => {
            view.errors.add("into", "A tag cannot be merged into itself.");
            return Ok(Page::new(&view).unprocessable().into_response());
        }
        Found::Nothing => {
            view.errors.add("into", "There is no tag of this name.");
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    tag::merge(&mut tx, id, into.id).await?;
    let detail = json!({ "name": view.tag.name, "into": into.name });
    audit::record(&mut tx, &by.actor, "merge", "tag", Some(into.id.0), detail).await?;
    tx.commit().await?;
    let done = format!("{} is part of {} now; its address leads there.", view.tag.name, into.name);
    Ok(Flash::new(&app, &done).to(&paths::desk::tag(into.id)))
}

/// POST: deletes a tag that no article carries.
pub async fn delete(State(app): State<App>, by: Acting<Editor>, Path(id): Path<TagId>) -> Result<Response> {
    let tag = tag::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    if !tag::delete(&mut tx, id).await? {
        return Err(Error::Conflict(format!(
            "Articles carry the tag {}. Merge it into another instead.",
            tag.name
        )));
    }
    audit::record(&mut tx, &by.actor, "delete", "tag", Some(id.0), json!({ "name": tag.name })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The tag {} is deleted.", tag.name)).to(paths::desk::TAGS))
}
