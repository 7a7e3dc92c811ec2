//! Where editors work, one file per screen. What a screen changes is a rule of `news` or `accounts`.

mod acting;
mod article_conflict;
mod article_form;
mod article_picture;
mod articles;
mod audit;
mod banners;
mod chart;
mod autosave;
mod comments;
mod confirm;
mod dashboard;
mod forgotten;
mod discovery;
mod document;
mod frame;
mod imports;
mod front;
mod galleries;
mod link;
mod jobs;
mod login;
mod logout;
mod media;
mod merge;
mod notices;
mod newsroom;
mod order;
mod picked;
mod picture_key;
mod profile;
mod presence;
mod sections;
mod setup;
mod suggestions;
mod tags;
mod tokens;
mod topics;
mod users;
mod waiting;
mod writing;

/// Lists, not routers, so that `tests/it/desk/roles.rs` can walk every route and fails on one whose roles nobody has
/// written down.
pub use crate::web::Routes;
pub use acting::Acting;
pub use frame::Frame;
pub use login::kept::hold as keep_forms;

use crate::editing::{
    checklist, comments as article_comments, multipart, pictures as picture_field, typed as article_typed,
    when, work as article_work, write as article_write,
};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::{get, post};

use crate::paths;
use crate::web::App;

/// An address and a password.
const LOGIN_BODY: usize = 4 * 1024;

pub fn router() -> Router<App> {
    routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

/// Every route of the desk.
pub fn routes() -> Routes {
    let screens = [
        articles::routes(),
        article_form::routes(),
        newsroom::routes(),
        document::routes(),
        autosave::routes(),
        merge::routes(),
        presence::routes(),
        suggestions::routes(),
        comments::routes(),
        sections::routes(),
        tags::routes(),
        topics::routes(),
        front::routes(),
        banners::routes(),
        galleries::routes(),
        media::routes(),
        users::routes(),
        profile::routes(),
        tokens::routes(),
        dashboard::routes(),
        jobs::routes(),
        discovery::routes(),
        imports::routes(),
        confirm::routes(),
        forgotten::routes(),
        audit::routes(),
    ];
    doors().into_iter().chain(screens.into_iter().flatten()).collect()
}

/// The ways in and out.
fn doors() -> Routes {
    let small = DefaultBodyLimit::max(LOGIN_BODY);
    vec![
        ("/admin", get(|| async { Redirect::to(paths::desk::HOME) })),
        (paths::desk::LOGIN, get(login::new).post(login::create).layer(small)),
        (paths::people::SECOND_STEP, get(login::code::new).post(login::code::create).layer(small)),
        (paths::desk::LOGOUT, post(logout::create)),
        (paths::desk::SETUP, get(setup::new).post(setup::create).layer(small)),
    ]
}
