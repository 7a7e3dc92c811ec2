//! The feeds of lists of articles: of the site, a section, a tag, a topic, an author, an author on a tag, a search.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::asked::Asked;
use super::feed::{Feed, List};
use crate::news::article::entry::{self, Entries, Scope};
use crate::news::tag::{Found, Tag};
use crate::news::{author, search as finding, section as sections, tag as tags, topic as topics};
use crate::paths;
use crate::paths::feeds::in_format;
use crate::web::page_cache::At;
use crate::web::{self, App, Error, Path, Query, Result};

pub async fn site(State(app): State<App>, At(asked): At<Asked>) -> Result<Response> {
    of(&app, asked, List::at(paths::HOME, ""), Scope::Site).await
}

pub async fn section(
    State(app): State<App>,
    Path(slug): Path<String>,
    At(asked): At<Asked>,
) -> Result<Response> {
    let section = sections::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let list = List { description: section.description.clone(), ..List::at(&section.href(), &section.name) };
    of(&app, asked, list, Scope::Section(section.id)).await
}

pub async fn tag(State(app): State<App>, Path(slug): Path<String>, At(asked): At<Asked>) -> Result<Response> {
    let tag = match tags::by_slug(&app.db, &slug).await? {
        Found::Tag(tag) => tag,
        Found::Moved(tag) => return Ok(moved(&paths::feed_of(&tag.href()), asked)),
        Found::Nothing => return Err(Error::NotFound),
    };
    of_something(&app, asked, List::at(&tag.href(), &tag.name), Scope::Tag(tag.id)).await
}

pub async fn topic(
    State(app): State<App>,
    Path(slug): Path<String>,
    At(asked): At<Asked>,
) -> Result<Response> {
    let topic = topics::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let list = List { description: topic.description.clone(), ..List::at(&topic.href(), &topic.title) };
    of(&app, asked, list, Scope::Topic(topic.id)).await
}

pub async fn author(
    State(app): State<App>,
    Path(slug): Path<String>,
    At(asked): At<Asked>,
) -> Result<Response> {
    let author = author::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    of_something(&app, asked, List::at(&author.href(), &author.name), Scope::Author(author.id)).await
}

pub async fn author_and_tag(
    State(app): State<App>,
    Path((slug, tag)): Path<(String, String)>,
    At(asked): At<Asked>,
) -> Result<Response> {
    let author = author::by_slug(&app.db, &slug).await?.ok_or(Error::NotFound)?;
    let tag = match tags::by_slug(&app.db, &tag).await? {
        Found::Tag(tag) => tag,
        Found::Moved(Tag { slug: now, .. }) => {
            return Ok(moved(&paths::feeds::of_author_and_tag(&slug, &now), asked));
        }
        Found::Nothing => return Err(Error::NotFound),
    };
    let name = format!("{} on {}", author.name, tag.name);
    let feed = paths::feeds::of_author_and_tag(&author.slug, &tag.slug);
    let list = List { feed, ..List::at(&author.href(), &name) };
    of_something(&app, asked, list, Scope::AuthorAndTag(author.id, tag.id)).await
}

/// What is searched for.
#[derive(serde::Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Typed {
    q: String,
    section: String,
    tag: String,
}

pub async fn search(
    State(app): State<App>,
    Query(typed): Query<Typed>,
    At(asked): At<Asked>,
) -> Result<Response> {
    let words: String = typed.q.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: String = words.trim().chars().take(finding::MAX_WORDS).collect();
    if words.is_empty() {
        return Err(Error::BadRequest("The address has to say what is searched for (q).".to_owned()));
    }
    let mut db = app.db.acquire().await?;
    let mut query = finding::Query { words, ..finding::Query::default() };
    if !typed.section.is_empty() {
        let section = sections::by_slug(&mut *db, &typed.section).await?.ok_or(Error::NotFound)?;
        query.section = Some(section.id);
    }
    if !typed.tag.is_empty() {
        query.tag = match tags::by_slug(&mut *db, &typed.tag).await? {
            Found::Tag(tag) | Found::Moved(tag) => Some(tag.id),
            Found::Nothing => return Err(Error::NotFound),
        };
    }
    let found = entry::found(&mut db, &query, &app.site.language, asked.before).await?;
    drop(db);
    let filters = [("q", query.words.as_str()), ("section", &typed.section), ("tag", &typed.tag)];
    let list = List {
        name: format!("Search: {}", query.words),
        description: String::new(),
        page: paths::query(paths::SEARCH, &filters),
        feed: paths::feeds::of_search(&query.words, &typed.section, &typed.tag),
        also: None,
    };
    Ok(Feed::of_articles(&app, list, asked, found).await?.into_response())
}

async fn of(app: &App, asked: Asked, list: List, scope: Scope) -> Result<Response> {
    let found = entries(app, asked, scope).await?;
    Ok(Feed::of_articles(app, list, asked, found).await?.into_response())
}

/// The feed of a tag or an author that only drafts carry would tell of them.
async fn of_something(app: &App, asked: Asked, list: List, scope: Scope) -> Result<Response> {
    let found = entries(app, asked, scope).await?;
    if found.entries.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(Feed::of_articles(app, list, asked, found).await?.into_response())
}

async fn entries(app: &App, asked: Asked, scope: Scope) -> Result<Entries> {
    let mut db = app.db.acquire().await?;
    Ok(entry::feed(&mut db, scope, asked.before).await?)
}

fn moved(rss: &str, asked: Asked) -> Response {
    web::moved(&in_format(rss, asked.format)).into_response()
}
