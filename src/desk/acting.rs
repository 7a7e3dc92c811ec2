//! In whose name an act is recorded: `Acting<Editor>` is a guard for a handler that changes things, `Knocking` is
//! whoever stands at the login.

use std::convert::Infallible;
use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::accounts::User;
use crate::editing::By;
use crate::news::audit::Actor;
use crate::web::error_page::RequestId;
use crate::web::{Admin, App, Author, Editor, Entered, Error, Fresh};

/// Whoever passed the guard, and the same person as the audit trail names them.
pub struct Acting<Guard> {
    pub user: User,
    pub actor: Actor,
    guard: PhantomData<Guard>,
}

impl<G> Acting<G> {
    /// As whoever writes.
    pub fn by(&self) -> By<'_> {
        By { user: &self.user, actor: &self.actor }
    }
}

impl<G> FromRequestParts<App> for Acting<G>
where
    G: FromRequestParts<App, Rejection = Error> + Into<User>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let user: User = G::from_request_parts(parts, app).await?.into();
        let actor = Knocking::of(parts).named(&user);
        Ok(Self { user, actor, guard: PhantomData })
    }
}

/// Somebody of whom nothing is known but the request.
#[derive(Clone)]
pub(super) struct Knocking {
    request_id: String,
}

impl Knocking {
    fn of(parts: &Parts) -> Self {
        let id = parts.extensions.get::<RequestId>();
        Self { request_id: id.map(|id| id.0.clone()).unwrap_or_default() }
    }

    /// Who gave no proof of being anybody.
    pub(super) fn stranger(self) -> Actor {
        Actor { user: None, name: "a stranger".to_owned(), request_id: self.request_id }
    }

    pub(super) fn named(self, user: &User) -> Actor {
        Actor { user: Some(user.id), name: user.name.clone(), request_id: self.request_id }
    }
}

impl FromRequestParts<App> for Knocking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

impl From<Author> for User {
    fn from(guard: Author) -> Self {
        guard.0
    }
}

impl From<Editor> for User {
    fn from(guard: Editor) -> Self {
        guard.0
    }
}

impl From<Admin> for User {
    fn from(guard: Admin) -> Self {
        guard.0
    }
}

impl From<Entered> for User {
    fn from(guard: Entered) -> Self {
        guard.0.user
    }
}

impl<G: Into<Self>> From<Fresh<G>> for User {
    fn from(guard: Fresh<G>) -> Self {
        guard.0.into()
    }
}
