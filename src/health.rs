//! `pushlab health`: asks a server on this machine whether it is ready, for whoever supervises it.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    process::ExitCode,
    time::Duration,
};

use crate::{Defaults, failure, output::print_line};

const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(clap::Args)]
pub struct Health {
    /// The server's address [default: that on which `pushlab serve` listens with this environment]
    #[arg(long, value_name = "ADDRESS:PORT")]
    address: Option<SocketAddr>,
}

/// Fails if the server is not ready, or does not answer within 3 s.
pub fn run(health: &Health) -> ExitCode {
    let own = || {
        reachable(
            crate::parse::<Defaults>(["pushlab".into()])
                .settings
                .http
                .address(),
        )
    };
    let address = health.address.unwrap_or_else(own);
    match ask(address) {
        Ok(told) if told.starts_with("HTTP/1.1 200") => match print_line(&"ready") {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failure(&error),
        },
        Ok(told) => failure(&format!("{address} is not ready: {}", body(&told))),
        Err(error) => failure(&format!("{address} does not answer: {error}")),
    }
}

/// An address of this machine at which a server is reached that listens on all of them.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let request = "GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes())?;
    let mut told = String::new();
    stream.read_to_string(&mut told)?;
    Ok(told)
}

fn body(response: &str) -> &str {
    response.split("\r\n\r\n").nth(1).unwrap_or_default().trim()
}
