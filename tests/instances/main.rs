//! Several instances over one Postgres: what each does, and how one takes the place of another.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod program;
mod roles;
#[cfg(feature = "proxies")]
mod rolling;
mod supervised;
#[path = "../support/mod.rs"]
mod support;
