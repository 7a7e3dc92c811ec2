//! `GET /api/v1/authors` and `/api/v1/authors/{slug}`: those of something that readers can see.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{self, Fields, List};
use super::articles;
use super::asked::{self, Asked};
use super::shapes::{Author, Problem as Shape};
use crate::news::author;
use crate::paths::api as paths;
use crate::text::Slug;
use crate::web::problem::Refused;
use crate::web::{App, Error, Path};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Names of fields with commas between them; all when nobody says.
    #[param(example = "slug,name")]
    fields: Option<String>,
    /// How many at once; 20 when nobody says.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// From `next` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Cut {
    /// Names of fields with commas between them; all when nobody says.
    #[param(example = "slug,name")]
    fields: Option<String>,
}

/// All authors of published articles.
#[utoipa::path(get, path = "/api/v1/authors", tag = "Reading", params(Wanted), responses(
    (status = 200, description = "In the order of their slugs.", body = List<Author>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn index(State(app): State<App>, Asked(asked): Asked<Wanted>) -> Result<Response, Refused> {
    let fields = Fields::of::<Author>(asked.fields.as_deref())?;
    let size = asked::size(asked.limit)?;
    let after = match asked.cursor.as_deref() {
        None => String::new(),
        Some(cursor) => {
            let slug = Slug::of(cursor).filter(|slug| slug.as_str() == cursor);
            slug.ok_or_else(asked::not_a_cursor)?.to_string()
        }
    };
    let limit = i64::try_from(size).unwrap_or(20) + 1;
    let mut found = author::seen(&app.db, &after, limit).await?;
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|last| last.slug.clone());
    let again = [
        ("fields", asked.fields.as_deref().unwrap_or_default()),
        ("limit", &asked.limit.map(|limit| limit.to_string()).unwrap_or_default()),
    ];
    let items: Vec<Author> = found.iter().map(|one| Author::of(&app.site, one)).collect();
    answer::list(&app, paths::AUTHORS, &again, (items, next), &fields)
}

/// One author.
#[utoipa::path(get, path = "/api/v1/authors/{slug}", tag = "Reading", params(("slug" = String, Path), Cut), responses(
    (status = 200, description = "The author.", body = Author),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "Readers see nothing of this author.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    State(app): State<App>,
    Path(slug): Path<String>,
    Asked(cut): Asked<Cut>,
) -> Result<Response, Refused> {
    let fields = Fields::of::<Author>(cut.fields.as_deref())?;
    let found = articles::author_of(&app, &slug).await?.ok_or(Error::NotFound)?;
    answer::one(&Author::of(&app.site, &found), &fields)
}
