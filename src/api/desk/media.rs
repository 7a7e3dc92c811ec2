//! Pictures as at the desk: a list, one, and a new one with what is known of it. Films are uploaded at the desk.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::shapes::Medium;
use crate::accounts::api_token::Scope;
use crate::api::answer::{self, Fields, List};
use crate::api::asked::{self, Asked};
use crate::api::bearer::Bearer;
use crate::api::shapes::Problem as Shape;
use crate::editing::about::{Typed, check};
use crate::editing::pictures::{self, Refusal};
use crate::editing::{self, multipart, only};
use crate::news::audit;
use crate::news::media::library::{self, Filter};
use crate::news::media::quota::Exceeded;
use crate::news::media::{self, Kind, MediaId, about};
use crate::paths::api as paths;
use crate::text::cursor;
use crate::web::problem::{Problem, Refused};
use crate::web::{App, Error, Errors, Path, UploadLimits};

const NAMES: [&str; 8] =
    ["file", "alt", "decorative", "caption", "credit", "source", "licence", "licence_until"];

const MAX_WORDS: usize = 200;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Words in the name, the alt text, the caption, the credit or the source.
    #[param(max_length = 200)]
    q: Option<String>,
    /// How many at once; 20 when nobody says.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// From `next` of the page before.
    #[param(max_length = 20, pattern = "^[1-9][0-9]{0,17}$")]
    cursor: Option<String>,
}

/// A form: the picture, and what is known of it.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code)] // the description of what `multipart` reads
pub struct NewPicture {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What it shows; may be left out only with `decorative`.
    alt: Option<String>,
    /// `on`: it shows nothing that a reader would miss.
    decorative: Option<String>,
    caption: Option<String>,
    credit: Option<String>,
    source: Option<String>,
    licence: Option<String>,
    /// The last day on which it may be shown, as 2027-01-31.
    licence_until: Option<String>,
}

/// Media, the newest first.
#[utoipa::path(get, path = "/api/v1/desk/media", tag = "Working", security(("token" = [])), params(Wanted), responses(
    (status = 200, description = "Those that the owner of the token may see.", body = List<Medium>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn index(
    State(app): State<App>,
    bearer: Bearer,
    Asked(asked): Asked<Wanted>,
) -> Result<Response, Refused> {
    bearer.may(Scope::MediaRead)?;
    let size = asked::size(asked.limit)?;
    let before = match asked.cursor.as_deref() {
        None => None,
        Some(text) => {
            let id = text.parse().ok().filter(|id: &MediaId| id.0 > 0);
            Some(id.ok_or_else(asked::not_a_cursor)?)
        }
    };
    let words = asked.q.clone().unwrap_or_default();
    if words.chars().count() > MAX_WORDS {
        return Err(Problem::parameter("q", format!("At most {MAX_WORDS} letters.")).into());
    }
    let filter = Filter { words: words.clone(), only_for: only(bearer.user()), ..Filter::default() };
    let found = library::latest(&app.db, &filter, before, asked::one_more(size)).await?;
    let (found, next) = cursor::page(found, size, |last| last.id.to_string());
    let items: Vec<Medium> = found.iter().map(|medium| Medium::of(&app.site, medium)).collect();
    let limit = asked::again(asked.limit);
    let again = [("q", words.as_str()), ("limit", limit.as_str())];
    Ok(answer::private(answer::list(&app, paths::DESK_MEDIA, &again, (items, next), &Fields::all())?))
}

/// One picture or film.
#[utoipa::path(get, path = "/api/v1/desk/media/{id}", tag = "Working", security(("token" = [])), params(("id" = i64, Path, minimum = 1)), responses(
    (status = 200, description = "What is known of it.", body = Medium),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such medium for you.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn show(
    State(app): State<App>,
    bearer: Bearer,
    Path(id): Path<MediaId>,
) -> Result<Response, Refused> {
    bearer.may(Scope::MediaRead)?;
    let medium = editing::seen(&app, bearer.user(), id).await?;
    Ok(Json(Medium::of(&app.site, &medium)).into_response())
}

/// A new picture.
#[utoipa::path(post, path = "/api/v1/desk/media", tag = "Working", security(("token" = [])),
    request_body(content = NewPicture, content_type = "multipart/form-data"), responses(
    (status = 201, description = "Kept; its sizes are made in a moment.", body = Medium),
    (status = 200, description = "The same file was there already.", body = Medium),
    (status = 400, description = "The form is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 413, description = "The file is larger than 20 MiB.", body = Shape, content_type = "application/problem+json"),
    (status = 415, description = "It is no multipart form.", body = Shape, content_type = "application/problem+json"),
    (status = 422, description = "The picture, or what is said of it, cannot be kept.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
    (status = 507, description = "There is no room left.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn create(State(app): State<App>, bearer: Bearer, request: Request) -> Result<Response, Refused> {
    bearer.may(Scope::MediaWrite)?;
    let (upload, mut errors) = multipart::read(&app, request, UploadLimits::PICTURES, &NAMES).await?;
    if errors.on("file").is_some() {
        return Err(Error::TooLarge.into());
    }
    let text = |name: &str| upload.text(name).to_owned();
    let typed = Typed {
        alt: text("alt"),
        decorative: text("decorative"),
        caption: text("caption"),
        credit: text("credit"),
        source: text("source"),
        licence: text("licence"),
        licence_until: text("licence_until"),
        ..Typed::default()
    };
    let known = check(&typed, Kind::Picture, app.site.timezone, &mut errors);
    let file = upload.file("file");
    if file.is_none() {
        errors.add("file", "Send a picture.");
    }
    let (Some(known), Some(file)) = (known, file) else { return Err(Problem::fields(&errors).into()) };
    let kept = match pictures::keep(&app, &bearer.actor, file).await? {
        Ok(kept) => kept,
        Err(Refusal::File(refused)) => return Err(refused_at_file(&refused.to_string())),
        Err(Refusal::Quota(Exceeded::Hour(wait))) => return Err(Error::TooMany { retry_after: wait }.into()),
        Err(Refusal::Quota(_)) => return Err(Error::Full.into()),
    };
    // What others know of a picture that was there already stays theirs.
    if !kept.duplicate {
        let mut tx = app.db.begin().await?;
        about::update(&mut tx, kept.id, &known).await?;
        let detail = json!({ "name": file.name, "credit": known.credit, "licence": known.licence });
        audit::record(&mut tx, &bearer.actor, "update", "picture", Some(kept.id.0), detail).await?;
        tx.commit().await?;
    }
    let medium = media::by_id(&app.db, kept.id).await?.ok_or(Error::NotFound)?;
    let medium = Medium::of(&app.site, &medium);
    let status = if kept.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    let mut response = (status, Json(&medium)).into_response();
    if let Ok(address) = HeaderValue::try_from(medium.api_url) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    Ok(response)
}

fn refused_at_file(why: &str) -> Refused {
    let mut errors = Errors::default();
    errors.add("file", why);
    Problem::fields(&errors).into()
}
