//! `GET /api/v1/tags` and `/api/v1/tags/{slug}`: those of something that readers can see.

use axum::extract::State;
use axum::response::Response;

use super::answer::{self, Fields, List};
use super::articles;
use super::asked::{self, Asked, BySlug, Cut};
use super::shapes::{Named, Problem as Shape};
use crate::news::tag;
use crate::paths::api as paths;
use crate::text::cursor;
use crate::web::problem::Refused;
use crate::web::{App, Error, Path};

/// All tags of published articles.
#[utoipa::path(get, path = "/api/v1/tags", tag = "Reading", params(BySlug), responses(
    (status = 200, description = "In the order of their slugs.", body = List<Named>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn index(State(app): State<App>, Asked(asked): Asked<BySlug>) -> Result<Response, Refused> {
    let fields = Fields::of::<Named>(asked.fields.as_deref())?;
    let size = asked::size(asked.limit)?;
    let found = tag::seen(&app.db, &asked.after()?, asked::one_more(size)).await?;
    let (found, next) = cursor::page(found, size, |one| one.slug.clone());
    let limit = asked::again(asked.limit);
    let again = [("fields", asked.fields.as_deref().unwrap_or_default()), ("limit", &limit)];
    let items: Vec<Named> = found.iter().map(|one| Named::tag(&app.site, one)).collect();
    answer::list(&app, paths::TAGS, &again, (items, next), &fields)
}

/// One tag.
#[utoipa::path(get, path = "/api/v1/tags/{slug}", tag = "Reading", params(("slug" = String, Path), Cut), responses(
    (status = 200, description = "The tag.", body = Named),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "Readers see nothing of this tag.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Asked(cut): Asked<Cut>,
) -> Result<Response, Refused> {
    let fields = Fields::of::<Named>(cut.fields.as_deref())?;
    let found = articles::tag_of(&app, &slug).await?.ok_or(Error::NotFound)?;
    answer::one(&Named::tag(&app.site, &found), &fields)
}
