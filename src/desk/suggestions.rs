//! What the fields for related articles and tags offer while one types, as JSON. Without a script these are
//! plain fields, and nobody asks.

use axum::Json;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::{Routes, articles};
use crate::news::article::{self, ArticleId};
use crate::news::tag;
use crate::paths;
use crate::web::{App, Author, Result};

/// More would not be read.
const OFFERED: i64 = 10;
/// A headline is no longer.
const MAX_CHARS: usize = 200;

pub fn routes() -> Routes {
    vec![(paths::desk::ARTICLE_SUGGESTIONS, get(of_articles)), (paths::desk::TAG_SUGGESTIONS, get(of_tags))]
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Asked {
    q: String,
    /// The article that is being edited: it is not related to itself.
    except: String,
}

/// One offer: what goes into the field, and what is known about it besides.
#[derive(Serialize)]
pub struct Offer {
    value: String,
    note: &'static str,
}

/// GET: articles by words of their headline, as the lines that the field takes.
pub async fn of_articles(
    State(app): State<App>,
    Author(user): Author,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Offer>>> {
    let Some(words) = typed(&asked.q) else { return Ok(Json(Vec::new())) };
    let except = asked.except.parse::<ArticleId>().ok();
    let found = article::suggest(&app.db, &words, except, articles::only(&user), OFFERED).await?;
    let offer = |found: article::Suggestion| Offer {
        value: format!("{} {}", found.id, found.headline),
        note: match found.state {
            article::State::Published => "",
            article::State::Draft => "draft",
            article::State::Review => "in review",
            article::State::Withdrawn => "withdrawn",
        },
    };
    Ok(Json(found.into_iter().map(offer).collect()))
}

/// GET: tags by the beginning of their words.
pub async fn of_tags(
    State(app): State<App>,
    Author(_): Author,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Offer>>> {
    let Some(words) = typed(&asked.q) else { return Ok(Json(Vec::new())) };
    let found = tag::suggest(&app.db, &words, OFFERED).await?;
    Ok(Json(found.into_iter().map(|tag| Offer { value: tag.name, note: "" }).collect()))
}

fn typed(q: &str) -> Option<String> {
    let words: String = q.trim().chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect();
    (!words.is_empty()).then_some(words)
}
