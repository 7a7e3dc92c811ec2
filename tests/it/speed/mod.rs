//! What a page may cost, and what must not grow with the archive.

mod bulk;
mod round_trips;
