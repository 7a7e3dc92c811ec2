//! What a value means: one reader for each kind of setting, each with a sentence that says what was expected.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use url::Url;

use super::{Demo, LogFormat, Role, Smtp, SmtpTls};

/// A masthead is one line.
const SITE_NAME_CHARS: usize = 60;

pub fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "is not an address and port, such as 127.0.0.1:8080 or [::]:8080".to_owned())
}

/// The address of the site without its trailing slash, so that paths can be appended.
pub fn base_url(text: &str) -> Result<String, String> {
    let expected = || "is not an address such as https://news.example.org".to_owned();
    let url = Url::parse(text).map_err(|_| expected())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(expected());
    }
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err("must hold no user name, no query and no fragment".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

pub fn site_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let one_line = !name.is_empty() && !name.chars().any(char::is_control);
    if one_line && name.chars().count() <= SITE_NAME_CHARS {
        Ok(name.to_owned())
    } else {
        Err(format!("must be one line of 1 to {SITE_NAME_CHARS} characters"))
    }
}

pub fn timezone(text: &str) -> Result<chrono_tz::Tz, String> {
    text.parse().map_err(|_| "is not a time zone such as Europe/Berlin or UTC".to_owned())
}

/// The shape of BCP 47: a language of two or three letters, then parts of one to eight letters and digits.
pub fn language(text: &str) -> Result<String, String> {
    let mut parts = text.split('-');
    let primary = parts
        .next()
        .is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    if primary && rest {
        Ok(text.to_owned())
    } else {
        Err("is not a language tag such as en, de-AT or zh-Hant".to_owned())
    }
}

pub fn demo(text: &str) -> Result<Demo, String> {
    match text {
        "auto" => Ok(Demo::Auto),
        "off" => Ok(Demo::Off),
        _ => Err("must be auto or off".to_owned()),
    }
}

pub fn role(text: &str) -> Result<Role, String> {
    match text {
        "web" => Ok(Role::Web),
        "worker" => Ok(Role::Worker),
        "all" => Ok(Role::All),
        _ => Err("must be web, worker or all".to_owned()),
    }
}

pub fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json".to_owned()),
    }
}

/// Networks or single addresses, separated by commas or blanks.
pub fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    text.split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse::<IpNet>()
                .or_else(|_| part.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("holds {part}, which is not a network such as 10.0.0.0/8 or ::1"))
        })
        .collect()
}

/// "64MB": in powers of 1024, as memory is counted.
pub fn bytes(text: &str) -> Result<u64, String> {
    let expected = || "is not an amount of memory such as 64MB, 1GB or 0".to_owned();
    let text = text.trim().to_ascii_uppercase();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = match text[digits.len()..].trim() {
        "" | "B" => 0,
        "KB" | "K" | "KIB" => 10,
        "MB" | "M" | "MIB" => 20,
        "GB" | "G" | "GIB" => 30,
        _ => return Err(expected()),
    };
    let amount: u64 = digits.parse().map_err(|_| expected())?;
    amount.checked_mul(1 << unit).ok_or_else(expected)
}

/// Keys are no secret, and what is told stays on the operator's own network: plain http, and no password.
pub fn purge_url(text: &str) -> Result<Url, String> {
    let expected = || "is not an address such as http://127.0.0.1:6081".to_owned();
    let url = Url::parse(text).map_err(|_| expected())?;
    let is_plain = url.scheme() == "http" && url.username().is_empty() && url.query().is_none();
    if is_plain && url.host_str().is_some() { Ok(url) } else { Err(expected()) }
}

/// The message never repeats the value: it holds the password.
pub fn smtp(text: &str) -> Result<Smtp, String> {
    let expected =
        || "is not an address such as smtps://user:password@mail.example.org or smtp://localhost".to_owned();
    let url = Url::parse(text).map_err(|_| expected())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(expected)?.to_owned();
    let wants_tls = match url.query() {
        None => true,
        Some("tls=off") => false,
        Some(_) => return Err("may end in ?tls=off and in nothing else".to_owned()),
    };
    // A server on this machine has no certificate to show, and nobody in between.
    let is_local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let (tls, port) = match url.scheme() {
        "smtps" if wants_tls => (SmtpTls::Wrapped, 465),
        "smtps" => return Err("cannot be smtps and without TLS".to_owned()),
        "smtp" if is_local => (SmtpTls::Off, 25),
        "smtp" if wants_tls => (SmtpTls::Required, 587),
        "smtp" => (SmtpTls::Off, 25),
        _ => return Err(expected()),
    };
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().map(std::borrow::Cow::into_owned);
    let user = match (url.username(), url.password()) {
        ("", _) => None,
        (user, password) => Some((
            decoded(user).map_err(|_| expected())?,
            decoded(password.unwrap_or_default()).map_err(|_| expected())?.into(),
        )),
    };
    Ok(Smtp { host, port: url.port().unwrap_or(port), tls, user })
}

/// In bytes.
pub fn size(text: &str) -> Result<u64, String> {
    let expected = || "is not a size such as 20 GiB or 500 MiB".to_owned();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u64 = text[..text.len() - unit.len()].parse().map_err(|_| expected())?;
    let power = match unit.trim() {
        "MiB" => 20,
        "GiB" => 30,
        "TiB" => 40,
        _ => return Err(expected()),
    };
    number.checked_mul(1 << power).filter(|bytes| *bytes > 0).ok_or_else(expected)
}

pub fn mail_from(text: &str) -> Result<Mailbox, String> {
    text.parse()
        .map_err(|_| "is not a sender such as news@example.org or Example News <news@example.org>".to_owned())
}

/// Only the kind of address is looked at here; `db` connects. The message never repeats the value.
pub fn database_url(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "postgres" | "postgresql") => Ok(text.to_owned()),
        _ => Err("is not an address such as postgres://user:password@host/database".to_owned()),
    }
}
