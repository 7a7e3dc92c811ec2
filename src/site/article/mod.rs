//! `/article/{id}/{slug}`: the article, what belongs to it, and what readers say about it.
//!
//! Not here: taking a comment in (`comments`), who counts as a reader (`web::reading`).

pub(super) mod comments;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use self::comments::Talk;
use crate::news::article::card::Card;
use crate::news::article::correction::Correction;
use crate::news::article::{self, Article, ArticleId, Visibility, related};
use crate::news::media::{Picture, figures};
use crate::news::preview::Preview;
use crate::paths;
use crate::text::CleanHtml;
use crate::web::page_cache::key;
use crate::web::{self, App, CachePolicy, Error, Layout, Page, Path, Query, Result, facts};

/// Articles in the box beside the text.
const RELATED: i64 = 5;

#[derive(Template)]
#[template(path = "site/article.html")]
struct Show {
    layout: Layout,
    article: Article,
    /// With the dateline at its head.
    body: CleanHtml,
    picture: Option<Picture>,
    related: Vec<Card>,
    corrections: Vec<Correction>,
    /// Until when the link works, if this is not public.
    preview: Option<DateTime<Utc>>,
    talk: Talk,
}

/// What a link to the page of a comment that was just sent carries, or one to the answer to another.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Variant {
    #[serde(default)]
    comment: String,
    #[serde(default)]
    own: String,
    #[serde(default)]
    reply: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((id, slug)): Path<(ArticleId, String)>,
    Query(variant): Query<Variant>,
) -> Result<Response> {
    let article = visible(&app, id).await?;
    if article.slug.as_str() != slug {
        return Ok(web::moved(&article.href()));
    }
    let mut view = Show::load(&app, article).await?;
    // The page that answers one reader is kept for nobody else.
    let is_personal = view.talk.vary(&variant);
    let policy = if is_personal { CachePolicy::NoStore } else { CachePolicy::Page };
    let (moment, stands_for) = view.talk.passing();
    let page = Page::new(&view).policy(policy).passing(moment, stands_for).counts(view.article.id);
    // Anybody can make up answers to comments that are not there, without end.
    if is_personal || !variant.reply.is_empty() {
        return Ok(page.into_response());
    }
    let (closes, ends) = (view.talk.discussion.closes_at, view.article.expire_at);
    Ok(page.keys(key::of_article(&view.article)).changes(closes).ends(ends).into_response())
}

/// `/article/{id}`, as somebody shortened it.
pub(super) async fn show_bare(State(app): State<App>, Path(id): Path<ArticleId>) -> Result<Response> {
    Ok(web::moved(&visible(&app, id).await?.href()))
}

/// `/article/{id}/comments`, where the form is sent to, is also the address of an article called "Comments".
pub(super) async fn show_comments(
    app: State<App>,
    Path(id): Path<ArticleId>,
    variant: Query<Variant>,
) -> Result<Response> {
    show(app, Path((id, "comments".to_owned())), variant).await
}

/// The page of an article that is not public, or not yet with these words. Nothing is counted, and nobody comments.
pub(super) async fn previewed(app: &App, id: ArticleId, preview: &Preview) -> Result<Page> {
    let article = article::by_id_at(&app.db, id, preview.as_of).await?.ok_or(Error::NotFound)?;
    if article.trashed_at.is_some() {
        return Err(Error::NotFound);
    }
    let mut view = Show::load(app, article).await?;
    (view.layout.canonical, view.layout.unlisted) = (String::new(), true);
    view.preview = Some(preview.expires_at);
    Ok(Page::new(&view))
}

impl Show {
    async fn load(app: &App, article: Article) -> Result<Self> {
        let picture = article.picture();
        let corrections = article.corrections.0.clone();
        let layout = Layout::load(app, &article.headline)
            .await?
            .description(article.summary())
            .canonical(&article.href())
            .current(&article.section_href())
            .feed(
                format!("{} – {}", article.section_name, app.site.name),
                paths::feed_of(&article.section_href()),
            )
            .feed(format!("Comments on “{}”", article.headline), paths::feeds::of_comments(article.id))
            .class("article")
            .preview(picture.as_ref())
            .drawn(article.drawing.as_ref().map(|version| paths::drawing(article.id, version)))
            .facts(facts::article(&app.site, &article, picture.as_ref(), &corrections));
        Ok(Self {
            related: related::shown(&app.db, article.id, RELATED).await?,
            talk: Talk::load(app, &article).await?,
            body: figures::shown(&app.db, &article.body_html).await?.with_dateline(&article.dateline),
            corrections,
            preview: None,
            layout,
            article,
            picture,
        })
    }
}

/// The article, if a reader may see it.
pub(super) async fn visible(app: &App, id: ArticleId) -> Result<Article> {
    let article = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    match article.visibility() {
        Visibility::Visible => Ok(article),
        Visibility::Withdrawn => Err(Error::Gone(article.withdrawn_note)),
        Visibility::Hidden => Err(Error::NotFound),
    }
}
