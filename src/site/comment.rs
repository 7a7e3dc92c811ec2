//! `/comment/own` and `/comment/rewrite`: what a commenter may do with a comment, by the token of a link.
//!
//! GET changes nothing: programs that look into letters follow links too. The token stands in the query and in hidden
//! fields, never in a path.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::article::comments as way;
use crate::news::audit::{self, Actor};
use crate::news::comment::own::{self, Own, Purpose};
use crate::news::comment::{Fields, State as Standing};
use crate::paths;
use crate::web::{App, Client, Error, Errors, Form, Layout, Page, Query, Redirect, Result};

#[derive(Template)]
#[template(path = "site/comment_own.html")]
struct Show {
    layout: Layout,
    own: Own,
    standing: &'static str,
    token: String,
}

#[derive(Template)]
#[template(path = "site/comment_rewrite.html")]
struct Edit {
    layout: Layout,
    own: Own,
    token: String,
    typed: Typed,
    errors: Errors,
}

#[derive(serde::Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
}

/// GET: the comment, and a button that deletes it.
pub(super) async fn show(State(app): State<App>, Query(link): Query<Link>) -> Result<Page> {
    let own = opened(&app, &link.token, Purpose::Own).await?;
    let layout = Layout::load(&app, "Your comment").await?;
    Ok(Page::new(&Show { layout, standing: standing(&own), own, token: link.token }))
}

/// POST: deletes it.
pub(super) async fn delete(
    State(app): State<App>,
    client: Client,
    Form(link): Form<Link>,
) -> Result<Response> {
    app.rates.page(client.network)?;
    let own = opened(&app, &link.token, Purpose::Own).await?;
    let mut tx = app.db.begin().await?;
    own::remove(&mut tx, own.id).await?;
    let detail = serde_json::json!({ "article": own.article });
    audit::record(&mut tx, &commenter(), "delete", "comment", Some(own.id.0), detail).await?;
    tx.commit().await?;
    Ok(Redirect::to(&way::removed(&paths::article(own.article, &own.slug))).into_response())
}

/// GET: the text that an editor sent back.
pub(super) async fn edit(State(app): State<App>, Query(link): Query<Link>) -> Result<Page> {
    let own = opened(&app, &link.token, Purpose::Rewrite).await?;
    let typed = Typed { token: String::new(), name: own.name.clone(), text: own.body.clone() };
    let layout = Layout::load(&app, "Change your comment").await?;
    Ok(Page::new(&Edit { layout, own, token: link.token, typed, errors: Errors::default() }))
}

/// POST: puts another text in its place.
pub(super) async fn update(
    State(app): State<App>,
    client: Client,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    app.rates.page(client.network)?;
    let own = opened(&app, &typed.token, Purpose::Rewrite).await?;
    let fields = match Fields::check(&typed.name, "", &typed.text) {
        Ok(fields) => fields,
        Err(refusals) => {
            let layout = Layout::load(&app, "Change your comment").await?;
            let (token, errors) = (typed.token.clone(), refusals.into_iter().collect());
            let view = Edit { layout, own, token, typed, errors };
            return Ok(Page::new(&view).unprocessable().into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    if !own::rewrite(&mut tx, own.id, &fields).await? {
        return Err(gone());
    }
    let detail = serde_json::json!({ "article": own.article });
    audit::record(&mut tx, &commenter(), "rewrite", "comment", Some(own.id.0), detail).await?;
    tx.commit().await?;
    Ok(Redirect::to(&way::rewritten(&paths::article(own.article, &own.slug))).into_response())
}

async fn opened(app: &App, token: &str, purpose: Purpose) -> Result<Own> {
    own::by_token(&app.db, token, purpose).await?.ok_or_else(gone)
}

/// The same for a link that never was.
fn gone() -> Error {
    Error::Gone("This link has been used or has expired.".to_owned())
}

fn commenter() -> Actor {
    Actor { user: None, name: "the commenter".to_owned(), request_id: String::new() }
}

fn standing(own: &Own) -> &'static str {
    match own.state {
        Standing::Approved => "It is published.",
        Standing::Pending => "It waits for an editor.",
        Standing::Rejected if own.rewrite_until.is_some() => "An editor has asked you to change it.",
        Standing::Rejected | Standing::Spam => "It was not published.",
    }
}
