//! Users, roles, passwords, sessions, set-up links, and how guessing is slowed.
//!
//! No HTTP here: cookies and guards live in `web::viewer`, the login form in `desk::login`.
//! Nothing stored opens a door by itself: tokens are kept as their SHA-256, passwords as Argon2id.

pub mod network;
pub mod network_key;
pub mod password;
pub mod secret;
pub mod session;
pub mod setup;
pub mod throttle;
pub mod token;
pub mod user;

mod role;

pub use role::Role;
pub use user::{User, UserId};
