//! The address at which a writer's file becomes an article.

pub const DOCUMENT: &str = "/desk/articles/document";
