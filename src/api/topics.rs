//! `GET /api/v1/topics` and `/api/v1/topics/{slug}`: what is In Focus.

use axum::extract::State;
use axum::response::Response;

use super::answer::{self, Fields, List};
use super::asked::{Asked, Cut};
use super::shapes::{Problem as Shape, Topic};
use crate::news::topic;
use crate::paths::api as paths;
use crate::web::problem::Refused;
use crate::web::{App, Error, Path};

/// All topics.
#[utoipa::path(get, path = "/api/v1/topics", tag = "Reading", params(Cut), responses(
    (status = 200, description = "In the order of the editors; the list has one page.", body = List<Topic>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn index(State(app): State<App>, Asked(cut): Asked<Cut>) -> Result<Response, Refused> {
    let fields = Fields::of::<Topic>(cut.fields.as_deref())?;
    let all = topic::all(&app.db).await?;
    let all: Vec<Topic> = all.iter().map(|one| Topic::of(&app.site, one)).collect();
    answer::list(&app, paths::TOPICS, &[], (all, None), &fields)
}

/// One topic.
#[utoipa::path(get, path = "/api/v1/topics/{slug}", tag = "Reading", params(("slug" = String, Path), Cut), responses(
    (status = 200, description = "The topic.", body = Topic),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such topic.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Asked(cut): Asked<Cut>,
) -> Result<Response, Refused> {
    let fields = Fields::of::<Topic>(cut.fields.as_deref())?;
    let found = topic::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    answer::one(&Topic::of(&app.site, &found), &fields)
}
