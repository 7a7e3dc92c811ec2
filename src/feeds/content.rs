//! The text of an article as its feed carries it: standfirst, picture and body as HTML, or some lines of plain text.

use askama::Template;

use super::feed::Image;
use crate::news::article::entry::Entry;
use crate::text::{CleanHtml, excerpt};
use crate::web::Site;

/// Letters of a summary that nobody wrote.
const SUMMARY: usize = 280;

#[derive(Template)]
#[template(path = "feeds/content.html")]
struct Content<'a> {
    standfirst: &'a str,
    picture: Option<&'a Image>,
    alt: &'a str,
    caption: String,
    body: CleanHtml,
}

/// The whole article, with whole addresses.
pub fn whole(site: &Site, entry: &Entry, picture: Option<&Image>) -> String {
    let card = &entry.card;
    let caption = format!("{} {}", card.picture_caption, card.picture_credit).trim().to_owned();
    let body = entry.body.absolute(&site.base_url);
    let view = Content { standfirst: &card.standfirst, picture, alt: &card.picture_alt, caption, body };
    view.render().unwrap_or_else(|error| {
        tracing::error!(%error, article = %card.id, "an article could not be rendered for a feed");
        view.body.to_string()
    })
}

/// The standfirst, or how the text begins.
pub fn summary(entry: &Entry) -> String {
    if entry.card.standfirst.is_empty() {
        excerpt::first(&entry.body.text(), SUMMARY)
    } else {
        entry.card.standfirst.clone()
    }
}
