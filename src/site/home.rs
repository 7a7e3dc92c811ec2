//! `/`: the front page, as the last published board has it now.

use axum::extract::State;

use crate::front;
use crate::news::front::store::Which;
use crate::web::page_cache::Key;
use crate::web::{App, Page, Result};

pub(super) async fn show(State(app): State<App>) -> Result<Page> {
    let page = Page::public(&front::page(&app, Which::Published, None).await?);
    Ok(page.keys([Key::Front, Key::MostViewed]))
}
