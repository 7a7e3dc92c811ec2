//! Who asks, by the token of the request: a layer around everything below `/api/v1/desk`, so that no route there can forget
//! it, and what handlers take.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::accounts::User;
use crate::accounts::api_token::{self, Held, Scope};
use crate::editing::By;
use crate::news::audit::Actor;
use crate::paths::api as paths;
use crate::web::error_page::RequestId;
use crate::web::problem::{Kind, Problem, Refused};
use crate::web::{App, Error};

/// A token that opens something.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub held: Held,
    pub actor: Actor,
}

impl Bearer {
    pub fn user(&self) -> &User {
        &self.held.user
    }

    pub fn by(&self) -> By<'_> {
        By { user: &self.held.user, actor: &self.actor }
    }

    /// Refuses what the token is not for.
    pub fn may(&self, scope: Scope) -> Result<(), Refused> {
        if self.held.has(scope) {
            return Ok(());
        }
        Err(Problem::new(Kind::Scope, format!("This token has no scope {}.", scope.as_str())).into())
    }
}

/// What the person behind it may not do, the token may not.
pub fn forbidden() -> Refused {
    Problem::new(Kind::Scope, "Whose token this is may not do this to the article as it stands.").into()
}

/// The middleware.
pub async fn admit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if !paths::is_desk(request.uri().path()) {
        return next.run(request).await;
    }
    let held = match text(&request) {
        Some(text) => match api_token::by_text(&app.db, text).await {
            Ok(held) => held,
            Err(cause) => return Error::from(cause).into_response(),
        },
        None => None,
    };
    let Some(held) = held else {
        let why = "Send “Authorization: Bearer” with a token of the desk that is in use.";
        return Refused::from(Problem::new(Kind::Token, why)).into_response();
    };
    let standing = app.rates.tokens.count(held.id);
    let mut response = if let Some(wait) = standing.and_then(|standing| standing.wait) {
        Error::TooMany { retry_after: wait }.into_response()
    } else {
        let actor = actor(&held, request.extensions().get::<RequestId>());
        request.extensions_mut().insert(Bearer { held, actor });
        next.run(request).await
    };
    if let Some(standing) = standing {
        standing.tell(response.headers_mut());
    }
    response
}

/// The person, and the program that acts for them.
fn actor(held: &Held, id: Option<&RequestId>) -> Actor {
    Actor {
        user: Some(held.user.id),
        name: format!("{} (token {})", held.user.name, held.name),
        request_id: id.map(|id| id.0.clone()).unwrap_or_default(),
    }
}

fn text(request: &Request) -> Option<&str> {
    let (scheme, text) = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| text.trim())
}

impl FromRequestParts<App> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Refused> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| Problem::new(Kind::Token, "A token is needed.").into())
    }
}
