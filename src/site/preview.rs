//! `/preview/{token}`: the exact page that readers will get, on a link for people without an account.
//!
//! Nothing of the request but the token decides what is shown, and nobody keeps it: no cache, no search engine, no
//! `Referer` header. Who makes and ends links is `desk::newsroom`.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use chrono::Utc;

use super::article;
use crate::front::{self, Strip};
use crate::news::front::store::Which;
use crate::news::preview::{self, Subject};
use crate::web::{App, Error, Page, Path, Result};

/// Said to search engines; the page itself says so too.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

pub(super) async fn show(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    let preview = preview::by_token(&app.db, &token).await?.ok_or(Error::NotFound)?;
    let page = match preview.subject {
        Subject::Article(id) => article::previewed(&app, id, &preview).await?,
        Subject::Front => {
            let mut view = front::page(&app, Which::Published, preview.as_of).await?;
            let moment = preview.as_of.unwrap_or_else(Utc::now);
            let (day, time) = (view.layout.short(&moment), view.layout.time(&moment));
            view.strip =
                Some(Strip { text: format!("A preview: the front page as of {day}, {time}"), look: None });
            (view.layout.canonical, view.layout.unlisted) = (String::new(), true);
            Page::new(&view)
        }
    };
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive")),
    ];
    Ok((headers, page).into_response())
}
