//! The desk's addresses around the board of the front page.

use std::fmt::Display;

use super::{desk, encode, query};

pub const ORDER: &str = "/desk/front/order";
pub const PUBLISH: &str = "/desk/front/publish";
pub const DISCARD: &str = "/desk/front/discard";
pub const HISTORY: &str = "/desk/front/history";
pub const AT: &str = "/desk/front/at";
pub const BLOCKS: &str = "/desk/front/blocks";
pub const BLOCK_ORDER: &str = "/desk/front/blocks/order";
pub const PREVIEWS: &str = "/desk/front/previews";
pub const BANNERS: &str = "/desk/front/banners";

/// One article's place on the board.
pub fn placing(id: impl Display) -> String {
    format!("/desk/front/{id}")
}

pub fn placing_delete(id: impl Display) -> String {
    format!("/desk/front/{id}/delete")
}

pub fn block(id: impl Display) -> String {
    format!("/desk/front/blocks/{id}")
}

pub fn block_delete(id: impl Display) -> String {
    format!("/desk/front/blocks/{id}/delete")
}

/// The board, at one of its blocks.
pub fn at_block(id: impl Display) -> String {
    format!("{}#block-{id}", desk::FRONT)
}

pub fn restore(id: impl Display) -> String {
    format!("/desk/front/history/{id}")
}

pub fn banner(id: impl Display) -> String {
    format!("/desk/front/banners/{id}")
}

pub fn banner_end(id: impl Display) -> String {
    format!("/desk/front/banners/{id}/end")
}

/// The front page of a board (`draft`, `published` or a number) at a moment, as its field holds it.
pub fn at(board: impl Display, moment: &str) -> String {
    query(AT, &[("board", &encode(&board.to_string())), ("at", moment)])
}
