//! The site together with other programs, as an operator runs them: Debian's Varnish in front of it.
//! `cargo test --features proxies --test machines`; needs varnishd with the vmod xkey.
#![allow(clippy::unwrap_used)]

#[path = "../it/browser.rs"]
#[allow(dead_code)]
mod browser;
#[path = "../it/newsroom.rs"]
#[allow(dead_code)]
mod newsroom;
#[path = "../support/mod.rs"]
mod support;
mod varnish;
