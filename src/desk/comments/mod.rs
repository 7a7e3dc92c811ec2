//! Comments at the desk: the queue, one comment, and the rules, words and bans that hold comments back.
//!
//! A comment is text wherever it is shown: nothing in it is ever treated as markup. Neither an address nor a hash of one
//! is shown to anybody; commenters are known by another comment of theirs.

mod acts;
mod bans;
mod letters;
mod one;
mod queue;
mod rules;
mod words;

use axum::routing::{get, post};

use super::Routes;
use crate::paths;
use crate::paths::comments::desk as screens;

pub fn routes() -> Routes {
    vec![
        (paths::desk::COMMENTS, get(queue::index).post(acts::update_many)),
        (screens::RULES, get(rules::edit).post(rules::update)),
        (screens::WORDS, get(words::edit).post(words::update)),
        (screens::BANS, get(bans::index)),
        ("/desk/comments/bans/{id}/delete", post(bans::delete)),
        ("/desk/comments/{id}", get(one::show).post(acts::update)),
        ("/desk/comments/{id}/rewrite", post(one::ask)),
        ("/desk/comments/{id}/reply", post(one::reply)),
        ("/desk/comments/{id}/ban", post(bans::create)),
    ]
}
