//! Pure functions and checked text: slugs, clean HTML, dates, cursors, languages, excerpts.
//!
//! Nothing here does I/O or knows a noun of the site; rules about articles live in `news`.

pub mod compare;
pub mod cursor;
pub mod date;
pub mod embed;
pub mod excerpt;
pub mod html;
pub mod language;
pub mod markup;
pub mod merge;
pub mod names;
pub mod secrets;
pub mod slug;
pub mod words;

pub use cursor::Cursor;
pub use html::CleanHtml;
pub use language::Language;
pub use slug::Slug;
