//! What the program and a service manager such as systemd tell each other: a socket that is handed over, that the
//! site is ready, that it stops, that it is alive. Without a service manager none of it does anything.

use anyhow::Context;
use listenfd::ListenFd;
use sd_notify::NotifyState;
use tokio::net::TcpListener;

/// The socket that the manager listens on and hands over: it keeps taking calls while one instance ends and the next
/// one starts.
pub(super) fn listener() -> anyhow::Result<Option<TcpListener>> {
    let handed_over = ListenFd::from_env().take_tcp_listener(0);
    let Some(listener) = handed_over.context("The socket of the service manager cannot be used.")? else {
        return Ok(None);
    };
    listener.set_nonblocking(true)?;
    Ok(Some(TcpListener::from_std(listener)?))
}

pub(super) fn ready() {
    tell(NotifyState::Ready);
}

pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

/// Twice in each span after which the manager would take the program for hung. As the other tasks it needs the
/// runtime: where that stands still, so does this.
pub(super) async fn watchdog() {
    let Some(span) = sd_notify::watchdog_enabled() else { return };
    let mut tick = tokio::time::interval(span / 2);
    loop {
        tick.tick().await;
        tell(NotifyState::Watchdog);
    }
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!("The service manager cannot be told: {error}");
    }
}
