//! `/corrections`: what was put right, newest first; and `/article/{id}/corrections/{number}`: what exactly changed.
//!
//! The only two versions that readers ever see side by side are those around a correction.

use askama::Template;
use axum::extract::State;

use super::article;
use super::listing::{Before, Pager};
use crate::news::article::correction::{self, Correction, Listed};
use crate::news::article::revision;
use crate::news::article::{Article, ArticleId};
use crate::paths;
use crate::text::CleanHtml;
use crate::web::difference::{Difference, Side};
use crate::web::page_cache::Key;
use crate::web::{App, Error, Layout, Page, Path, Query, Result, cleaning};

const PAGE: usize = 20;

#[derive(Template)]
#[template(path = "site/corrections.html")]
struct Index {
    layout: Layout,
    corrections: Vec<Listed>,
    pager: Pager,
    feed: String,
}

pub(super) async fn index(State(app): State<App>, Query(before): Query<Before>) -> Result<Page> {
    let (corrections, next) = correction::latest(&app.db, before.cursor()?, PAGE).await?;
    let feed = paths::feed_of(paths::workflow::CORRECTIONS);
    let layout = Layout::load(&app, "Corrections")
        .await?
        .description("What was wrong in our articles and is right now.")
        .canonical(&before.path(paths::workflow::CORRECTIONS))
        .feed(format!("Corrections – {}", app.site.name), &feed)
        .class("corrections");
    let pager = Pager::new(paths::workflow::CORRECTIONS, before.is_first(), next.as_ref());
    Ok(Page::public(&Index { layout, corrections, pager, feed }).keys([Key::SearchIndex]))
}

#[derive(Template)]
#[template(path = "site/correction.html")]
struct Show {
    layout: Layout,
    article: Article,
    correction: Correction,
    difference: Difference,
}

pub(super) async fn show(State(app): State<App>, Path((id, number)): Path<(ArticleId, i32)>) -> Result<Page> {
    let article = article::visible(&app, id).await?;
    let correction = correction::by_number(&app.db, id, number).await?.ok_or(Error::NotFound)?;
    let content = async |version| revision::content(&app.db, id, version).await?.ok_or(Error::NotFound);
    let (old, new) = (content(correction.from_version).await?, content(correction.to_version).await?);
    let (before, after) = (cleaned(&old.body).await?, cleaned(&new.body).await?);
    let difference =
        Difference::public(&Side { content: &old, body: &before }, &Side { content: &new, body: &after });
    let layout = Layout::load(&app, format!("What changed in “{}”", article.headline))
        .await?
        .description(correction.note.as_str())
        .canonical(&paths::workflow::correction(id, number))
        .current(&article.section_href())
        .class("correction");
    let ends = article.expire_at;
    Ok(Page::public(&Show { layout, article, correction, difference }).keys([id]).ends(ends))
}

/// A source that today's limits refuse has no text to show.
async fn cleaned(source: &str) -> Result<CleanHtml> {
    Ok(cleaning::clean(source.to_owned()).await?.unwrap_or_default())
}
