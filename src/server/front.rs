//! What stands before everything else: a page that is kept goes out from here, and no layer, no route and no database
//! hears of the request. Everything else goes on to the router.

use std::convert::Infallible;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use axum::middleware::Next;
use futures_util::future::{Either as Answer, ready};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use tower::ServiceExt;

use crate::web::client::{self, Peer};
use crate::web::page_cache::PageCache;
use crate::web::{App, reading};

/// Bytes that are there, or what a route makes.
pub type Outgoing = Either<Full<Bytes>, Body>;

/// What the accept loop hands its requests to.
pub struct Front {
    /// Without it nothing is kept: tests serve routes of their own.
    pub app: Option<App>,
    pub router: Router,
}

impl Front {
    /// What is ready is ready at once: nothing is cloned, and nothing is waited for.
    pub fn answer(
        &self,
        peer: Peer,
        mut request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Outgoing>, Infallible>> + use<> {
        request.extensions_mut().insert(peer);
        if let Some(response) = self.app.as_ref().and_then(|app| kept(app, &request)) {
            return Answer::Left(ready(Ok(response.map(|bytes| Either::Left(Full::new(bytes))))));
        }
        let router = self.router.clone();
        Answer::Right(async move {
            let response = router.oneshot(request.map(Body::new)).await?;
            Ok(response.map(Either::Right))
        })
    }
}

/// The same as a layer around any routes.
pub async fn first(State(app): State<App>, request: Request, next: Next) -> Response<Body> {
    match kept(&app, &request) {
        Some(response) => response.map(Body::from),
        None => next.run(request).await,
    }
}

fn kept<B>(app: &App, request: &Request<B>) -> Option<Response<Bytes>> {
    let (method, headers) = (request.method(), request.headers());
    let hit = PageCache::hit(app, method, request.uri(), headers)?;
    if let Some(article) = hit.counts {
        let peer = request.extensions().get::<Peer>().copied();
        reading::count_stranger(app, article, method, headers, || client::address(app, peer, headers));
    }
    Some(hit.response)
}
