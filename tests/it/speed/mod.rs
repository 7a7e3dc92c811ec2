//! What a page may cost, and what must not grow with the archive.

mod bulk;
mod plans;
mod round_trips;
mod weight;
