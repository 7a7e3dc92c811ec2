//! The program as its users meet it: one binary, so that it is linked once. One file per command or page.
#![allow(clippy::unwrap_used)]

mod accounts;
mod api;
mod article;
mod browser;
mod canary;
mod cache;
mod cli;
mod comment_threads;
mod comments;
mod database;
mod demo;
mod desk;
mod documents;
mod embargo;
mod embed;
mod facts;
mod feeds;
mod front;
mod headers;
mod imports;
mod in_flight;
mod invitations;
mod jobs;
mod kept;
mod lists;
mod log;
mod login;
mod mail;
mod media_gate;
mod metrics;
mod newsroom;
mod profile;
mod reclean;
mod search;
mod second_factor;
mod server;
mod sharing;
mod sessions;
mod speed;
#[path = "../support/mod.rs"]
mod support;
mod talk;
mod toolkit;
mod user_commands;
mod views;
