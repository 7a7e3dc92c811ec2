//! The one page for everything that went wrong, in the site's clothes and with the request id.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::Failure;
use super::{App, Layout, Page, problem};
use crate::paths;

/// Says that an error answer is complete as it is: health checks, JSON. Put it into the response's extensions.
#[derive(Clone, Copy, Debug)]
pub struct AsIs;

/// The id of a request, for the log, the answer and the error page.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    layout: Layout,
    status: u16,
    heading: &'static str,
    text: &'static str,
    note: String,
    request_id: String,
    home: &'static str,
}

/// The middleware: dresses every error answer that is not a page already.
pub async fn dress(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    let is_api = paths::api::is_api(request.uri().path());
    let response = next.run(request).await;
    if is_api {
        return problem::dress(&app.site, response, &id);
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_complete(&response) {
        return response;
    }
    let failure = response.extensions().get::<Failure>().cloned().unwrap_or(Failure { status, note: None });
    let mut dressed = render(&app, failure, id).await;
    keep(response.headers(), dressed.headers_mut());
    dressed
}

fn is_complete(response: &Response) -> bool {
    let is_html = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    is_html || response.extensions().get::<AsIs>().is_some()
}

async fn render(app: &App, failure: Failure, request_id: String) -> Response {
    let status = failure.status;
    let (heading, text) = words(status);
    // Without its menu when the database is what failed, or is too busy to be asked for an error's sake.
    let spare = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let layout = if spare { None } else { Layout::load(app, heading).await.ok() };
    let layout = layout.unwrap_or_else(|| Layout::bare(app, heading));
    let view = ErrorPage {
        layout: layout.class("error"),
        status: status.as_u16(),
        heading,
        text,
        note: failure.note.unwrap_or_default(),
        request_id,
        home: paths::HOME,
    };
    // A template that fails here must not come back here.
    match view.render() {
        Ok(_) => Page::new(&view).status(status).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "the error page does not render");
            (status, heading).into_response()
        }
    }
}

/// What the bare answer said beside its body.
fn keep(from: &HeaderMap, to: &mut HeaderMap) {
    const KEPT: [HeaderName; 4] =
        [header::RETRY_AFTER, header::ALLOW, header::SET_COOKIE, header::CONNECTION];
    for name in KEPT {
        to.extend(from.get_all(&name).iter().map(|value| (name.clone(), value.clone())));
    }
}

#[allow(clippy::match_overlapping_arm)] // the particular before the general
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("This request was not understood", "Something in it is not as it should be."),
        403 => (
            "This is not open to you",
            "Your account may not do this, or the request came from another site.",
        ),
        404 => ("This page is not here", "The address may be mistyped, or the page was never here."),
        405 => ("This cannot be done here", "The address exists, but not for this kind of request."),
        408 => ("This took too long to arrive", "The connection was too slow. Please try again."),
        409 => ("Somebody was faster", "What you changed has been changed by somebody else in the meantime."),
        410 => ("This page is gone", "It was here once and has been withdrawn."),
        413 => ("This is too large", "What was sent is larger than this site takes."),
        414 => ("This address is too long", "The address is longer than any of this site."),
        415 => (
            "This kind of content is not taken here",
            "The request was sent in a form this site does not read.",
        ),
        429 => ("Too many requests", "Please wait a little and try again."),
        503 => ("One moment, please", "The site is busy or starting. Please try again in a few seconds."),
        507 => (
            "There is no room left",
            "The site cannot store anything at the moment. What is there can be read.",
        ),
        401..=499 => ("This request was refused", "It cannot be answered as it is."),
        _ => ("Something went wrong", "The mistake is ours, and it has been written down."),
    }
}
