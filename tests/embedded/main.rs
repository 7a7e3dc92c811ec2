//! The private Postgres under everything that can happen to it: each trap that was met while it was designed is a
//! test. They run the real program, because most of it is about what is left when the program is killed.
//! All of it holds for root and for everybody else.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod death;
mod place;
mod programs;
mod site;
mod start;
