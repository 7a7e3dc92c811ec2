//! Letting somebody in, whichever door they came through: a fresh session, the browser remembered, the act recorded.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use sqlx::{Postgres, Transaction};

use super::destination;
use super::kept::{self, Kept};
use crate::accounts::throttle::Attempt;
use crate::accounts::{UserId, device, session, user};
use crate::desk::acting::Knocking;
use crate::news::audit;
use crate::web::{App, Result, browser, cookie};

/// Somebody about to be let in, and the browser they sit at.
pub struct Admission<'a> {
    app: &'a App,
    old_session: Option<&'a str>,
    old_device: Option<&'a str>,
    browser: String,
    knocking: Knocking,
}

impl<'a> Admission<'a> {
    pub fn new(app: &'a App, headers: &'a HeaderMap, knocking: Knocking) -> Self {
        Self {
            app,
            old_session: cookie::session(&app.site, headers),
            old_device: cookie::device(&app.site, headers),
            browser: browser::family(headers),
            knocking,
        }
    }

    /// A fresh session; the one the browser came with, if any, is over. Then to where they wanted, or to the form
    /// that was kept for them. In the transaction in which it was found that they may come in, and which holds the
    /// account: whoever changes it meanwhile comes before, or after and ends this session too.
    pub async fn admit(
        self,
        mut tx: Transaction<'_, Postgres>,
        id: UserId,
        attempt: Option<Attempt>,
        wanted: &str,
        kept: Option<&Kept>,
    ) -> Result<Response> {
        if let Some(attempt) = attempt {
            attempt.forgive(&mut tx).await?;
        }
        if let Some(old) = self.old_session {
            session::end(&mut *tx, old).await?;
        }
        let token = session::create_in(&mut tx, id, &self.browser).await?;
        let device = device::remember(&mut tx, id, self.old_device).await?;
        user::logged_in(&mut tx, id).await?;
        if let Some(known) = user::by_id(&mut *tx, id).await? {
            audit::record(&mut tx, &self.knocking.named(&known), "log in", "user", Some(id.0), json!({}))
                .await?;
        }
        tx.commit().await?;
        let site = &self.app.site;
        let session = session::by_token(&self.app.db, token.as_str()).await?;
        let mut response = match (kept, session) {
            (Some(kept), Some(session)) => kept::show(self.app, &session, kept).into_response(),
            _ => Redirect::to(destination(wanted)).into_response(),
        };
        let cookies = [cookie::set_session(site, token.as_str()), cookie::set_device(site, &device)];
        set_cookies(&mut response, cookies);
        Ok(response)
    }
}

/// The redirect into the desk with the session's cookie.
pub fn welcome(cookie: Option<HeaderValue>, path: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    set_cookies(&mut response, [cookie]);
    response
}

pub fn set_cookies<const N: usize>(response: &mut Response, cookies: [Option<HeaderValue>; N]) {
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
