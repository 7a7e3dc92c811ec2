//! The addresses of the people who work here: coming in, their own account, the accounts of all.

use std::fmt::Display;

use super::encode;

/// The second step of the login.
pub const SECOND_STEP: &str = "/desk/login/code";
/// "It is me": the password once more before something that matters.
pub const CONFIRM: &str = "/desk/confirm";
pub const FORGOTTEN: &str = "/desk/forgotten";
pub const RESET: &str = "/desk/reset";
pub const INVITED: &str = "/desk/invited";

pub const PROFILE: &str = "/desk/profile";
pub const PROFILE_EMAIL: &str = "/desk/profile/email";
pub const PROFILE_PASSWORD: &str = "/desk/profile/password";
pub const SECOND_FACTOR: &str = "/desk/profile/second-factor";
pub const SECOND_FACTOR_REMOVE: &str = "/desk/profile/second-factor/remove";
pub const RECOVERY_CODES: &str = "/desk/profile/recovery-codes";
pub const SESSIONS: &str = "/desk/profile/sessions";
pub const PROFILE_AUTHOR: &str = "/desk/profile/author";

pub const JOBS: &str = "/desk/jobs";
pub const INVITATIONS: &str = "/desk/users/invitations";
pub const ROLE_RULES: &str = "/desk/users/rules";

pub fn confirm(back: &str) -> String {
    format!("{CONFIRM}?next={}", encode(back))
}

pub fn reset(token: &str) -> String {
    format!("{RESET}?token={}", encode(token))
}

pub fn invited(token: &str) -> String {
    format!("{INVITED}?token={}", encode(token))
}

pub fn session_end(id: impl Display) -> String {
    format!("/desk/profile/sessions/{id}/end")
}

pub fn invitation_link(id: impl Display) -> String {
    format!("/desk/users/invitations/{id}/link")
}

pub fn invitation_revoke(id: impl Display) -> String {
    format!("/desk/users/invitations/{id}/revoke")
}

pub fn user_second_factor(id: impl Display) -> String {
    format!("/desk/users/{id}/second-factor")
}

pub fn user_reset_link(id: impl Display) -> String {
    format!("/desk/users/{id}/reset-link")
}

pub fn user_sessions(id: impl Display) -> String {
    format!("/desk/users/{id}/sessions")
}

pub fn user_author(id: impl Display) -> String {
    format!("/desk/users/{id}/author")
}

pub fn job_retry(id: impl Display) -> String {
    format!("/desk/jobs/{id}/retry")
}

pub fn job_discard(id: impl Display) -> String {
    format!("/desk/jobs/{id}/discard")
}
