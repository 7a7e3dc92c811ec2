//! The site in a real browser, for what only a browser knows: layout, focus, what runs and what is asked for.
//! Everything else is tested without one, in `tests/it`. One file per matter; `window` drives the browser,
//! `demo` is the site with the sample news, `stage` a site of the test's own.
#![allow(clippy::unwrap_used)]

#[path = "../it/browser.rs"]
#[allow(dead_code)]
mod browser;
mod busy;
mod access;
mod acts;
mod comments;
mod autosave;
mod demo;
mod documents;
mod driver;
mod editor;
mod embed;
mod feeds;
mod front;
mod hostile;
mod inspection;
mod keeper;
mod keyboard;
mod layout;
mod merge;
#[path = "../it/newsroom.rs"]
#[allow(dead_code)]
mod newsroom;
mod paste;
mod people;
mod pictures;
mod publishing;
mod readers;
mod stability;
mod stage;
mod sweep;
mod switches;
#[path = "../support/mod.rs"]
mod support;
mod window;
mod workflow;
