//! Where a request comes from, as far as we want to know it.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use super::App;
use crate::accounts::network::{self, NetworkHash};

/// The other end of the connection, put into the request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The client behind the trusted proxies. The address is for this request only: never stored, never logged whole.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    pub address: IpAddr,
    pub network: NetworkHash,
    /// The same network as it was called yesterday.
    pub network_before: Option<NetworkHash>,
}

impl Client {
    fn of(app: &App, address: IpAddr) -> Self {
        let (network, network_before) = (app.networks.hash(address), app.networks.hash_of_yesterday(address));
        Self { address, network, network_before }
    }
}

/// The middleware that finds out, once for each request.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let address = address(&app, peer, request.headers());
    request.extensions_mut().insert(Client::of(&app, address));
    next.run(request).await
}

/// The address of the client. A request that came over no socket (a test, an in-process call) is our own.
pub fn address(app: &App, peer: Option<Peer>, headers: &HeaderMap) -> IpAddr {
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let lines: Vec<&str> = lines.collect();
    network::client(peer, lines.into_iter(), &app.config.trusted_proxies)
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let fallback = || Self::of(app, unknown);
        Ok(parts.extensions.get::<Self>().copied().unwrap_or_else(fallback))
    }
}
