//! `/article/{id}/comments/feed.xml`: what readers say about one article, as its page shows it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::asked::Asked;
use super::feed::{Feed, Item, List, Person};
use crate::news::article::entry::IN_FEED;
use crate::news::article::{self, Article, ArticleId, Visibility};
use crate::news::comment::thread::{self, Comment};
use crate::paths;
use crate::text::excerpt;
use crate::web::page_cache::{At, Key};
use crate::web::{App, Error, Path, Result, Site};

/// Letters of the line that stands for a comment.
const SUMMARY: usize = 140;

pub async fn show(
    State(app): State<App>,
    Path(id): Path<ArticleId>,
    At(asked): At<Asked>,
) -> Result<Response> {
    let article = article::by_id(&app.db, id).await?.ok_or(Error::NotFound)?;
    match article.visibility() {
        Visibility::Visible => {}
        Visibility::Withdrawn => return Err(Error::Gone(article.withdrawn_note)),
        Visibility::Hidden => return Err(Error::NotFound),
    }
    let (comments, next) = thread::latest(&app.db, id, asked.before, IN_FEED).await?;
    let list = List {
        name: format!("Comments on “{}”", article.headline),
        description: String::new(),
        page: article.href(),
        feed: paths::feeds::of_comments(id),
        also: Some(Key::Comments(id.0)),
    };
    let items = comments.iter().map(|comment| item(&app.site, &article, comment)).collect();
    Ok(Feed::new(&app, list, asked).await?.items(items, next).into_response())
}

/// A comment is text; here it becomes paragraphs.
#[derive(Template)]
#[template(path = "feeds/comment.html")]
struct Text<'a> {
    paragraphs: Vec<&'a str>,
}

fn item(site: &Site, article: &Article, comment: &Comment) -> Item {
    let text = Text { paragraphs: comment.paragraphs() };
    Item {
        id: site.absolute(&format!("/article/{}/comments#{}", article.id, comment.anchor())),
        href: site.absolute(&paths::comments::permalink(&article.href(), comment.id)),
        title: format!("{} on “{}”", comment.name, article.headline),
        summary: excerpt::first(&comment.body, SUMMARY),
        html: text.render().ok(),
        published: comment.created_at,
        updated: comment.created_at,
        language: article.language.clone(),
        authors: vec![Person { name: comment.name.clone(), href: None }],
        terms: Vec::new(),
        picture: None,
        comments: None,
    }
}
