//! `page(handler)`: a route whose answer is drawn once for everybody.
//!
//! Its handler takes what can be read from an address, and nothing else: the `App`, the parts of the path, the words of
//! the query. Whatever else a request carries (headers, cookies, who asks) cannot change the page, because no type of
//! it is a `FromAddress`. That is the whole defence against poisoned caches, and the compiler keeps it.

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use serde::de::DeserializeOwned;

use super::PageCache;
use super::address::{self, Address, Fields};
use super::answer::{self, CACHE_STATUS, Ready, Source};
use super::encoding::Encoding;
use super::fetch::Drawn;
use super::key::Terms;
use crate::web::{App, Path, Query, Result, cookie, reading};

mod sealed {
    pub trait Sealed {}
}

/// What a page may know of the address it is drawn for. Implemented here and nowhere else.
pub trait FromAddress: sealed::Sealed + Sized + Send + 'static {
    /// The words of the query that it reads.
    fn fields() -> Fields {
        Fields::new()
    }

    /// `parts` are those of the request, for its path; `address` has the query.
    fn from_address(parts: &mut Parts, address: &Uri, app: &App)
    -> impl Future<Output = Result<Self>> + Send;
}

impl sealed::Sealed for State<App> {}
impl FromAddress for State<App> {
    async fn from_address(_: &mut Parts, _: &Uri, app: &App) -> Result<Self> {
        Ok(Self(app.clone()))
    }
}

impl<T> sealed::Sealed for Path<T> {}
impl<T: DeserializeOwned + Send + 'static> FromAddress for Path<T> {
    async fn from_address(parts: &mut Parts, _: &Uri, app: &App) -> Result<Self> {
        Self::from_request_parts(parts, app).await
    }
}

impl<T> sealed::Sealed for Query<T> {}
impl<T: DeserializeOwned + Send + 'static> FromAddress for Query<T> {
    fn fields() -> Fields {
        address::fields::<T>()
    }

    async fn from_address(_: &mut Parts, address: &Uri, _: &App) -> Result<Self> {
        Self::of(address)
    }
}

/// Something that a whole path and the words of its query say together.
pub trait ReadAddress: Sized + Send + 'static {
    type Query: DeserializeOwned + Send;

    fn read(path: &str, query: Self::Query) -> Result<Self>;
}

/// As a handler takes it.
pub struct At<T>(pub T);

impl<T> sealed::Sealed for At<T> {}
impl<T: ReadAddress> FromAddress for At<T> {
    fn fields() -> Fields {
        address::fields::<T::Query>()
    }

    async fn from_address(_: &mut Parts, address: &Uri, _: &App) -> Result<Self> {
        let Query(query) = Query::of(address)?;
        T::read(address.path(), query).map(Self)
    }
}

/// A handler of a page: up to three of those, and an answer.
pub trait Draw<A>: Clone + Send + Sync + 'static {
    fn draw(self, args: A) -> impl Future<Output = Response> + Send + 'static;
}

macro_rules! draws {
    ($($arg:ident),+) => {
        impl<$($arg: FromAddress),+> sealed::Sealed for ($($arg,)+) {}
        impl<$($arg: FromAddress),+> FromAddress for ($($arg,)+) {
            fn fields() -> Fields {
                [$($arg::fields()),+].concat()
            }

            async fn from_address(parts: &mut Parts, address: &Uri, app: &App) -> Result<Self> {
                Ok(($($arg::from_address(parts, address, app).await?,)+))
            }
        }

        impl<F, O, R, $($arg: FromAddress),+> Draw<($($arg,)+)> for F
        where
            F: FnOnce($($arg),+) -> O + Clone + Send + Sync + 'static,
            O: Future<Output = R> + Send + 'static,
            R: IntoResponse + 'static,
        {
            #[allow(non_snake_case)] // one name for a type and its value
            async fn draw(self, ($($arg,)+): ($($arg,)+)) -> Response {
                self($($arg),+).await.into_response()
            }
        }
    };
}
draws!(A);
draws!(A, B);
draws!(A, B, C);

/// GET and HEAD of a page that may be kept, on the terms that it states.
pub fn page<H: Draw<A>, A: FromAddress>(handler: H) -> MethodRouter<App> {
    get(async move |State(app): State<App>, request: Request| serve(app, request, handler).await)
}

async fn serve<H: Draw<A>, A: FromAddress>(app: App, request: Request, handler: H) -> Response {
    let (mut parts, _) = request.into_parts();
    let fields = A::fields();
    if let Some(route) = parts.extensions.get::<MatchedPath>() {
        app.pages.routes.learn(route.as_str(), &fields);
    }
    let own = Address::of(&parts.uri, &fields);
    let address = own.clone().unwrap_or_else(|| Address::loose(&parts.uri, &fields));
    let uri = address.uri().unwrap_or_else(|| parts.uri.clone());
    let args = match A::from_address(&mut parts, &uri, &app).await {
        Ok(args) => args,
        Err(error) => return error.into_response(),
    };
    let draw = handler.draw(args);
    // Somebody with a session gets nothing of what is kept, and nothing of theirs is.
    let own = own.filter(|_| cookie::session(&app.site, &parts.headers).is_none());
    let Some(address) = own else {
        let answer = draw.await;
        return hand_out(&app, parts, answer, Source::Bypass).await;
    };
    let (drawn, source) = PageCache::fetch(&app, address, draw).await;
    let kept = match drawn {
        Drawn::Page { kept, .. } => kept,
        Drawn::Other(plain) => return hand_out(&app, parts, plain.response(), source).await,
    };
    app.pages.figures.count(source);
    if let Some(article) = kept.counts {
        reading::count(&app, article, &mut parts).await;
    }
    let encoding = Encoding::wanted(&parts.headers);
    if parts.method != Method::HEAD {
        PageCache::pack_now(&app, encoding, &kept).await;
    }
    let answer = answer::answer(&kept, &parts.headers, encoding, source, app.pages.now());
    let mut response = answer.map(axum::body::Body::from);
    response.extensions_mut().insert(Ready);
    response
}

/// What is not kept goes on to the layers, as every answer does.
async fn hand_out(app: &App, mut parts: Parts, mut response: Response, source: Source) -> Response {
    app.pages.figures.count(source);
    if let Some(article) = response.extensions().get::<Terms>().and_then(|terms| terms.counts) {
        reading::count(app, article, &mut parts).await;
    }
    response.headers_mut().insert(CACHE_STATUS, source.header(0));
    response
}
