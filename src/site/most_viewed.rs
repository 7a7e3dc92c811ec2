//! `/most-viewed/{day,week,month}`: the whole list of a span.

use askama::Template;
use axum::extract::State;

use crate::news::article::card::Card;
use crate::news::views::{self, Span};
use crate::paths;
use crate::web::page_cache::Key;
use crate::web::{App, Error, Layout, Page, Path, Result};

/// All that are ranked.
const LENGTH: usize = 50;

#[derive(Template)]
#[template(path = "site/most_viewed.html")]
struct Show {
    layout: Layout,
    span: Span,
    cards: Vec<Card>,
}

pub(super) async fn show(State(app): State<App>, Path(span): Path<String>) -> Result<Page> {
    let span = Span::parse(&span).ok_or(Error::NotFound)?;
    let cards = views::most_viewed(&app.db, span, LENGTH).await?;
    let layout = Layout::load(&app, format!("Most Viewed: {}", span.name()))
        .await?
        .description(format!("What was read most in the last {}.", span.as_str()))
        .canonical(&paths::most_viewed(span.as_str()))
        .class("most-viewed");
    Ok(Page::public(&Show { layout, span, cards }).keys([Key::MostViewed, Key::SearchIndex]))
}
