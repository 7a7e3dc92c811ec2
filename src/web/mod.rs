//! The HTTP toolkit: what every page, screen and feed is made with.
//!
//! No page lives here (`site`, `desk`, `feeds`), and nothing that binds or serves (`server`). A handler takes
//! extractors (`viewer`, `form`), returns `web::Result<Page>`, and states a `CachePolicy`; the layers of
//! `server` turn what it returned into headers, an error page, a 304.

pub mod answers;
pub mod app;
pub mod assets;
pub mod browser;
pub mod cleaning;
pub mod client;
pub mod conditional;
pub mod cookie;
pub mod difference;
pub mod error;
pub mod error_page;
pub mod extract;
pub mod facts;
pub mod flash;
pub mod form;
pub mod headers;
pub mod layout;
pub mod moved;
pub mod next;
pub mod page;
pub mod page_cache;
pub mod policy;
pub mod problem;
pub mod qr;
pub mod rates;
pub mod reading;
pub mod token_rate;
pub mod upload;
pub mod viewer;

pub use app::{App, Site};
pub use client::Client;
pub use error::{Error, Result};
pub use extract::{Path, Query};
pub use flash::{Flash, Notice};
pub use form::{Errors, Form};
pub use layout::Layout;
pub use moved::moved;
pub use page::{Document, Page};
pub use page_cache::page;
pub use policy::CachePolicy;
pub use upload::{Stream, StreamedFile, Upload, UploadLimits};
pub use viewer::{Admin, Author, Editor, Entered, Fresh, MaybeViewer};

/// 303: what a handler answers after a POST. `Flash` brings a message along; what has a new address is `moved`.
pub use axum::response::Redirect;

/// What a page or a screen answers: each path with its methods.
pub type Routes = Vec<(&'static str, axum::routing::MethodRouter<App>)>;
