//! The cookies of the desk. Readers get none.

use axum::http::{HeaderMap, HeaderValue, header};

use super::Site;
use crate::accounts::{challenge, device};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    Lax,
    Strict,
}

/// `__Host-` binds a cookie to exactly this host over a secure connection; browsers take it on localhost too.
/// Over plain http elsewhere they would drop it, so the bare name it is (the start logs a warning).
pub fn name(site: &Site, base: &str) -> String {
    if site.is_secure_context() { format!("__Host-{base}") } else { base.to_owned() }
}

pub fn set(site: &Site, base: &str, value: &str, same_site: SameSite, max_age: u32) -> Option<HeaderValue> {
    let secure = if site.is_secure_context() { "; Secure" } else { "" };
    let same_site = match same_site {
        SameSite::Lax => "Lax",
        SameSite::Strict => "Strict",
    };
    let name = name(site, base);
    HeaderValue::try_from(format!(
        "{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite={same_site}{secure}"
    ))
    .ok()
}

/// The first cookie of that name.
pub fn value<'a>(site: &Site, base: &str, headers: &'a HeaderMap) -> Option<&'a str> {
    let mut lines = headers.get_all(header::COOKIE).iter().peekable();
    // Readers have none, and what is not there needs no name.
    lines.peek()?;
    let name = name(site, base);
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

const SESSION: &str = "sid";
/// Longer than a session lives (12 h): the server decides, the browser only tidies up.
const SESSION_MAX_AGE: u32 = 13 * 60 * 60;

pub fn session<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a str> {
    value(site, SESSION, headers).filter(|token| !token.is_empty())
}

pub fn set_session(site: &Site, token: &str) -> Option<HeaderValue> {
    set(site, SESSION, token, SameSite::Lax, SESSION_MAX_AGE)
}

pub fn clear_session(site: &Site) -> Option<HeaderValue> {
    set(site, SESSION, "", SameSite::Lax, 0)
}

/// Between the two steps of a login.
const STEP: &str = "step";
const STEP_MAX_AGE: u32 = 60 * challenge::MINUTES.unsigned_abs();

pub fn step<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a str> {
    value(site, STEP, headers).filter(|token| !token.is_empty())
}

pub fn set_step(site: &Site, token: &str) -> Option<HeaderValue> {
    set(site, STEP, token, SameSite::Strict, STEP_MAX_AGE)
}

pub fn clear_step(site: &Site) -> Option<HeaderValue> {
    set(site, STEP, "", SameSite::Strict, 0)
}

/// A browser in which somebody has logged in before. It opens nothing.
const DEVICE: &str = "device";
const DEVICE_MAX_AGE: u32 = 24 * 60 * 60 * device::DAYS.unsigned_abs();

pub fn device<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a str> {
    value(site, DEVICE, headers).filter(|token| !token.is_empty())
}

pub fn set_device(site: &Site, token: &str) -> Option<HeaderValue> {
    set(site, DEVICE, token, SameSite::Strict, DEVICE_MAX_AGE)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn site(base_url: &str) -> Site {
        Site::new("X", base_url, chrono_tz::Tz::UTC, crate::text::Language::default())
    }

    #[test]
    fn the_session_cookie_is_bound_to_the_host() {
        let cookie = set_session(&site("https://a.example"), "t0k").unwrap();
        let expected = "__Host-sid=t0k; Path=/; Max-Age=46800; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(cookie, expected);
    }

    #[test]
    fn plain_http_gets_a_plain_name_and_no_secure() {
        let cookie = set_session(&site("http://a.example"), "t0k").unwrap();
        assert_eq!(cookie, "sid=t0k; Path=/; Max-Age=46800; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers
            .insert(header::COOKIE, HeaderValue::from_static("sid=no; x__Host-sid=no; __Host-sid=yes; a=b"));
        assert_eq!(session(&site("https://a.example"), &headers), Some("yes"));
        assert_eq!(session(&site("http://a.example"), &headers), Some("no"));
    }
}
