//! `GET /api/v1/openapi.json`: the API described by itself, from the same types that answer.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::schema::ArrayItems;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Described, RefOr, Schema, Server};

use super::{articles, authors, desk, docs, most_viewed, search, sections, tags, topics};
use crate::web::problem::Refused;
use crate::web::{App, CachePolicy, Document, Error, Site};

#[derive(OpenApi)]
#[openapi(
    info(
        version = "1",
        title = "News",
        description = "Articles of this site for programs. What readers see is open to everybody; working as at the desk \
                       needs a token. Every refusal is problem+json (RFC 9457).",
        license(name = "The articles belong to their publisher")
    ),
    paths(
        articles::index,
        articles::show,
        sections::index,
        sections::show,
        tags::index,
        tags::show,
        topics::index,
        topics::show,
        authors::index,
        authors::show,
        most_viewed::index,
        search::index,
        desk::me,
        desk::articles::index,
        desk::articles::create,
        desk::articles::show,
        desk::articles::update,
        desk::articles::submit,
        desk::articles::give_back,
        desk::articles::publish,
        desk::articles::withdraw,
        desk::media::index,
        desk::media::show,
        desk::media::create,
        show,
        docs::home,
        docs::show,
    ),
    tags(
        (name = "Reading", description = "What readers see. No token, from any page of any site."),
        (name = "Working", description = "As at the desk, with a token: what its owner may, and of that what its scopes say."),
        (name = "This API", description = "Its description."),
    )
)]
struct Api;

/// The description, for a site at this address.
pub fn document(site: &Site) -> Described {
    let mut document = Api::openapi();
    document.info.title = format!("{}: API", site.name);
    document.servers = Some(vec![Server::new(site.base_url.clone())]);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token from the desk, under API tokens."))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    // `fields` may leave out any of theirs, by itself or in a list.
    for name in ["Article", "Author", "Named", "Section", "Topic"] {
        if let Some(shape) = components.schemas.get_mut(name) {
            require_nothing(shape);
        }
        let list = components.schemas.get_mut(&format!("List_{name}"));
        if let Some(RefOr::T(Schema::Object(list))) = list
            && let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items")
            && let ArrayItems::RefOrSchema(shape) = &mut items.items
        {
            require_nothing(shape);
        }
    }
    document
}

fn require_nothing(shape: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(shape)) = shape {
        shape.required.clear();
    }
}

/// The description itself.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "This API", responses(
    (status = 200, description = "OpenAPI 3.1.", content_type = "application/json", body = Object),
))]
pub(super) async fn show(State(app): State<App>) -> Result<Response, Refused> {
    let bytes = serde_json::to_vec(&document(&app.site)).map_err(Error::internal)?;
    Ok(Document::new("application/json", bytes).policy(CachePolicy::Page).into_response())
}
