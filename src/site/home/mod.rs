//! `/`: the front page.

mod blocks;

use askama::Template;
use axum::extract::State;

use self::blocks::Blocks;
use crate::paths;
use crate::web::{App, Layout, Page, Result};

#[derive(Template)]
#[template(path = "site/home.html")]
struct Home {
    layout: Layout,
    blocks: Blocks,
}

pub(super) async fn show(State(app): State<App>) -> Result<Page> {
    let blocks = Blocks::load(&app).await?;
    let layout = Layout::load(&app, "")
        .await?
        .description(format!("News and analysis from {}.", app.site.name))
        .canonical(paths::HOME)
        .current(paths::HOME)
        .class("front")
        .preview(blocks.lead.as_ref().and_then(crate::news::article::card::Card::picture).as_ref());
    Ok(Page::public(&Home { layout, blocks }))
}
