//! `POST /article/{id}/comments`: a reader's comment, held until an editor approves it.
//!
//! Nothing is set on the reader's side: the way back is a variant of the article's page that nobody keeps.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Show, visible};
use crate::news::article::{Article, ArticleId};
use crate::news::comment::{self, Fields};
use crate::web::error::retry_after_value;
use crate::web::{App, Client, Error, Form, Page, Path, Redirect, Result};

/// The value of `?comment=` on the way back.
pub(super) const HELD: &str = "held";
const CLOSED: &str = "Comments on this article are closed.";
const TOO_MANY: &str = "Many comments came from your network. Please wait a few minutes and send it again.";

/// As it was typed, to be shown again.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Typed {
    pub name: String,
    pub email: String,
    pub text: String,
    /// People do not see this field; programs fill it in.
    website: String,
}

pub(in crate::site) async fn create(
    State(app): State<App>,
    Path(id): Path<ArticleId>,
    client: Client,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    app.rates.page(client.network)?;
    let article = visible(&app, id).await?;
    if !article.comments_open {
        return refused(&app, article, typed, StatusCode::FORBIDDEN, CLOSED).await;
    }
    let fields = match Fields::check(&typed.name, &typed.email, &typed.text) {
        Ok(fields) => fields,
        Err(refusals) => {
            let mut view = Show::load(&app, article).await?;
            (view.typed, view.errors) = (typed, refusals.into_iter().collect());
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    match app.rates.comment(client.network) {
        Ok(()) => {}
        Err(Error::TooMany { retry_after }) => {
            let page = refused(&app, article, typed, StatusCode::TOO_MANY_REQUESTS, TOO_MANY).await?;
            return Ok(([(header::RETRY_AFTER, retry_after_value(retry_after))], page).into_response());
        }
        Err(other) => return Err(other),
    }
    if typed.website.is_empty() {
        let mut tx = app.db.begin().await?;
        comment::create(&mut tx, article.id, &fields).await?;
        tx.commit().await?;
    } else {
        tracing::debug!(article = article.id.0, "a comment with the hidden field filled in was dropped");
    }
    Ok(Redirect::to(&format!("{}?comment={HELD}#comments", article.href())).into_response())
}

/// The article again, with what was typed and why it was not taken.
async fn refused(
    app: &App,
    article: Article,
    typed: Typed,
    status: StatusCode,
    why: &'static str,
) -> Result<Response> {
    let mut view = Show::load(app, article).await?;
    (view.typed, view.refusal) = (typed, why);
    Ok(Page::new(&view).status(status).into_response())
}
