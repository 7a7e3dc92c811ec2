//! The site together with other programs, as an operator runs them: Debian's Varnish in front of it.
//! `cargo test --features machines --test machines`; needs varnishd with the vmod xkey.
#![allow(clippy::unwrap_used)]

#[path = "../it/browser.rs"]
mod browser;
#[path = "../it/newsroom.rs"]
mod newsroom;
#[path = "../support/mod.rs"]
mod support;
mod varnish;
