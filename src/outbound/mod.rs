//! The one way in which the server asks others for something: never what a reader sends, never anything inside the
//! operator's own network.
//!
//! A name is resolved once; if any of its addresses is not of the open net, nobody is called, and the call goes to an
//! address that was looked at. Whoever is sent on is looked at again. Nothing tells a closed port from a forbidden one.

mod global;

pub use global::is_global;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HOST, LOCATION, USER_AGENT};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

const CONNECT: Duration = Duration::from_secs(3);
const FIRST_BYTE: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(10);
const REDIRECTS: usize = 3;
const AT_ONCE: usize = 4;
const AGENT: &str = concat!("Broadsheet/", env!("CARGO_PKG_VERSION"));

/// Why there is no answer. Nothing in it says what stands at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    #[error("this is no address on the open net")]
    Forbidden,
    #[error("the address could not be reached")]
    Unreachable,
    #[error("the answer is longer than what is taken")]
    TooLarge,
    #[error("the answer took too long")]
    TooSlow,
    #[error("the address leads on and on")]
    TooManyRedirects,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: Method,
    pub url: String,
    pub content_type: Option<&'static str>,
    pub body: Bytes,
    /// Bytes of an answer that are taken.
    pub limit: usize,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub struct Outbound {
    tls: TlsConnector,
    places: Semaphore,
    /// Any address and port, and plain http.
    anywhere: bool,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("anywhere", &self.anywhere).finish_non_exhaustive()
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Outbound {
    pub fn new() -> anyhow::Result<Self> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("TLS cannot be used.")?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tls = TlsConnector::from(Arc::new(config));
        Ok(Self { tls, places: Semaphore::new(AT_ONCE), anywhere: false })
    }

    /// Without looking where a call goes: for tests, whose servers stand on this machine.
    #[must_use]
    pub fn anywhere(self) -> Self {
        Self { anywhere: true, ..self }
    }

    /// Asks, and follows where it is sent on.
    pub async fn send(&self, ask: Ask) -> Result<Answer, Failed> {
        let _place = self.places.acquire().await.map_err(|_| Failed::Unreachable)?;
        timeout(TOTAL, self.follow(ask)).await.unwrap_or(Err(Failed::TooSlow))
    }

    async fn follow(&self, mut ask: Ask) -> Result<Answer, Failed> {
        for _ in 0..=REDIRECTS {
            let url = Url::parse(&ask.url).map_err(|_| Failed::Forbidden)?;
            let answer = self.once(&url, &ask).await?;
            let Some(next) = next(&url, &answer) else { return Ok(answer) };
            // What is sent on by 301, 302 and 303 is asked for, not told again.
            if !matches!(answer.status, StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
                (ask.method, ask.body, ask.content_type) = (Method::GET, Bytes::new(), None);
            }
            ask.url = next;
        }
        Err(Failed::TooManyRedirects)
    }

    async fn once(&self, url: &Url, ask: &Ask) -> Result<Answer, Failed> {
        let stream = self.connect(url).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|_| Failed::Unreachable)?;
        let connection = tokio::spawn(connection);
        let request = request(url, ask).ok_or(Failed::Forbidden)?;
        let answered = timeout(FIRST_BYTE, sender.send_request(request)).await;
        let response = answered.map_err(|_| Failed::TooSlow)?.map_err(|_| Failed::Unreachable)?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, ask.limit).collect().await.map_err(|cause| {
            if cause.is::<LengthLimitError>() { Failed::TooLarge } else { Failed::Unreachable }
        })?;
        connection.abort();
        Ok(Answer { status: parts.status, headers: parts.headers, body: body.to_bytes() })
    }

    async fn connect(&self, url: &Url) -> Result<Box<dyn Stream>, Failed> {
        let is_https = url.scheme() == "https";
        let port = url.port_or_known_default().ok_or(Failed::Forbidden)?;
        let is_allowed = self.anywhere || (is_https && matches!(port, 80 | 443));
        let has_secrets = !url.username().is_empty() || url.password().is_some();
        if !is_allowed || has_secrets || !(is_https || url.scheme() == "http") {
            return Err(Failed::Forbidden);
        }
        let host = url.host().ok_or(Failed::Forbidden)?;
        let addresses = addresses(&host, port).await?;
        if !self.anywhere && !addresses.iter().all(|address| is_global(address.ip())) {
            return Err(Failed::Forbidden);
        }
        let tcp = timeout(CONNECT, TcpStream::connect(addresses.as_slice())).await;
        let tcp = tcp.map_err(|_| Failed::Unreachable)?.map_err(|_| Failed::Unreachable)?;
        if !is_https {
            return Ok(Box::new(tcp));
        }
        let name = match host {
            Host::Domain(name) => ServerName::try_from(name.trim_end_matches('.').to_owned()),
            Host::Ipv4(ip) => Ok(ServerName::from(std::net::IpAddr::from(ip))),
            Host::Ipv6(ip) => Ok(ServerName::from(std::net::IpAddr::from(ip))),
        };
        let name = name.map_err(|_| Failed::Forbidden)?;
        let tls = timeout(CONNECT, self.tls.connect(name, tcp)).await;
        Ok(Box::new(tls.map_err(|_| Failed::Unreachable)?.map_err(|_| Failed::Unreachable)?))
    }
}

/// Where a host stands, asked once.
async fn addresses(host: &Host<&str>, port: u16) -> Result<Vec<SocketAddr>, Failed> {
    let name = match host {
        Host::Ipv4(ip) => return Ok(vec![SocketAddr::from((*ip, port))]),
        Host::Ipv6(ip) => return Ok(vec![SocketAddr::from((*ip, port))]),
        Host::Domain(name) => *name,
    };
    if is_local(name) {
        return Ok(vec![
            SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
            SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        ]);
    }
    let found = timeout(CONNECT, tokio::net::lookup_host((name, port))).await;
    let found: Vec<SocketAddr> =
        found.map_err(|_| Failed::Unreachable)?.map_err(|_| Failed::Unreachable)?.collect();
    if found.is_empty() { Err(Failed::Unreachable) } else { Ok(found) }
}

/// Names that mean this machine whatever the resolver says (RFC 6761), which may say that there is no such name.
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("localhost"))
}

/// Nothing of the machine goes along: no cookie, no proxy, no name but the program's.
fn request(url: &Url, ask: &Ask) -> Option<Request<Full<Bytes>>> {
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str()?),
        None => url.host_str()?.to_owned(),
    };
    let mut request =
        Request::builder().method(ask.method.clone()).uri(path).header(HOST, host).header(USER_AGENT, AGENT);
    if let Some(kind) = ask.content_type {
        request = request.header(CONTENT_TYPE, kind);
    }
    request.body(Full::new(ask.body.clone())).ok()
}

/// Where an answer sends on.
fn next(url: &Url, answer: &Answer) -> Option<String> {
    let moves = matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = answer.headers.get(LOCATION).filter(|_| moves)?.to_str().ok()?;
    Some(url.join(location).ok()?.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ask(url: &str) -> Ask {
        let url = url.to_owned();
        Ask { method: Method::GET, url, content_type: None, body: Bytes::new(), limit: 1024 }
    }

    #[tokio::test]
    async fn nothing_inside_is_asked() {
        let outbound = Outbound::new().unwrap();
        for url in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0/",
            "https://[::]/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://10.0.0.1/",
            "https://100.64.0.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://192.168.1.1/",
            "https://localhost/",
            "https://localhost./",
            "https://a.localhost/",
            "http://example.org/",
            "https://example.org:22/",
            "https://user:word@example.org/",
            "gopher://example.org/",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert_eq!(outbound.send(ask(url)).await.unwrap_err(), Failed::Forbidden, "{url}");
        }
    }
}
