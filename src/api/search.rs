//! `GET /api/v1/search`: the newest articles that hold the words.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{self, Fields, List};
use super::articles::{self, machine, tag_of};
use super::asked::{self, Asked};
use super::shapes::{Article, Problem as Shape};
use crate::news::article::entry;
use crate::news::search::{self, MAX_WORDS, Query};
use crate::news::section;
use crate::paths::api as paths;
use crate::web::problem::{Problem, Refused};
use crate::web::{App, Client};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The words; `"in this order"`, `or` and `-without` are understood.
    #[param(required = true, min_length = 1, max_length = 200, pattern = r"\S")]
    q: Option<String>,
    /// The slug of a section.
    #[param(max_length = 100)]
    section: Option<String>,
    /// The slug of a tag.
    #[param(max_length = 100)]
    tag: Option<String>,
    /// Published at this moment or later (RFC 3339).
    from: Option<DateTime<Utc>>,
    /// Published before this moment (RFC 3339).
    to: Option<DateTime<Utc>>,
    /// Names of fields with commas between them; all but `body_html` when nobody says.
    #[param(example = "id,headline,url")]
    fields: Option<String>,
    /// How many at once; 20 when nobody says.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// From `next` of the page before.
    #[param(max_length = 40)]
    cursor: Option<String>,
}

/// The newest articles that hold the words.
#[utoipa::path(get, path = "/api/v1/search", tag = "Reading", params(Wanted), responses(
    (status = 200, description = "The newest first.", body = List<Article>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 429, description = "More searches than one network may make.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn index(
    State(app): State<App>,
    client: Client,
    Asked(asked): Asked<Wanted>,
) -> Result<Response, Refused> {
    app.rates.search(client.network)?;
    let fields = Fields::of::<Article>(asked.fields.as_deref())?;
    let size = asked::size(asked.limit)?;
    let before = asked::before(asked.cursor.as_deref())?;
    let words = asked.q.as_deref().unwrap_or_default().trim();
    if words.is_empty() || words.chars().count() > MAX_WORDS {
        return Err(
            Problem::parameter("q", format!("Words to look for, at most {MAX_WORDS} letters.")).into()
        );
    }
    let mut query = Query { words: words.to_owned(), from: asked.from, to: asked.to, ..Query::default() };
    if let Some(slug) = &asked.section {
        let found = section::by_slug(&app.db, slug).await?;
        let section = found.ok_or_else(|| Problem::parameter("section", "There is no such section."))?;
        query.section = Some(section.id);
    }
    if let Some(slug) = &asked.tag {
        let found = tag_of(&app, slug).await?;
        query.tag = Some(found.ok_or_else(|| Problem::parameter("tag", "There is no such tag."))?.id);
    }
    let mut db = app.db.acquire().await?;
    let listing = search::listing(&mut db, &query, &app.site.language, before, size).await?;
    let entries = entry::of_cards(&mut db, listing.cards).await?;
    drop(db);
    let with_body = fields.names(articles::BODY);
    let items: Vec<Article> = entries.iter().map(|entry| Article::of(&app.site, entry, with_body)).collect();
    let moments = [asked.from, asked.to].map(|at| at.map(machine).unwrap_or_default());
    let again = [
        ("q", words),
        ("section", asked.section.as_deref().unwrap_or_default()),
        ("tag", asked.tag.as_deref().unwrap_or_default()),
        ("from", &moments[0]),
        ("to", &moments[1]),
        ("fields", asked.fields.as_deref().unwrap_or_default()),
        ("limit", &asked::again(asked.limit)),
    ];
    answer::list(&app, paths::SEARCH, &again, (items, listing.next.map(|next| next.to_string())), &fields)
}
