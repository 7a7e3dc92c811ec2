//! What comes in from elsewhere, and what leaves: imports and exports. The commands and screens that ask for them are
//! `cli`, `desk` and `jobs`; the rows that are written are those of `news`.

pub mod archive;
pub mod html;
pub mod import;
