//! Users, roles, passwords, second factors, sessions, the links that let somebody in once, and how guessing is slowed.
//!
//! No HTTP here: cookies and guards live in `web::viewer`, the login form in `desk::login`.
//! Nothing stored opens a door by itself: tokens are kept as their SHA-256, passwords as Argon2id, the secrets of second
//! factors sealed.

pub mod api_token;
pub mod challenge;
pub mod device;
pub mod invitation;
pub mod network;
pub mod network_key;
pub mod password;
pub mod reset;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod setup;
pub mod throttle;
pub mod token;
pub mod totp;
pub mod user;

mod role;
mod seal;

pub use role::Role;
pub use user::{User, UserId};
