//! The site as a stranger finds it: by its public address, over the network; and the mail server, as the site finds it.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Method, StatusCode};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Finding, Severity};
use crate::config::Config;
use crate::outbound::{Ask, Failed, Outbound};
use crate::paths;
use crate::web::{App, Site};

/// For the mail server to let somebody in.
const PATIENCE: Duration = Duration::from_secs(5);
/// The front page of a large paper is a tenth of it.
const MOST: usize = 4 * 1024 * 1024;

pub(super) async fn look(app: &App) -> Vec<Finding> {
    let mut found = address(&app.config, &app.site);
    if found.is_empty() {
        found.extend(public_address(&app.outbound, &app.site).await);
    }
    found.extend(mail(&app.config).await);
    found
}

/// What can be said of the address without asking it.
fn address(config: &Config, site: &Site) -> Vec<Finding> {
    let check = "public address";
    if config.base_url.is_none() {
        let advice = "Set BROADSHEET_BASE_URL to the address readers use.";
        let what = format!("The site takes itself for {}.", site.base_url);
        return vec![Finding::new(check, Severity::Warning, what, advice)];
    }
    if !site.is_secure_context() {
        let what = format!("{} is not https: passwords can be read on the way.", site.base_url);
        let advice = "Let the proxy in front do TLS, and say https in BROADSHEET_BASE_URL.";
        return vec![Finding::new(check, Severity::Error, what, advice)];
    }
    Vec::new()
}

/// Asks the public address for the front page and for the sign of life that only this program gives.
pub async fn public_address(outbound: &Outbound, site: &Site) -> Option<Finding> {
    let check = "public address";
    let get = |path: &str| Ask {
        method: Method::GET,
        url: site.absolute(path),
        content_type: None,
        body: Bytes::new(),
        limit: MOST,
    };
    let find = |severity, what: String, advice: &str| Some(Finding::new(check, severity, what, advice));
    let proxy = "Look at the proxy in front, its certificate, and the name in the DNS.";
    match outbound.send(get(paths::HOME)).await {
        Err(Failed::Forbidden) => {
            let what =
                format!("{} is not on the open net, so nobody looked at it from outside.", site.base_url);
            return find(Severity::Note, what, "Nothing, if that is how it is meant.");
        }
        Err(failed) => {
            return find(Severity::Error, format!("{}: {failed}.", site.base_url), proxy);
        }
        Ok(answer) if answer.status != StatusCode::OK => {
            let what = format!("{} answers {}.", site.base_url, answer.status.as_u16());
            return find(Severity::Error, what, proxy);
        }
        Ok(answer) if !answer.headers.contains_key("x-request-id") => {
            let what = format!("What answers at {} is not this site.", site.base_url);
            return find(Severity::Error, what, "Let the proxy send it to BROADSHEET_LISTEN.");
        }
        Ok(_) => (),
    }
    match outbound.send(get("/livez")).await {
        Ok(answer) if answer.status == StatusCode::OK => None,
        _ => {
            let what = format!("{} does not answer.", site.absolute("/livez"));
            find(Severity::Note, what, "Fine if the proxy keeps it to itself.")
        }
    }
}

async fn mail(config: &Config) -> Option<Finding> {
    let Some(smtp) = &config.smtp else {
        let what = "No mail server is set: invitations and answers lie in the folder mail.".to_owned();
        let advice = "Set BROADSHEET_SMTP_URL and BROADSHEET_MAIL_FROM.";
        return Some(Finding::new("mail", Severity::Note, what, advice));
    };
    let address = (smtp.host.as_str(), smtp.port);
    if matches!(timeout(PATIENCE, TcpStream::connect(address)).await, Ok(Ok(_))) {
        return None;
    }
    let what = format!("The mail server {}:{} takes no connection.", smtp.host, smtp.port);
    let advice = "Look at BROADSHEET_SMTP_URL, and whether this machine may send.";
    Some(Finding::new("mail", Severity::Error, what, advice))
}
