//! Letters to commenters. Nothing in them was typed by a stranger: no name, no word of the comment, or the site would
//! carry advertisements to any address.

use askama::Template;

use super::View;

/// What an editor decided, to whoever asked to be told.
#[derive(Template)]
#[template(path = "mail/comment_decided.txt")]
pub struct Decided<'a> {
    pub site: &'a str,
    pub headline: &'a str,
    pub approved: bool,
    /// Where the comment stands, or the article.
    pub link: &'a str,
    pub reason: &'a str,
    /// Where it can be deleted.
    pub own: &'a str,
}

impl View for Decided<'_> {
    fn subject(&self) -> String {
        let was = if self.approved { "is published" } else { "was not published" };
        format!("Your comment {was}: {}", self.headline)
    }
}

/// The wish for another text.
#[derive(Template)]
#[template(path = "mail/comment_rewrite.txt")]
pub struct Rewrite<'a> {
    pub site: &'a str,
    pub headline: &'a str,
    pub note: &'a str,
    pub days: i32,
    pub link: &'a str,
}

impl View for Rewrite<'_> {
    fn subject(&self) -> String {
        format!("Please change your comment: {}", self.headline)
    }
}
