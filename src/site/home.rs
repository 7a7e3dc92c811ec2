//! `/`: the front page, as the last published board has it now.

use axum::extract::State;

use crate::front;
use crate::news::front::store::Which;
use crate::web::{App, Page, Result};

pub(super) async fn show(State(app): State<App>) -> Result<Page> {
    Ok(Page::public(&front::page(&app, Which::Published, None).await?))
}
