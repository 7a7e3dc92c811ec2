//! Articles as at the desk: a list, one, a new one, a change, and what moves one on.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::shapes::{Changes, Deed, Draft, Line, Which};
use crate::accounts::api_token::Scope;
use crate::api::answer::{self, Fields, List};
use crate::api::asked::{self, Asked};
use crate::api::bearer::{Bearer, forbidden};
use crate::api::shapes::Problem as Shape;
use crate::editing::typed::Typed;
use crate::editing::write::{self, Written};
use crate::editing::{self, Existing, only, pictures};
use crate::news::article::autosave::Key;
use crate::news::article::row::{self, Filter, Row};
use crate::news::article::save::Action;
use crate::news::article::{self, ArticleId, State as Stage, state, state::Standing};
use crate::news::media::{Kind as MediaKind, MediaId};
use crate::paths::api as paths;
use crate::text::{Cursor, cursor};
use crate::web::problem::{Kind, Problem, Refused};
use crate::web::{App, Error, Errors, Path};

/// A body of JSON; what is wrong with it is said.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        // An object: a list would be read as its fields in their order.
        match Json::<Map<String, Value>>::from_request(request, app).await {
            Ok(Json(body)) => match serde_json::from_value(Value::Object(body)) {
                Ok(body) => Ok(Self(body)),
                Err(cause) => Err(Problem::new(Kind::Body, cause.to_string()).into()),
            },
            Err(cause) if cause.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Err(Error::UnsupportedMedia("The body is application/json.".to_owned()).into())
            }
            Err(cause) if cause.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Error::TooLarge.into()),
            Err(cause) => Err(Problem::new(Kind::Body, cause.body_text()).into()),
        }
    }
}

/// The version that a change is made over, from `If-Match`.
pub enum Over {
    Version(i32),
    /// `*`: whatever it is.
    Any,
}

impl FromRequestParts<App> for Over {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        let Some(line) = parts.headers.get(header::IF_MATCH) else {
            let why = "Send “If-Match” with the version that you have read, as in “ETag”.";
            return Err(Problem::new(Kind::Unconditional, why).into());
        };
        let text = line.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        // What is no version of ours matches none.
        Ok(Self::Version(text.trim_matches('"').parse().unwrap_or(0)))
    }
}

impl Over {
    fn check(self, article: &article::Article) -> Result<(), Refused> {
        match self {
            Self::Version(version) if version != article.version => Err(stale(article.version)),
            _ => Ok(()),
        }
    }
}

fn stale(newest: i32) -> Refused {
    let why = "Nothing was saved. Read the newest version, and change that.";
    let mut problem = Problem::new(Kind::Stale, why);
    problem.newest = Some(newest);
    problem.into()
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Where they are on their way.
    #[param(inline)]
    state: Option<Which>,
    /// How many at once; 20 when nobody says.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// From `next` of the page before.
    #[param(max_length = 40)]
    cursor: Option<String>,
}

/// Articles in every state that the owner of the token may open; what was touched last comes first.
#[utoipa::path(get, path = "/api/v1/desk/articles", tag = "Working", security(("token" = [])), params(Wanted), responses(
    (status = 200, description = "As the desk lists them.", body = List<Line>),
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
    bearer.may(Scope::DraftsRead)?;
    let size = asked::size(asked.limit)?;
    let before = asked::before(asked.cursor.as_deref())?;
    let state = asked.state.map_or("", Which::as_str);
    let filter = Filter { state: state.to_owned(), of: only(bearer.user()), ..Filter::default() };
    let rows = row::rows(&app.db, &filter, before, asked::one_more(size)).await?;
    let (rows, next) = cursor::page(rows, size, |row: &Row| Cursor { at: row.updated_at, id: row.id.0 });
    let line = |row: Row| Line {
        id: row.id.0,
        version: row.version,
        state: row.state.as_str().to_owned(),
        headline: row.headline,
        section_name: row.section_name,
        byline: row.byline,
        publish_at: row.publish_at,
        updated_at: row.updated_at,
        api_url: app.site.absolute(&paths::desk_article(row.id)),
    };
    let limit = asked::again(asked.limit);
    let again = [("state", state), ("limit", limit.as_str())];
    let lines: Vec<Line> = rows.into_iter().map(line).collect();
    let next = next.map(|next| next.to_string());
    let list = answer::list(&app, paths::DESK_ARTICLES, &again, (lines, next), &Fields::all())?;
    Ok(answer::private(list))
}

/// One article with everything its form has.
#[utoipa::path(get, path = "/api/v1/desk/articles/{id}", tag = "Working", security(("token" = [])), params(("id" = i64, Path, minimum = 1)), responses(
    (status = 200, description = "Its version is in `ETag`.", body = Draft),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such article for you.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn show(
    State(app): State<App>,
    bearer: Bearer,
    Path(id): Path<ArticleId>,
) -> Result<Response, Refused> {
    bearer.may(Scope::DraftsRead)?;
    told(&app, &bearer, id, StatusCode::OK).await
}

/// A new draft.
#[utoipa::path(post, path = "/api/v1/desk/articles", tag = "Working", security(("token" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Of your own making, 8 to 64 letters and digits: sent twice, one article is made.", min_length = 8, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")),
    request_body = Changes, responses(
    (status = 201, description = "Made; its version is in `ETag`, its address in `Location`.", body = Draft),
    (status = 200, description = "It was made before, with the same `Idempotency-Key`.", body = Draft),
    (status = 400, description = "The body is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 413, description = "The body is too long.", body = Shape, content_type = "application/problem+json"),
    (status = 415, description = "The body is no JSON.", body = Shape, content_type = "application/problem+json"),
    (status = 422, description = "Some fields cannot be saved like this.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn create(
    State(app): State<App>,
    bearer: Bearer,
    headers: HeaderMap,
    Sent(changes): Sent<Changes>,
) -> Result<Response, Refused> {
    bearer.may(Scope::ArticlesWrite)?;
    if !state::may(bearer.user().role, true, Standing::Draft, Action::Save) {
        return Err(forbidden());
    }
    let mut typed = Typed::blank(&app.site);
    if let Some(key) = headers.get("idempotency-key") {
        let key = key.to_str().ok().and_then(Key::parse);
        let why = "8 to 64 letters, digits, - and _.";
        let key = key.ok_or_else(|| Problem::parameter("Idempotency-Key", why))?;
        key.as_str().clone_into(&mut typed.draft);
    }
    let settles = !typed.draft.is_empty();
    match save(&app, &bearer, None, typed, &changes, Action::Save, settles).await? {
        Written::Saved { id, .. } => told(&app, &bearer, id, StatusCode::CREATED).await,
        Written::Stale(id) => told(&app, &bearer, id, StatusCode::OK).await,
        Written::Refused { errors, .. } => Err(Problem::fields(&errors).into()),
    }
}

/// Changes an article; what is not sent stays as it is.
#[utoipa::path(patch, path = "/api/v1/desk/articles/{id}", tag = "Working", security(("token" = [])),
    params(("id" = i64, Path, minimum = 1), ("If-Match" = String, Header, description = "The version that is changed: `\"7\"`.")),
    request_body = Changes, responses(
    (status = 200, description = "The new version; its number is in `ETag`.", body = Draft),
    (status = 400, description = "The body is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such article for you.", body = Shape, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has saved a newer version.", body = Shape, content_type = "application/problem+json"),
    (status = 413, description = "The body is too long.", body = Shape, content_type = "application/problem+json"),
    (status = 415, description = "The body is no JSON.", body = Shape, content_type = "application/problem+json"),
    (status = 422, description = "Some fields cannot be saved like this.", body = Shape, content_type = "application/problem+json"),
    (status = 428, description = "`If-Match` is missing.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn update(
    State(app): State<App>,
    bearer: Bearer,
    Path(id): Path<ArticleId>,
    version: Over,
    Sent(changes): Sent<Changes>,
) -> Result<Response, Refused> {
    bearer.may(Scope::ArticlesWrite)?;
    let existing = editing::existing(&app, bearer.user(), &id.to_string()).await?;
    if existing.article.state == Stage::Published {
        // Readers see what is saved.
        bearer.may(Scope::ArticlesPublish)?;
    }
    version.check(&existing.article)?;
    if !existing.article.may(bearer.user(), Action::Save) {
        return Err(forbidden());
    }
    let typed = editing::stored(&app, &existing).await?;
    let saved = save(&app, &bearer, Some(&existing), typed, &changes, Action::Save, false).await?;
    after(&app, &bearer, id, saved).await
}

/// Hands a draft to the editors.
#[utoipa::path(post, path = "/api/v1/desk/articles/{id}/submit", tag = "Working", security(("token" = [])),
    params(("id" = i64, Path, minimum = 1), ("If-Match" = String, Header, description = "The version it is done to: `\"7\"`.")),
    request_body = Deed, responses(
    (status = 200, description = "The article as it stands now; its version is in `ETag`.", body = Draft),
    (status = 400, description = "The body is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such article for you.", body = Shape, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has saved a newer version.", body = Shape, content_type = "application/problem+json"),
    (status = 413, description = "The body is too long.", body = Shape, content_type = "application/problem+json"),
    (status = 415, description = "The body is no JSON.", body = Shape, content_type = "application/problem+json"),
    (status = 422, description = "Some fields cannot be saved like this.", body = Shape, content_type = "application/problem+json"),
    (status = 428, description = "`If-Match` is missing.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn submit(
    State(app): State<App>,
    bearer: Bearer,
    Path(id): Path<ArticleId>,
    version: Over,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Refused> {
    act(&app, &bearer, id, version, &deed, Action::Submit).await
}

/// Hands it back to its author.
#[utoipa::path(post, path = "/api/v1/desk/articles/{id}/return", tag = "Working", security(("token" = [])),
    params(("id" = i64, Path, minimum = 1), ("If-Match" = String, Header, description = "The version it is done to: `\"7\"`.")),
    request_body = Deed, responses(
    (status = 200, description = "The article as it stands now; its version is in `ETag`.", body = Draft),
    (status = 400, description = "The body is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such article for you.", body = Shape, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has saved a newer version.", body = Shape, content_type = "application/problem+json"),
    (status = 413, description = "The body is too long.", body = Shape, content_type = "application/problem+json"),
    (status = 415, description = "The body is no JSON.", body = Shape, content_type = "application/problem+json"),
    (status = 422, description = "Some fields cannot be saved like this.", body = Shape, content_type = "application/problem+json"),
    (status = 428, description = "`If-Match` is missing.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn give_back(
    State(app): State<App>,
    bearer: Bearer,
    Path(id): Path<ArticleId>,
    version: Over,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Refused> {
    act(&app, &bearer, id, version, &deed, Action::Return).await
}

/// Publishes it, now or at a time.
#[utoipa::path(post, path = "/api/v1/desk/articles/{id}/publish", tag = "Working", security(("token" = [])),
    params(("id" = i64, Path, minimum = 1), ("If-Match" = String, Header, description = "The version it is done to: `\"7\"`.")),
    request_body = Deed, responses(
    (status = 200, description = "The article as it stands now; its version is in `ETag`.", body = Draft),
    (status = 400, description = "The body is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such article for you.", body = Shape, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has saved a newer version.", body = Shape, content_type = "application/problem+json"),
    (status = 413, description = "The body is too long.", body = Shape, content_type = "application/problem+json"),
    (status = 415, description = "The body is no JSON.", body = Shape, content_type = "application/problem+json"),
    (status = 422, description = "Some fields cannot be saved like this.", body = Shape, content_type = "application/problem+json"),
    (status = 428, description = "`If-Match` is missing.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn publish(
    State(app): State<App>,
    bearer: Bearer,
    Path(id): Path<ArticleId>,
    version: Over,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Refused> {
    act(&app, &bearer, id, version, &deed, Action::Publish).await
}

/// Takes it back from readers.
#[utoipa::path(post, path = "/api/v1/desk/articles/{id}/withdraw", tag = "Working", security(("token" = [])),
    params(("id" = i64, Path, minimum = 1), ("If-Match" = String, Header, description = "The version it is done to: `\"7\"`.")),
    request_body = Deed, responses(
    (status = 200, description = "The article as it stands now; its version is in `ETag`.", body = Draft),
    (status = 400, description = "The body is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 401, description = "No token, or none that is in use.", body = Shape, content_type = "application/problem+json"),
    (status = 403, description = "The token, or its owner, may not do this.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "There is no such article for you.", body = Shape, content_type = "application/problem+json"),
    (status = 412, description = "Somebody has saved a newer version.", body = Shape, content_type = "application/problem+json"),
    (status = 413, description = "The body is too long.", body = Shape, content_type = "application/problem+json"),
    (status = 415, description = "The body is no JSON.", body = Shape, content_type = "application/problem+json"),
    (status = 422, description = "Some fields cannot be saved like this.", body = Shape, content_type = "application/problem+json"),
    (status = 428, description = "`If-Match` is missing.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "Too often; see `RateLimit` and `Retry-After`.", body = Shape, content_type = "application/problem+json"),
))]
pub async fn withdraw(
    State(app): State<App>,
    bearer: Bearer,
    Path(id): Path<ArticleId>,
    version: Over,
    Sent(deed): Sent<Deed>,
) -> Result<Response, Refused> {
    act(&app, &bearer, id, version, &deed, Action::Withdraw).await
}

async fn act(
    app: &App,
    bearer: &Bearer,
    id: ArticleId,
    version: Over,
    deed: &Deed,
    action: Action,
) -> Result<Response, Refused> {
    let is_inside = matches!(action, Action::Submit | Action::Return);
    bearer.may(if is_inside { Scope::ArticlesWrite } else { Scope::ArticlesPublish })?;
    let existing = editing::existing(app, bearer.user(), &id.to_string()).await?;
    if existing.article.state == Stage::Published {
        // What readers see, or will see, changes.
        bearer.may(Scope::ArticlesPublish)?;
    }
    version.check(&existing.article)?;
    if !existing.article.may(bearer.user(), action) {
        return Err(forbidden());
    }
    let mut typed = editing::stored(app, &existing).await?;
    deed.type_into(&mut typed);
    let saved = save(app, bearer, Some(&existing), typed, &Changes::default(), action, false).await?;
    after(app, bearer, id, saved).await
}

async fn save(
    app: &App,
    bearer: &Bearer,
    existing: Option<&Existing>,
    mut typed: Typed,
    changes: &Changes,
    action: Action,
    settles: bool,
) -> Result<Written, Refused> {
    let mut errors = Errors::default();
    if let Some(existing) = existing {
        // As it was sent, not as the form shows it.
        existing.article.body_source.clone_into(&mut typed.body);
    }
    changes.type_into(&mut typed, &mut errors);
    let mut picture = existing.and_then(|existing| existing.article.picture_id);
    match changes.picture {
        None => {}
        Some(None) => picture = None,
        Some(Some(id)) => match editing::seen(app, bearer.user(), MediaId(id)).await {
            Ok(medium) if medium.kind == MediaKind::Picture => {
                picture = pictures::offered(Some(medium), &mut typed).map(|medium| medium.id);
            }
            Ok(_) | Err(Error::NotFound) => errors.add("picture", "There is no such picture for you."),
            Err(other) => return Err(other.into()),
        },
    }
    let sent = editing::Sent { typed: &typed, picture, errors: &errors };
    Ok(Box::pin(write::written(app, bearer.by(), existing, &sent, action, settles)).await?)
}

async fn after(app: &App, bearer: &Bearer, id: ArticleId, saved: Written) -> Result<Response, Refused> {
    match saved {
        Written::Saved { id, .. } => told(app, bearer, id, StatusCode::OK).await,
        Written::Stale(_) => {
            let article = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
            Err(stale(article.version))
        }
        Written::Refused { errors, .. } => Err(Problem::fields(&errors).into()),
    }
}

async fn told(app: &App, bearer: &Bearer, id: ArticleId, status: StatusCode) -> Result<Response, Refused> {
    let existing = editing::existing(app, bearer.user(), &id.to_string()).await?;
    let draft = Draft::of(&app.site, bearer.user(), &existing);
    let mut response = (status, Json(&draft)).into_response();
    let headers = response.headers_mut();
    let mut tell = |name, text: String| {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.insert(name, value);
        }
    };
    tell(header::ETAG, format!("\"{}\"", draft.version));
    if status == StatusCode::CREATED {
        tell(header::LOCATION, draft.api_url);
    }
    Ok(response)
}
