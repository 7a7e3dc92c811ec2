//! The accept loop. `axum::serve` has no header timeout and no limit of connections, so this is our own,
//! over hyper's HTTP/1 (the proxy in front speaks HTTP/2 and 3).

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::front::Front;
use crate::web::client::Peer;

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request, and for an idle connection to send its next one.
    pub header_timeout: Duration,
    pub connections: u32,
    /// For a client that has stopped reading what it asked for.
    pub user_timeout: Duration,
    /// For requests under way at shutdown.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(10),
            connections: 4096,
            user_timeout: Duration::from_secs(20),
            drain: Duration::from_secs(20),
        }
    }
}

/// More header fields than any browser sends.
const MAX_HEADERS: usize = 64;
/// The head of a request, in bytes. The buffer alone is no limit: one read may bring more than fits.
const MAX_HEAD: usize = 32 * 1024;
/// After a failed accept (out of file descriptors): trying again at once would only burn the processor.
const BREATH: Duration = Duration::from_millis(100);
/// After the drain, for connections to notice that it is over.
const LAST_MOMENT: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// Requests under way finish, idle connections close.
    Draining,
    Over,
}

pub async fn serve(front: Front, listener: TcpListener, limits: Limits, shutdown: impl Future<Output = ()>) {
    let front = Arc::new(front);
    let places = Arc::new(Semaphore::new(limits.connections as usize));
    let (phase, watched) = watch::channel(Phase::Open);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                tune(&stream, limits);
                tokio::spawn(connection(stream, peer, place, Arc::clone(&front), limits, watched.clone()));
            }
            Err(cause) => {
                tracing::warn!(%cause, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
    drop(listener);
    let everybody = places.acquire_many(limits.connections);
    let mut everybody = pin!(everybody);
    phase.send_replace(Phase::Draining);
    if tokio::time::timeout(limits.drain, &mut everybody).await.is_err() {
        tracing::warn!("some requests did not finish in time");
        phase.send_replace(Phase::Over);
        // Past this the process ends anyway.
        let _ = tokio::time::timeout(LAST_MOMENT, everybody).await;
    }
}

/// A place first, then a connection: at the limit the others wait in the kernel's queue.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

/// A socket that refuses an option still serves.
fn tune(stream: &TcpStream, limits: Limits) {
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(limits.user_timeout));
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    place: OwnedSemaphorePermit,
    front: Arc<Front>,
    limits: Limits,
    mut phase: watch::Receiver<Phase>,
) {
    let _place = place;
    let service = service_fn(move |request: Request<Incoming>| front.answer(Peer(peer), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    loop {
        let now = *phase.borrow_and_update();
        match now {
            Phase::Open => {}
            Phase::Draining => connection.as_mut().graceful_shutdown(),
            Phase::Over => return,
        }
        tokio::select! {
            // Clients that vanish or talk nonsense are no news.
            _ = connection.as_mut() => return,
            changed = phase.changed() => if changed.is_err() { return },
        }
    }
}
