//! `broadsheet healthcheck`: whether the site on this machine is alive, for images that have no other program to
//! ask with. It reads the same settings as the site, and no database.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::config::Config;

/// For each of connecting, asking and answering.
const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let address = config.local_address();
    if address.port() == 0 {
        bail!("With BROADSHEET_LISTEN at port 0 there is no way to know where the site listens.");
    }
    let status = ask(address).with_context(|| format!("The site does not answer on {address}."))?;
    if status != "200" {
        bail!("The site on {address} answers /livez with {status}.");
    }
    Ok(ExitCode::SUCCESS)
}

fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let request = format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    // "HTTP/1.1 200" is all that is needed.
    let mut start = [0; 12];
    stream.read_exact(&mut start)?;
    let line = String::from_utf8_lossy(&start);
    line.strip_prefix("HTTP/1.1 ").map(str::to_owned).context("What answers there does not speak HTTP.")
}
