//! robots.txt: readers of all kinds are welcome, the desk and the search are not for them.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};

use crate::{
    paths,
    web::{App, Document},
};

pub async fn show(State(app): State<App>) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: /desk\nDisallow: {}\n\nSitemap: {}\n",
        paths::SEARCH,
        app.site.absolute(paths::SITEMAP)
    );
    Document::new("text/plain; charset=utf-8", text).into_response()
}
