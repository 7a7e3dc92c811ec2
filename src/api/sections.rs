//! `GET /api/v1/sections` and `/api/v1/sections/{slug}`: the departments of the paper.

use axum::extract::State;
use axum::response::Response;

use super::answer::{self, Fields, List};
use super::asked::{Asked, Cut};
use super::shapes::{Problem as Shape, Section};
use crate::news::section;
use crate::paths::api as paths;
use crate::web::problem::Refused;
use crate::web::{App, Error, Path};

/// All sections.
#[utoipa::path(get, path = "/api/v1/sections", tag = "Reading", params(Cut), responses(
    (status = 200, description = "In the order of the editors; the list has one page.", body = List<Section>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn index(State(app): State<App>, Asked(cut): Asked<Cut>) -> Result<Response, Refused> {
    let fields = Fields::of::<Section>(cut.fields.as_deref())?;
    let all = section::all(&app.db).await?;
    let all: Vec<Section> = all.iter().map(|one| Section::of(&app.site, one)).collect();
    answer::list(&app, paths::SECTIONS, &[], (all, None), &fields)
}

/// One section.
#[utoipa::path(get, path = "/api/v1/sections/{slug}", tag = "Reading", params(("slug" = String, Path), Cut), responses(
    (status = 200, description = "The section.", body = Section),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such section.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Asked(cut): Asked<Cut>,
) -> Result<Response, Refused> {
    let fields = Fields::of::<Section>(cut.fields.as_deref())?;
    let found = section::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    answer::one(&Section::of(&app.site, &found), &fields)
}
