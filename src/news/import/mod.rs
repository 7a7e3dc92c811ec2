//! Imports: their runs, their reports, and how what they bring is written. What reads files is `exchange::import`.
//!
//! | what | file |
//! |---|---|
//! | a run: asked for, worked at, cancelled, over | `run` |
//! | its report, a line for each thing | `line` |
//! | the report as a file | `report` |
//! | files that a source knows by number | `file` |
//! | what a source said when it was last imported | `known` |
//! | articles, many at once | `articles` |
//! | comments, many at once | `comments` |

pub mod articles;
pub mod comments;
pub mod file;
pub mod known;
pub mod line;
pub mod report;
pub mod run;

id!(
    /// One run of an import.
    ImportId
);
