//! The topics of In Focus: their order, which of them stand on the front page, and their form (`form`).

mod check;
mod form;
mod typed;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::order::Move;
use super::{Acting, Frame, Routes};
use crate::news::audit;
use crate::news::topic::{self, Topic, TopicId};
use crate::paths;
use crate::web::{App, Editor, Error, Flash, Form, Notice, Page, Path, Result};

pub fn routes() -> Routes {
    vec![
        (paths::desk::TOPICS, get(index).post(form::create)),
        (paths::desk::TOPIC_NEW, get(form::new)),
        (paths::desk::TOPIC_ORDER, post(reorder)),
        ("/desk/topics/{id}", get(form::edit).post(form::update)),
        ("/desk/topics/{id}/pin", post(pin)),
        ("/desk/topics/{id}/delete", post(delete)),
    ]
}

#[derive(Template)]
#[template(path = "desk/topics.html")]
struct Topics {
    frame: Frame,
    rows: Vec<Row>,
}

struct Row {
    topic: Topic,
    first: bool,
    last: bool,
}

/// GET: all topics in their order.
pub async fn index(State(app): State<App>, Editor(user): Editor, notice: Notice) -> Result<Page> {
    let topics = topic::all(&app.db).await?;
    let count = topics.len();
    let rows = topics.into_iter().enumerate();
    let rows = rows.map(|(at, topic)| Row { topic, first: at == 0, last: at + 1 == count }).collect();
    Ok(Page::new(&Topics {
        frame: Frame::new(&app, &user, "Topics").at(paths::desk::TOPICS).notice(notice),
        rows,
    }))
}

/// POST: one place up or down.
pub async fn reorder(State(app): State<App>, by: Acting<Editor>, Form(step): Form<Move>) -> Result<Response> {
    let mut tx = app.db.begin().await?;
    let order = topic::all(&mut *tx).await?.into_iter().map(|topic| topic.id).collect();
    let order: Vec<TopicId> = step.apply(order).ok_or(Error::NotFound)?;
    topic::reorder(&mut tx, &order).await?;
    let id = step.id::<TopicId>().map(|id| id.0);
    audit::record(&mut tx, &by.actor, "move", "topic", id, json!({ "to": step.way() })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, "The order of the topics is saved.").to(paths::desk::TOPICS))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// `yes` or `no`
    pinned: String,
}

/// POST: onto the front page, or off it.
pub async fn pin(
    State(app): State<App>,
    by: Acting<Editor>,
    Path(id): Path<TopicId>,
    Form(form): Form<Pin>,
) -> Result<Response> {
    let pinned = match form.pinned.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::BadRequest("The field pinned is yes or no.".to_owned())),
    };
    let mut tx = app.db.begin().await?;
    if !topic::set_pinned(&mut tx, id, pinned).await? {
        return Err(Error::NotFound);
    }
    let (verb, done) = if pinned {
        ("pin", "The topic stands on the front page.")
    } else {
        ("unpin", "The topic is off the front page.")
    };
    audit::record(&mut tx, &by.actor, verb, "topic", Some(id.0), json!({})).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, done).to(paths::desk::TOPICS))
}

/// POST: deletes a topic; its articles and tags stay.
pub async fn delete(State(app): State<App>, by: Acting<Editor>, Path(id): Path<TopicId>) -> Result<Response> {
    let topic = topic::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.begin().await?;
    topic::delete(&mut tx, id).await?;
    let detail = json!({ "title": topic.title, "slug": topic.slug });
    audit::record(&mut tx, &by.actor, "delete", "topic", Some(id.0), detail).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("The topic {} is deleted.", topic.title)).to(paths::desk::TOPICS))
}
