//! `GET /api/v1/articles` and `/api/v1/articles/{id}`: what readers see of articles. What they do not see is not there,
//! with a token or without: `desk` shows that.

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answer::{self, Fields, List};
use super::asked::{self, Asked};
use super::shapes::{Article, Problem as Shape, Work};
use crate::news::article::card::{self, Card, Listing};
use crate::news::article::narrowed::{self, Narrowed};
use crate::news::article::{self, ArticleId, Visibility, entry};
use crate::news::{author, section, tag, topic};
use crate::paths::api as paths;
use crate::web::problem::{Problem, Refused};
use crate::web::{App, Error, Path};

pub const BODY: &str = "body_html";

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The slug of a section.
    #[param(max_length = 100)]
    section: Option<String>,
    /// The slug of a tag.
    #[param(max_length = 100)]
    tag: Option<String>,
    /// The slug of a topic; not together with other filters.
    #[param(max_length = 100)]
    topic: Option<String>,
    /// The slug of an author.
    #[param(max_length = 100)]
    author: Option<String>,
    /// What kind of work it is.
    #[param(inline)]
    work: Option<Work>,
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

/// The newest articles, filtered.
#[utoipa::path(get, path = "/api/v1/articles", tag = "Reading", params(Wanted), responses(
    (status = 200, description = "The newest first.", body = List<Article>),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn index(State(app): State<App>, Asked(asked): Asked<Wanted>) -> Result<Response, Refused> {
    let fields = Fields::of::<Article>(asked.fields.as_deref())?;
    let size = asked::size(asked.limit)?;
    let before = asked::before(asked.cursor.as_deref())?;
    let Listing { cards, next } = match asked.topic.as_deref() {
        Some(slug) => {
            if asked.is_narrowed() {
                return Err(Problem::parameter("topic", "It cannot stand beside other filters.").into());
            }
            let found = topic::by_slug(&app.db, slug).await?;
            let topic = found.ok_or_else(|| Problem::parameter("topic", "There is no such topic."))?;
            card::in_topic(&app.db, topic.id, &[], before, size).await?
        }
        None => narrowed::narrowed(&app.db, &filters(&app, &asked).await?, before, size).await?,
    };
    let moments = [asked.from, asked.to].map(|at| at.map(machine).unwrap_or_default());
    let again = [
        ("section", asked.section.as_deref().unwrap_or_default()),
        ("tag", asked.tag.as_deref().unwrap_or_default()),
        ("topic", asked.topic.as_deref().unwrap_or_default()),
        ("author", asked.author.as_deref().unwrap_or_default()),
        ("work", asked.work.map_or("", |work| work.noun().as_str())),
        ("from", &moments[0]),
        ("to", &moments[1]),
        ("fields", asked.fields.as_deref().unwrap_or_default()),
        ("limit", &asked::again(asked.limit)),
    ];
    let articles = of_cards(&app, cards, fields.names(BODY)).await?;
    answer::list(&app, paths::ARTICLES, &again, (articles, next.map(|next| next.to_string())), &fields)
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Cut {
    /// Names of fields with commas between them; all when nobody says.
    #[param(example = "id,headline,body_html")]
    fields: Option<String>,
}

/// One article with its text.
#[utoipa::path(get, path = "/api/v1/articles/{id}", tag = "Reading", params(("id" = i64, Path, minimum = 1), Cut), responses(
    (status = 200, description = "As readers see it now.", body = Article),
    (status = 400, description = "A parameter is not understood.", body = Shape, content_type = "application/problem+json"),
    (status = 404, description = "Readers see no such article.", body = Shape, content_type = "application/problem+json"),
    (status = 410, description = "It was here and has been withdrawn.", body = Shape, content_type = "application/problem+json"),
))]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<ArticleId>,
    Asked(cut): Asked<Cut>,
) -> Result<Response, Refused> {
    let fields = Fields::of::<Article>(cut.fields.as_deref())?;
    let article = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    match article.visibility() {
        Visibility::Visible => {}
        Visibility::Withdrawn => return Err(Error::Gone(article.withdrawn_note).into()),
        Visibility::Hidden => return Err(Error::NotFound.into()),
    }
    let cards = card::of_ids(&app.db, &[id.0]).await?;
    let article = of_cards(&app, cards, true).await?.into_iter().next().ok_or(Error::NotFound)?;
    answer::one(&article, &fields)
}

/// The articles of these cards.
pub async fn of_cards(app: &App, cards: Vec<Card>, with_body: bool) -> Result<Vec<Article>, Refused> {
    let mut db = app.db.acquire().await?;
    let entries = entry::of_cards(&mut db, cards).await?;
    Ok(entries.iter().map(|entry| Article::of(&app.site, entry, with_body)).collect())
}

impl Wanted {
    fn is_narrowed(&self) -> bool {
        self.section.is_some()
            || self.tag.is_some()
            || self.author.is_some()
            || self.work.is_some()
            || self.from.is_some()
            || self.to.is_some()
    }
}

async fn filters(app: &App, asked: &Wanted) -> Result<Narrowed, Refused> {
    let none = |name: &str| Problem::parameter(name, format!("There is no such {name}."));
    let mut by =
        Narrowed { work: asked.work.map(Work::noun), from: asked.from, to: asked.to, ..Narrowed::default() };
    if let Some(slug) = &asked.section {
        let found = section::by_slug(&app.db, slug).await?;
        by.section = Some(found.ok_or_else(|| none("section"))?.id);
    }
    if let Some(slug) = &asked.tag {
        by.tag = Some(tag_of(app, slug).await?.ok_or_else(|| none("tag"))?.id);
    }
    if let Some(slug) = &asked.author {
        by.author = Some(author_of(app, slug).await?.ok_or_else(|| none("author"))?.id);
    }
    Ok(by)
}

/// A tag of something that readers can see; by an old address too.
pub async fn tag_of(app: &App, slug: &str) -> Result<Option<tag::Tag>, Error> {
    let found = match tag::by_slug(&app.db, slug).await? {
        tag::Found::Tag(tag) | tag::Found::Moved(tag) => tag,
        tag::Found::Nothing => return Ok(None),
    };
    Ok(tag::is_seen(&app.db, found.id).await?.then_some(found))
}

/// An author of something that readers can see.
pub async fn author_of(app: &App, slug: &str) -> Result<Option<author::Author>, Error> {
    let Some(found) = author::by_slug(&app.db, slug).await? else { return Ok(None) };
    Ok(author::is_seen(&app.db, found.id).await?.then_some(found))
}

pub fn machine(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}
