//! One line for each request, and the id that ties its lines together.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::accounts::network;
use crate::paths;
use crate::web::error_page::RequestId;
use crate::web::{App, Client};

const ID_BYTES: usize = 8;
const ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The middleware. Ids are always ours: what a stranger sends would let them write into the log.
pub async fn request(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = fresh_id();
    let started = Instant::now();
    let method = request.method().clone();
    // Never the query: it holds what people search for, and the tokens of links.
    let path = paths::logged(request.uri().path()).to_owned();
    let from = request.extensions().get::<Client>().map(|client| network::coarse(client.address).to_string());
    request.extensions_mut().insert(RequestId(id.clone()));

    let span = tracing::info_span!("request", id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;

    app.answers.count(response.status(), started.elapsed());
    let _entered = span.enter();
    tracing::info!(
        %method,
        // As a value, which the log escapes: an address must not be able to break a line.
        path,
        status = response.status().as_u16(),
        ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        from = from.unwrap_or_default(),
        "answered"
    );
    response.headers_mut().extend(HeaderValue::try_from(id).ok().map(|id| (ID_HEADER, id)));
    response
}

/// Sixteen hex digits; all zero when the system has no randomness, which stops nothing here.
fn fresh_id() -> String {
    let mut bytes = [0; ID_BYTES];
    let _ = getrandom::fill(&mut bytes);
    hex::encode(bytes)
}
