//! Proxies with one deliberate fault each, to show what such a proxy does to a chat.
//!
//! They forward real traffic on their own ports. They are demonstrations, not proxies for
//! production.

mod http;
mod idle;

use std::{
    io,
    net::{IpAddr, SocketAddr, TcpListener as StdListener},
    rc::Rc,
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Builder,
    sync::oneshot,
    task::LocalSet,
};

use super::listen;
use http::HttpForwarder;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 256;

/// The fault of a proxy, with the servers to which it forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Closes a connection on which no byte was sent in either direction for `after`.
    IdleTimeout { after: Duration, server: SocketAddr },
    /// Holds back a response body until it is complete, for `at_most` this long. Does not support
    /// WebSocket.
    ResponseBuffering {
        at_most: Duration,
        server: SocketAddr,
    },
    /// Sends each request to the next of several servers, whichever client it is from.
    RoundRobin { servers: Vec<SocketAddr> },
}

/// Running proxies. Dropping them closes all their connections.
pub struct Proxies {
    addresses: Vec<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxies {
    /// Opens one proxy for each fault, on free ports of `ip`.
    ///
    /// # Errors
    /// There is no free port, or the thread cannot be started.
    pub fn open(ip: IpAddr, faults: Vec<Fault>) -> io::Result<Self> {
        let mut proxies = Vec::new();
        for fault in faults {
            proxies.push((listen(SocketAddr::new(ip, 0), BACKLOG)?, fault));
        }
        let addresses = proxies.iter().map(|(listener, _)| listener.local_addr());
        let addresses = addresses.collect::<io::Result<_>>()?;
        let (stop, stopped) = oneshot::channel();
        let work = move || {
            if let Err(error) = run(proxies, stopped) {
                tracing::error!(%error, "the proxies failed");
            }
        };
        Ok(Proxies {
            addresses,
            stop: Some(stop),
            thread: Some(thread::Builder::new().name("proxies".into()).spawn(work)?),
        })
    }

    /// The addresses of the proxies, in the order of the faults.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

impl Drop for Proxies {
    fn drop(&mut self) {
        // Dropping the sender stops the thread.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(proxies: Vec<(StdListener, Fault)>, stopped: oneshot::Receiver<()>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        for (listener, fault) in proxies {
            let listener = TcpListener::from_std(listener)?;
            drop(tokio::task::spawn_local(accept(listener, fault)));
        }
        // Resolves when the `Proxies` are dropped.
        let _ = stopped.await;
        Ok(())
    })
}

async fn accept(listener: TcpListener, fault: Fault) {
    let forwarding = Forwarding::with_fault(fault);
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                drop(tokio::task::spawn_local(forwarding.clone().forward(client)));
            }
            Err(error) => {
                // The usual cause is too many open files: wait until some are closed.
                tracing::warn!(%error, "a proxy could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// How a proxy forwards its connections.
#[derive(Clone)]
enum Forwarding {
    Bytes {
        timeout: Duration,
        server: SocketAddr,
    },
    Http(Rc<HttpForwarder>),
}

impl Forwarding {
    fn with_fault(fault: Fault) -> Self {
        match fault {
            Fault::IdleTimeout { after, server } => Forwarding::Bytes {
                timeout: after,
                server,
            },
            Fault::ResponseBuffering { at_most, server } => {
                Forwarding::Http(Rc::new(HttpForwarder::new(vec![server], Some(at_most))))
            }
            Fault::RoundRobin { servers } => {
                Forwarding::Http(Rc::new(HttpForwarder::new(servers, None)))
            }
        }
    }

    /// Forwards one connection. If an error occurs, the client sees its connection end.
    async fn forward(self, client: TcpStream) {
        let result = match self {
            Forwarding::Bytes { timeout, server } => idle::forward(client, server, timeout).await,
            Forwarding::Http(forwarder) => http::forward(client, forwarder).await,
        };
        if let Err(error) = result {
            tracing::debug!(%error, "a connection through a proxy failed");
        }
    }
}
