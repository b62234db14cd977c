//! The network paths to the server: direct, over an emulated link, and through proxies with a
//! fault.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    time::Duration,
};

use netlab::{DirectionSettings, Fault, Link, LinkSettings, Proxies, listen};

use super::{BACKLOG, StartError};
use crate::{pages::NetworkPath, settings::Settings};

/// The names of the two servers that requests alternate between.
pub const SERVER_NAMES: [&str; 2] = ["a", "b"];

/// Everything that is open besides the server's own port.
pub struct NetworkPaths {
    pub link: Option<Link>,
    proxies_kept_open: Option<Proxies>,
    /// Two more ports of the same server, each with a server name.
    pub named_listeners: Vec<(&'static str, TcpListener)>,
    /// All network paths for the pages; the direct one comes first.
    pub paths: Vec<NetworkPath>,
}

impl NetworkPaths {
    pub fn open(settings: &Settings, server: SocketAddr) -> Result<Self, StartError> {
        let mut paths = vec![NetworkPath::new(
            "plain",
            "Plain",
            server,
            "directly to the server",
        )];
        let link = match settings.http.link {
            Some(delay) => Some(open_link(settings, server, delay)?),
            None => None,
        };
        if let (Some(link), Some(delay)) = (&link, settings.http.link) {
            let about = format!("{} each way", readable(delay));
            paths.push(NetworkPath::new("slow", "Slow link", link.address(), about));
        }
        let mut network_paths = NetworkPaths {
            link,
            proxies_kept_open: None,
            named_listeners: Vec::new(),
            paths,
        };
        if settings.http.has_faults(server) {
            network_paths
                .open_faults(settings, server)
                .map_err(|reason| {
                    let address = SocketAddr::new(server.ip(), 0);
                    StartError::Bind { address, reason }
                })?;
        }
        Ok(network_paths)
    }

    fn open_faults(&mut self, settings: &Settings, server: SocketAddr) -> io::Result<()> {
        let local = local_address(server);
        let (idle, hold) = (settings.http.idle_cut, settings.http.hold_back);
        let mut servers = Vec::new();
        for name in SERVER_NAMES {
            let listener = listen(SocketAddr::new(local.ip(), 0), BACKLOG)?;
            servers.push(listener.local_addr()?);
            self.named_listeners.push((name, listener));
        }
        let faults = vec![
            Fault::IdleTimeout {
                after: idle,
                server: local,
            },
            Fault::ResponseBuffering {
                at_most: hold,
                server: local,
            },
            Fault::RoundRobin { servers },
        ];
        let proxies = Proxies::open(server.ip(), faults)?;
        let named = [
            (
                "idle_cut",
                "Proxy that cuts idle connections",
                format!(
                    "closes a connection on which no byte was sent for {}",
                    readable(idle)
                ),
            ),
            (
                "buffering",
                "Proxy that buffers",
                format!(
                    "holds back a response until it is complete, or for {}; does not support WebSocket",
                    readable(hold)
                ),
            ),
            (
                "two_servers",
                "Two servers, no sticky sessions",
                "requests alternate between two servers that share one log".into(),
            ),
        ];
        for (address, (slug, name, about)) in proxies.addresses().iter().zip(named) {
            self.paths
                .push(NetworkPath::new(slug, name, *address, about));
        }
        self.proxies_kept_open = Some(proxies);
        Ok(())
    }
}

/// Opens the link on the port after the server's, or on any free port if the server's is one too.
fn open_link(settings: &Settings, server: SocketAddr, delay: Duration) -> Result<Link, StartError> {
    let mut address = server;
    match settings.http.address().port() {
        0 => address.set_port(0),
        port => address.set_port(port.wrapping_add(1)),
    }
    let direction = DirectionSettings {
        delay,
        ..DirectionSettings::default()
    };
    let failed = |reason| StartError::Bind { address, reason };
    Link::open(
        address,
        local_address(server),
        LinkSettings::symmetric(direction),
    )
    .map_err(failed)
}

/// The address at which this machine itself reaches the server.
fn local_address(server: SocketAddr) -> SocketAddr {
    let ip = match server.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, server.port())
}

/// A duration for users: "40 ms", "30 s".
fn readable(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds >= 1.0 => format!("{seconds} s"),
        seconds => format!("{} ms", seconds * 1_000.0),
    }
}
