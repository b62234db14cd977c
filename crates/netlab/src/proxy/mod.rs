//! Proxies with a fault each, for people to see what such a one does to a chat.
//!
//! They carry real traffic on ports of their own, and break it in the way that they are named
//! after. Nothing here is meant to stand before a server in earnest.

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
use http::Forward;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 256;

/// What a proxy does besides passing bytes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Closes a connection on which nothing has moved for so long.
    CutsIdle { after: Duration, server: SocketAddr },
    /// Keeps the body of an answer until it is complete, or for so long; knows no WebSockets.
    Buffers {
        at_most: Duration,
        server: SocketAddr,
    },
    /// Sends each request to the next of several servers, whoever asks.
    Alternates { servers: Vec<SocketAddr> },
}

/// Proxies at work; they end, with all their connections, when dropped.
pub struct Proxies {
    addresses: Vec<SocketAddr>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxies {
    /// Opens one proxy for each fault, on free ports of `ip`.
    ///
    /// # Errors
    /// Where there is no free port, or no thread.
    pub fn open(ip: IpAddr, faults: Vec<Fault>) -> io::Result<Self> {
        let mut proxies = Vec::new();
        for fault in faults {
            proxies.push((listen(SocketAddr::new(ip, 0), BACKLOG)?, fault));
        }
        let addresses = proxies.iter().map(|(listener, _)| listener.local_addr());
        let addresses = addresses.collect::<io::Result<_>>()?;
        let (stop, stopped) = oneshot::channel();
        let work = move || {
            if let Err(error) = work(proxies, stopped) {
                tracing::error!(%error, "the proxies broke");
            }
        };
        Ok(Proxies {
            addresses,
            stop: Some(stop),
            thread: Some(thread::Builder::new().name("proxies".into()).spawn(work)?),
        })
    }

    /// Where each is reached, in the order of the faults.
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

impl Drop for Proxies {
    fn drop(&mut self) {
        // The thread may have ended before: then there is nobody to tell.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn work(proxies: Vec<(StdListener, Fault)>, stopped: oneshot::Receiver<()>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        for (listener, fault) in proxies {
            let listener = TcpListener::from_std(listener)?;
            drop(tokio::task::spawn_local(accept(listener, fault)));
        }
        // Told, or the one who could tell is gone.
        let _ = stopped.await;
        Ok(())
    })
}

async fn accept(listener: TcpListener, fault: Fault) {
    let carrier = Carrier::of(fault);
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                drop(tokio::task::spawn_local(carrier.clone().carry(client)));
            }
            Err(error) => {
                // Most often too many open files: some must close first.
                tracing::warn!(%error, "a proxy could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// What serves the connections of one proxy.
#[derive(Clone)]
enum Carrier {
    Bytes {
        patience: Duration,
        server: SocketAddr,
    },
    Http(Rc<Forward>),
}

impl Carrier {
    fn of(fault: Fault) -> Self {
        match fault {
            Fault::CutsIdle { after, server } => Carrier::Bytes {
                patience: after,
                server,
            },
            Fault::Buffers { at_most, server } => {
                Carrier::Http(Rc::new(Forward::new(vec![server], Some(at_most))))
            }
            Fault::Alternates { servers } => Carrier::Http(Rc::new(Forward::new(servers, None))),
        }
    }

    /// Whatever goes wrong with a connection, its client sees that it has ended.
    async fn carry(self, client: TcpStream) {
        let carried = match self {
            Carrier::Bytes { patience, server } => idle::carry(client, server, patience).await,
            Carrier::Http(forward) => http::carry(client, forward).await,
        };
        if let Err(error) = carried {
            tracing::debug!(%error, "a proxy lost a connection");
        }
    }
}
