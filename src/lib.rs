//! Broadsheet: a self-hosted news and analysis site, one binary and Postgres.
//!
//! The modules stand bottom to top. A module uses only what stands above its own line; the surfaces
//! (`site`, `desk`, `feeds`, `api`, `jobs`) never use one another. `tests/architecture.rs` reads this order.

pub mod config; // what the operator can set
pub mod telemetry; // logs and request ids
pub mod text; // pure functions and newtypes: Slug, CleanHtml, excerpts, dates, paging; no I/O
pub mod documents; // what a writer's file says: .docx, Markdown, HTML and text, read within bounds; no I/O
pub mod paths; // every URL of the site as a function
pub mod db; // Postgres as a machine: pools, embedded server, migrations
pub mod queue; // work to be done later: payloads, table, SKIP LOCKED
pub mod outbound; // what the server asks of others: one client that looks where it calls
pub mod media; // files and pixels: probe, renditions, storage; no SQL
pub mod accounts; // users, roles, passwords, sessions, set-up links
pub mod news; // the nouns, each with its type, its SQL and its rules
pub mod mail; // letters: views like pages, and how they leave
pub mod web; // the HTTP toolkit: App, Error, Page, Layout, CachePolicy, guards, forms, headers
pub mod front; // the front page at any moment, for the surfaces that show it
pub mod editing; // what writers send, checked and saved, for the surfaces that take it
pub mod exchange; // what comes in from elsewhere and what leaves: imports and exports
pub mod site; // = surface: what readers see, one file per page
pub mod desk; // = surface: where editors work, one file per screen
pub mod feeds; // = surface: what machines read: RSS, sitemaps
pub mod api; // = surface: what programs talk to, in JSON
pub mod jobs; // = surface: what the queue runs
pub mod server; // all surfaces and layers as one app; bind, serve, shut down
pub mod cli; // the commands
