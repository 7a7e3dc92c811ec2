//! What the query of a request asks for. Nothing is guessed: a parameter that is not described, that stands twice or that
//! does not parse is refused by its name.

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::form_urlencoded;
use utoipa::IntoParams;

use crate::text::{Cursor, Slug};
use crate::web::problem::{Kind, Problem, Refused};
use crate::web::{App, Query};

/// Items on a page when nobody says how many, and at most.
pub const USUAL: u32 = 20;
pub const MOST: u32 = 100;

/// Every field of `T` is optional; its parameters are those that the description lists.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned + IntoParams> FromRequestParts<App> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        read(&parts.uri).map(Self)
    }
}

fn read<T: DeserializeOwned + IntoParams>(uri: &Uri) -> Result<T, Refused> {
    let known: Vec<String> = T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
    let query = uri.query().unwrap_or_default();
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let mut problem = Problem::new(Kind::Parameter, "The address asks for something that is not there.");
    let mut wrong = |name: &str, detail: String| {
        // Names are whatever was sent: no more of one is told again than it takes to find it.
        problem.errors.push((name.chars().take(100).collect(), detail));
    };
    for (at, (name, value)) in pairs.iter().enumerate() {
        if !known.contains(name) {
            let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            wrong(name, format!("There is no such parameter here. There are: {there}."));
        } else if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
            wrong(name, "This parameter stands twice.".to_owned());
        } else if value.contains('\0') {
            wrong(name, "It holds a character that cannot be stored.".to_owned());
        } else if let Err(why) = alone::<T>(name, value) {
            wrong(name, why);
        }
    }
    if !problem.errors.is_empty() {
        return Err(problem.into());
    }
    let Query(read) = Query::of(uri)?;
    Ok(read)
}

/// Whether a value would do by itself, and if not, why.
fn alone<T: DeserializeOwned>(name: &str, value: &str) -> Result<(), String> {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    let uri: Uri = format!("/?{query}").parse().map_err(|_| "It is too long.".to_owned())?;
    match axum::extract::Query::<T>::try_from_uri(&uri) {
        Ok(_) => Ok(()),
        Err(cause) => {
            let text = cause.body_text();
            let why = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            Err(why.strip_prefix(&format!("{name}: ")).unwrap_or(why).to_owned())
        }
    }
}

/// One thing, or a list that has one page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Cut {
    /// Names of fields with commas between them; all when nobody says.
    #[param(example = "slug,name")]
    pub fields: Option<String>,
}

/// A page of a list in the order of its slugs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BySlug {
    /// Names of fields with commas between them; all when nobody says.
    #[param(example = "slug,name")]
    pub fields: Option<String>,
    /// How many at once; 20 when nobody says.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// From `next` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl BySlug {
    /// The slug after which the page begins.
    pub fn after(&self) -> Result<String, Refused> {
        let Some(cursor) = self.cursor.as_deref() else { return Ok(String::new()) };
        let slug = Slug::of(cursor).filter(|slug| slug.as_str() == cursor);
        Ok(slug.ok_or_else(not_a_cursor)?.to_string())
    }
}

/// How many are wanted at once.
pub fn size(limit: Option<u32>) -> Result<usize, Refused> {
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::parameter("limit", format!("A number from 1 to {MOST}.")).into());
    }
    Ok(usize::try_from(limit).unwrap_or(20))
}

/// As many rows as show whether there is another page.
pub fn one_more(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(20) + 1
}

/// The limit as the address of the next page says it.
pub fn again(limit: Option<u32>) -> String {
    limit.map(|limit| limit.to_string()).unwrap_or_default()
}

/// Where a list of articles goes on.
pub fn before(cursor: Option<&str>) -> Result<Cursor, Refused> {
    match cursor {
        None => Ok(Cursor::START),
        Some(text) => text.parse().map_err(|_| not_a_cursor()),
    }
}

pub fn not_a_cursor() -> Refused {
    Problem::parameter("cursor", "Take it from “next” of the page before.").into()
}
