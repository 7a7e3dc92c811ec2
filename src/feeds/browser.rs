//! A feed that somebody opened by a click: a browser shows it by its style sheet when it is plain XML, and would save
//! it to a file when it is called a feed.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Feeds say in `Vary` that it counts.
pub const DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The middleware around feeds alone.
pub async fn readable(request: Request, next: Next) -> Response {
    let is_document = request.headers().get(DEST).is_some_and(|dest| dest == "document");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let plain = match kind.split(';').next().unwrap_or_default() {
        "application/rss+xml" | "application/atom+xml" => "text/xml; charset=utf-8",
        "application/feed+json" => "application/json; charset=utf-8",
        _ => return response,
    };
    if is_document {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(plain));
    }
    response
}
