//! Answers: one thing or a list, with the fields that were asked for, a tag to ask again with, and where a list goes on.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::web::problem::{Problem, Refused};
use crate::web::{App, CachePolicy, Document, Error};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    pub items: Vec<T>,
    /// The whole address of the next page; null on the last one. The same stands in the header `Link`.
    #[schema(format = "uri")]
    pub next: Option<String>,
}

/// The names that `fields=` chose; `None`: all of them.
pub struct Fields(Option<Vec<String>>);

impl Fields {
    /// Of those that `T` has by its description.
    pub fn of<T: PartialSchema>(asked: Option<&str>) -> Result<Self, Refused> {
        let Some(asked) = asked else { return Ok(Self(None)) };
        let known = names::<T>();
        let chosen: Vec<String> = asked.split(',').map(|name| name.trim().to_owned()).collect();
        match chosen.iter().find(|name| !known.contains(name)) {
            Some(_) => {
                let why = format!("Names with commas between them, out of: {}.", known.join(", "));
                Err(Problem::parameter("fields", why).into())
            }
            None => Ok(Self(Some(chosen))),
        }
    }

    pub fn all() -> Self {
        Self(None)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|chosen| chosen.iter().any(|one| one == name))
    }

    /// Whether it was named, and not merely left in.
    pub fn names(&self, name: &str) -> bool {
        self.0.is_some() && self.has(name)
    }

    fn cut(&self, value: &mut Value) {
        if let (Some(chosen), Value::Object(fields)) = (&self.0, value) {
            fields.retain(|name, _| chosen.contains(name));
        }
    }
}

fn names<T: PartialSchema>() -> Vec<String> {
    match T::schema() {
        RefOr::T(Schema::Object(object)) => object.properties.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

/// One thing.
pub fn one<T: Serialize>(thing: &T, fields: &Fields) -> Result<Response, Refused> {
    let mut value = serde_json::to_value(thing).map_err(Error::internal)?;
    fields.cut(&mut value);
    document(&value)
}

/// A page of a list of `path`; `next` is the cursor of the following one, `asked` what else the address says.
pub fn list<T: Serialize>(
    app: &App,
    path: &str,
    asked: &[(&str, &str)],
    list: (Vec<T>, Option<String>),
    fields: &Fields,
) -> Result<Response, Refused> {
    let (items, cursor) = list;
    let next = cursor.map(|cursor| {
        let pairs: Vec<(&str, &str)> = asked.iter().copied().chain([("cursor", cursor.as_str())]).collect();
        app.site.absolute(&crate::paths::query(path, &pairs))
    });
    let mut items = serde_json::to_value(items).map_err(Error::internal)?;
    if let Value::Array(items) = &mut items {
        items.iter_mut().for_each(|item| fields.cut(item));
    }
    let whole = Map::from_iter([
        ("items".to_owned(), items),
        ("next".to_owned(), next.clone().map_or(Value::Null, Value::String)),
    ]);
    let mut response = document(&Value::Object(whole))?;
    if let Some(value) = next.and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok()) {
        response.headers_mut().insert(header::LINK, value);
    }
    Ok(response)
}

/// The same for whoever holds the token alone.
pub fn private(mut response: Response) -> Response {
    response.extensions_mut().insert(CachePolicy::NoStore);
    response
}

fn document(value: &Value) -> Result<Response, Refused> {
    let bytes = serde_json::to_vec(value).map_err(Error::internal)?;
    Ok(Document::new("application/json", bytes).policy(CachePolicy::Page).into_response())
}

/// The middleware of what everybody may read: pages of other sites may read it too, without their reader's cookies.
pub async fn open_to_pages(request: Request, next: Next) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        let allowed = [
            (header::ALLOW, "GET, HEAD, OPTIONS"),
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "Accept, If-None-Match"),
            (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        ];
        (StatusCode::NO_CONTENT, allowed).into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let told = "ETag, Link, Retry-After";
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(told));
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    response
}
