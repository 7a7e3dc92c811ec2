//! What every screen of the desk shows around its content.

use std::sync::Arc;

use crate::accounts::{Role, User};
use crate::paths;
use crate::web::{App, Notice, Site, assets};

/// The menu in its order: label, address, and the role that may open it. The guards of the screens decide;
/// the menu only spares people doors that are shut.
const MENU: [(&str, &str, Role); 15] = [
    ("Today", paths::desk::HOME, Role::Author),
    ("Articles", paths::desk::ARTICLES, Role::Author),
    ("Comments", paths::desk::COMMENTS, Role::Editor),
    ("Front page", paths::desk::FRONT, Role::Editor),
    ("Topics", paths::desk::TOPICS, Role::Editor),
    ("Sections", paths::desk::SECTIONS, Role::Editor),
    ("Tags", paths::desk::TAGS, Role::Editor),
    ("Galleries", paths::desk::GALLERIES, Role::Editor),
    ("Media", paths::desk::MEDIA, Role::Author),
    ("Users", paths::desk::USERS, Role::Admin),
    ("Audit", paths::desk::AUDIT, Role::Editor),
    ("Jobs", paths::people::JOBS, Role::Admin),
    ("API tokens", paths::api::desk::TOKENS, Role::Author),
    ("Imports", paths::imports::IMPORTS, Role::Admin),
    ("Discovery", paths::feeds::desk::DISCOVERY, Role::Admin),
];

/// `templates/desk/base.html` reads this as `frame`.
#[derive(Clone, Debug)]
pub struct Frame {
    pub site: Arc<Site>,
    pub title: String,
    /// Nobody on the login and set-up forms.
    pub viewer: Option<User>,
    /// What the last act had to say.
    pub notice: Option<String>,
    /// The entry of the menu under which the screen stands.
    here: &'static str,
}

#[derive(Clone, Copy, Debug)]
pub struct MenuItem {
    pub label: &'static str,
    pub href: &'static str,
    pub current: bool,
}

impl Frame {
    pub fn new(app: &App, viewer: &User, title: impl Into<String>) -> Self {
        Self { viewer: Some(viewer.clone()), ..Self::stranger(app, title) }
    }

    pub fn stranger(app: &App, title: impl Into<String>) -> Self {
        Self { site: Arc::clone(&app.site), title: title.into(), viewer: None, notice: None, here: "" }
    }

    #[must_use]
    pub fn notice(mut self, notice: Notice) -> Self {
        self.notice = notice.0;
        self
    }

    /// `paths::desk::TOPICS` for every screen about topics, so that the menu shows where one is.
    #[must_use]
    pub fn at(mut self, here: &'static str) -> Self {
        self.here = here;
        self
    }

    /// What this viewer may open.
    pub fn menu(&self) -> impl Iterator<Item = MenuItem> {
        let role = self.viewer.as_ref().map(|viewer| viewer.role);
        MENU.into_iter()
            .filter(move |(.., least)| role.is_some_and(|role| role >= *least))
            .map(|(label, href, _)| MenuItem { label, href, current: href == self.here })
    }

    /// For templates: the hashed address of a file of `static/`.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }
}
