//! API tokens: everybody makes their own, and administrators see and end those of all.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::when::{When, when};
use super::{Acting, Frame, Routes};
use crate::accounts::api_token::{self, DAYS, Listed, PER_ACCOUNT, Scope, TokenId};
use crate::accounts::{Role, User};
use crate::news::audit;
use crate::paths::api::desk as screens;
use crate::web::{App, Author, Error, Errors, Flash, Form, Fresh, Notice, Page, Path, Result};

const MAX_NAME: usize = 100;

pub fn routes() -> Routes {
    vec![(screens::TOKENS, get(index).post(create)), ("/desk/tokens/{id}/revoke", post(revoke))]
}

#[derive(Template)]
#[template(path = "desk/tokens.html")]
struct Index {
    frame: Frame,
    typed: Typed,
    errors: Errors,
    own: Vec<Row>,
    others: Vec<Row>,
}

#[derive(Template)]
#[template(path = "desk/token_once.html")]
struct Once {
    frame: Frame,
    token: String,
    base: String,
}

#[derive(Default)]
struct Typed {
    name: String,
    days: String,
    scopes: Vec<Scope>,
}

struct Row {
    id: TokenId,
    owner: String,
    name: String,
    hint: String,
    scopes: String,
    created: When,
    expires: When,
    used: Option<When>,
    is_over: bool,
}

/// GET: one's own, and for administrators those of everybody.
pub async fn index(State(app): State<App>, Author(user): Author, notice: Notice) -> Result<Page> {
    let typed = Typed { days: "90".to_owned(), ..Typed::default() };
    let mut view = view(&app, &user, typed, Errors::default()).await?;
    view.frame = view.frame.notice(notice);
    Ok(Page::new(&view))
}

/// POST: a new one, shown this once.
pub async fn create(
    State(app): State<App>,
    by: Acting<Fresh<Author>>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Result<Response> {
    let mut errors = Errors::default();
    let mut typed = Typed::default();
    for (name, value) in &form {
        match (name.as_str(), Scope::parse(name)) {
            (_, Some(scope)) => typed.scopes.push(scope),
            ("name", _) => value.trim().clone_into(&mut typed.name),
            ("days", _) => value.trim().clone_into(&mut typed.days),
            _ => return Err(Error::BadRequest(format!("This form has no field {name}."))),
        }
    }
    if !(1..=MAX_NAME).contains(&typed.name.chars().count()) || typed.name.chars().any(char::is_control) {
        errors.add("name", format!("Say what it is for, in at most {MAX_NAME} letters."));
    }
    if typed.scopes.is_empty() {
        errors.add("scopes", "Choose at least one thing that it may do.");
    }
    let days = typed.days.parse().ok().filter(|days| DAYS.contains(days));
    if days.is_none() {
        errors.add("days", "Choose how long it is good for.");
    }
    if api_token::count(&app.db, by.user.id).await? >= PER_ACCOUNT {
        errors.add("name", format!("You have {PER_ACCOUNT} tokens in use. Revoke one first."));
    }
    let Some(days) = days.filter(|_| errors.is_empty()) else {
        return Ok(Page::new(&view(&app, &by.user, typed, errors).await?).unprocessable().into_response());
    };
    let mut tx = app.db.begin().await?;
    let (id, token) = api_token::create(&mut tx, by.user.id, &typed.name, &typed.scopes, days).await?;
    let scopes: Vec<&str> = typed.scopes.iter().map(|scope| scope.as_str()).collect();
    let detail = json!({ "name": typed.name, "scopes": scopes.join(", "), "days": days });
    audit::record(&mut tx, &by.actor, "create", "token", Some(id.0), detail).await?;
    tx.commit().await?;
    let frame = Frame::new(&app, &by.user, "A new token").at(screens::TOKENS);
    Ok(Page::new(&Once { frame, token, base: app.site.base_url.clone() }).into_response())
}

/// POST: it opens nothing from now on. Administrators end those of others too.
pub async fn revoke(State(app): State<App>, by: Acting<Author>, Path(id): Path<TokenId>) -> Result<Response> {
    let of = (by.user.role < Role::Admin).then_some(by.user.id);
    let mut tx = app.db.begin().await?;
    let name = api_token::revoke(&mut tx, id, of).await?.ok_or(Error::NotFound)?;
    audit::record(&mut tx, &by.actor, "revoke", "token", Some(id.0), json!({ "name": name })).await?;
    tx.commit().await?;
    Ok(Flash::new(&app, &format!("“{name}” opens nothing from now on.")).to(screens::TOKENS))
}

async fn view(app: &App, user: &User, typed: Typed, errors: Errors) -> Result<Index> {
    let of = (user.role < Role::Admin).then_some(user.id);
    let all = api_token::list(&app.db, of).await?;
    let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|token| token.user_id == user.id);
    let rows = |tokens: Vec<Listed>| tokens.into_iter().map(|token| Row::new(token, app)).collect();
    Ok(Index {
        frame: Frame::new(app, user, "API tokens").at(screens::TOKENS),
        typed,
        errors,
        own: rows(own),
        others: rows(others),
    })
}

impl Row {
    fn new(token: Listed, app: &App) -> Self {
        Self {
            id: token.id,
            owner: token.owner,
            name: token.name,
            hint: token.hint,
            scopes: token.scopes.join(", "),
            created: when(token.created_at, &app.site),
            expires: when(token.expires_at, &app.site),
            used: token.last_used_at.map(|at| when(at, &app.site)),
            is_over: token.is_over,
        }
    }
}
