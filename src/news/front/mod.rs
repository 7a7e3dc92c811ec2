//! The front page as editors arrange it: the board of its blocks (`board`), where boards are kept (`store`), what
//! stands in the blocks at a moment (`fill`), and the line of breaking news on top of every page (`banner`).
//!
//! A moment is one number for the whole page, taken from the database's clock or given by an editor who looks
//! ahead. Not here: how the page is drawn (`crate::front`), the desk's screens (`desk::front`, `desk::banner`).

pub mod banner;
pub mod board;
pub mod fill;
pub mod store;

pub use board::{Block, BlockId, Board, Kind, Placing, PlacingId, Rule};

use sqlx::PgPool;

use super::article::card::Card;

/// What readers see of the editor's choice now.
pub async fn editors_choice(db: &PgPool, limit: usize) -> sqlx::Result<Vec<Card>> {
    let seen = store::seen(db, store::Which::Published, None).await?;
    let Some(mut block) = seen.board.blocks.into_iter().find(|block| block.kind == Kind::Choice) else {
        return Ok(Vec::new());
    };
    (block.on, block.size) = (true, limit);
    let board = Board { blocks: vec![block] };
    let filled = fill::fill(db, &board, seen.at).await?;
    Ok(filled.into_iter().flat_map(|filled| filled.cards).collect())
}
