//! `/editors-choice`: what the editors picked, in their order.

use askama::Template;
use axum::extract::State;

use crate::news::article::card::Card;
use crate::news::front;
use crate::paths;
use crate::web::page_cache::Key;
use crate::web::{App, Layout, Page, Result};

/// More than any board holds.
const LENGTH: usize = 100;

#[derive(Template)]
#[template(path = "site/editors_choice.html")]
struct Show {
    layout: Layout,
    cards: Vec<Card>,
}

pub(super) async fn show(State(app): State<App>) -> Result<Page> {
    let cards = front::editors_choice(&app.db, LENGTH).await?;
    let layout = Layout::load(&app, "Editor's Choice")
        .await?
        .description("What our editors recommend at the moment.")
        .canonical(paths::EDITORS_CHOICE)
        .class("editors-choice");
    Ok(Page::public(&Show { layout, cards }).keys([Key::Front]))
}
