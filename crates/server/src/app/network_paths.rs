//! The ways to the server besides the straight one: a slow link, and proxies with a fault each.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    time::Duration,
};

use netlab::{DirectionSettings, Fault, Link, LinkSettings, Proxies, listen};

use super::{BACKLOG, StartError};
use crate::{pages::NetworkPath, settings::Settings};

/// The names of the two servers that requests alternate between.
pub const PAIR: [&str; 2] = ["a", "b"];

/// All that is open besides the server's own port.
pub struct NetworkPaths {
    pub link: Option<Link>,
    _proxies: Option<Proxies>,
    /// The ports of the pair: the same server, under two names.
    pub pair: Vec<(&'static str, TcpListener)>,
    /// StepKind pages are told of them, the straight way first.
    pub told: Vec<NetworkPath>,
}

impl NetworkPaths {
    pub fn open(settings: &Settings, server: SocketAddr) -> Result<Self, StartError> {
        let mut told = vec![NetworkPath::new(
            "plain",
            "Plain",
            server,
            "straight to the server",
        )];
        let link = match settings.http.link {
            Some(delay) => Some(open_link(settings, server, delay)?),
            None => None,
        };
        if let (Some(link), Some(delay)) = (&link, settings.http.link) {
            let about = format!("{} each way", spoken(delay));
            told.push(NetworkPath::new("slow", "Slow link", link.address(), about));
        }
        let mut lines = NetworkPaths {
            link,
            _proxies: None,
            pair: Vec::new(),
            told,
        };
        if settings.http.has_faults(server) {
            lines.open_faults(settings, server).map_err(|why| {
                let address = SocketAddr::new(server.ip(), 0);
                StartError::Bind { address, why }
            })?;
        }
        Ok(lines)
    }

    fn open_faults(&mut self, settings: &Settings, server: SocketAddr) -> io::Result<()> {
        let own = inside(server);
        let (idle, hold) = (settings.http.idle_cut, settings.http.hold_back);
        let mut pair = Vec::new();
        for name in PAIR {
            let listener = listen(SocketAddr::new(own.ip(), 0), BACKLOG)?;
            pair.push(listener.local_addr()?);
            self.pair.push((name, listener));
        }
        let faults = vec![
            Fault::IdleTimeout {
                after: idle,
                server: own,
            },
            Fault::ResponseBuffering {
                at_most: hold,
                server: own,
            },
            Fault::RoundRobin { servers: pair },
        ];
        let proxies = Proxies::open(server.ip(), faults)?;
        let named = [
            (
                "idle_cut",
                "Proxy that cuts idle connections",
                format!(
                    "closes a connection on which nothing has moved for {}",
                    spoken(idle)
                ),
            ),
            (
                "buffering",
                "Proxy that buffers",
                format!(
                    "passes an answer on when it is complete, or after {}; knows no WebSockets",
                    spoken(hold)
                ),
            ),
            (
                "two_servers",
                "Two servers, no sticky sessions",
                "each request goes to the other one of two servers over the same log".into(),
            ),
        ];
        for (address, (slug, name, about)) in proxies.addresses().iter().zip(named) {
            self.told
                .push(NetworkPath::new(slug, name, *address, about));
        }
        self._proxies = Some(proxies);
        Ok(())
    }
}

/// The link goes to the next port, or to a free one where the first was.
fn open_link(settings: &Settings, server: SocketAddr, delay: Duration) -> Result<Link, StartError> {
    let mut address = server;
    match settings.http.address().port() {
        0 => address.set_port(0),
        port => address.set_port(port.wrapping_add(1)),
    }
    let route = DirectionSettings {
        delay,
        ..DirectionSettings::default()
    };
    let failed = |why| StartError::Bind { address, why };
    Link::open(address, inside(server), LinkSettings::symmetric(route)).map_err(failed)
}

/// Where this machine itself reaches the server.
fn inside(server: SocketAddr) -> SocketAddr {
    let ip = match server.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, server.port())
}

/// As people say it: "40 ms", "30 s".
fn spoken(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds} s"),
        seconds => format!("{} ms", seconds * 1_000.0),
    }
}
