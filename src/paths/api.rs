//! What programs talk to.

use std::fmt::Display;

use crate::paths;

/// Everything below it answers in JSON, errors too.
pub const ROOT: &str = "/api";
pub const V1: &str = "/api/v1";
pub const OPENAPI: &str = "/api/v1/openapi.json";
pub const DOCS: &str = "/api/v1/docs";
pub const ARTICLES: &str = "/api/v1/articles";
pub const SECTIONS: &str = "/api/v1/sections";
pub const TAGS: &str = "/api/v1/tags";
pub const TOPICS: &str = "/api/v1/topics";
pub const AUTHORS: &str = "/api/v1/authors";
pub const MOST_VIEWED: &str = "/api/v1/most-viewed";
pub const SEARCH: &str = "/api/v1/search";

/// What needs a token lies below it.
pub const DESK: &str = "/api/v1/desk";
pub const ME: &str = "/api/v1/desk/me";
pub const DESK_ARTICLES: &str = "/api/v1/desk/articles";
pub const DESK_MEDIA: &str = "/api/v1/desk/media";

pub fn article(id: impl Display) -> String {
    format!("{ARTICLES}/{id}")
}

pub fn desk_article(id: impl Display) -> String {
    format!("{DESK_ARTICLES}/{id}")
}

pub fn desk_medium(id: impl Display) -> String {
    format!("{DESK_MEDIA}/{id}")
}

/// What a kind of problem is, in words.
pub fn problem(kind: &str) -> String {
    format!("{DOCS}#problem-{}", paths::encode(kind))
}

/// Whether programs ask here, and are answered as programs.
pub fn is_api(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether it needs a token.
pub fn is_desk(path: &str) -> bool {
    path.strip_prefix(DESK).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The screens at the desk.
pub mod desk {
    use std::fmt::Display;

    pub const TOKENS: &str = "/desk/tokens";

    pub fn token_revoke(id: impl Display) -> String {
        format!("/desk/tokens/{id}/revoke")
    }
}
