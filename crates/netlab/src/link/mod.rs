//! An emulated link: a second way to a server, on which every byte takes its time.
//!
//! What enters in one piece leaves in one piece, in order, after the delay of its direction. The
//! first bytes of a connection wait one round trip more: that is the handshake, which costs nothing
//! on the loopback that is really between. A link has a thread and a timer of its own, so that its
//! delays are right to 0.2 ms; it tells what delay it really gave.

mod direction;
mod route;
mod traffic;

use std::{
    io,
    net::{SocketAddr, TcpListener as StdListener},
    rc::Rc,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Builder,
    sync::oneshot,
    task::LocalSet,
};

use super::{
    listen,
    priority::{self, Priority},
};
use direction::{Direction, SharedLink};
use route::Departures;
use traffic::Traffic;

pub use route::Route;
pub use traffic::{Carried, Way};

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1024;

/// The same in both directions, or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Routes {
    pub up: Route,
    pub down: Route,
}

impl Routes {
    /// The same route each way.
    pub fn both(route: Route) -> Self {
        Routes {
            up: route,
            down: route,
        }
    }

    fn round_trip(&self) -> Duration {
        self.up.delay + self.down.delay
    }
}

/// A link at work; it ends, with all its connections, when dropped.
pub struct Link {
    address: SocketAddr,
    traffic: Arc<Traffic>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    /// Opens a link from `address` to `server`.
    ///
    /// # Errors
    /// An address that cannot be bound, or no descriptors left for the timer.
    pub fn open(address: SocketAddr, server: SocketAddr, routes: Routes) -> io::Result<Self> {
        let listener = listen(address, BACKLOG)?;
        let address = listener.local_addr()?;
        let traffic = Arc::new(Traffic::new());
        let shared = traffic.clone();
        let (stop, stopped) = oneshot::channel();
        let work = move || match carry_all(listener, server, routes, shared, stopped) {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "the link broke"),
        };
        let thread = thread::Builder::new().name("link".into()).spawn(work)?;
        Ok(Link {
            address,
            traffic,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it is entered.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has carried so far.
    pub fn carried(&self, way: Way) -> Carried {
        self.traffic.carried(way)
    }

    /// Carries nothing that is sent from now on for this long. What is held goes on with the next
    /// retransmission that TCP would have made.
    pub fn cut(&self, time: Duration) {
        self.traffic.cut_for(time);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // The thread may have ended before: then there is nobody to tell.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread of a link.
fn carry_all(
    listener: StdListener,
    server: SocketAddr,
    routes: Routes,
    traffic: Arc<Traffic>,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    priority::set(Priority::Urgent);
    priority::set_timer_slack();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        let listener = TcpListener::from_std(listener)?;
        let shared = SharedLink::new(traffic)?;
        let clock = shared.clock.clone();
        tokio::select! {
            // Told, or the one who could tell is gone.
            _ = stopped => Ok(()),
            ended = clock.run() => ended,
            () = accept(listener, server, routes, shared) => Ok(()),
        }
    })
}

async fn accept(listener: TcpListener, server: SocketAddr, routes: Routes, shared: Rc<SharedLink>) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                let carried = carry(client, server, routes, shared.clone());
                drop(tokio::task::spawn_local(carried));
            }
            Err(error) => {
                // Most often too many open files: some must close first.
                tracing::warn!(%error, "the link could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn carry(
    client: TcpStream,
    server: SocketAddr,
    routes: Routes,
    shared: Rc<SharedLink>,
) -> io::Result<()> {
    let (now, cut, round_trip) = (Instant::now(), shared.traffic.cut(), routes.round_trip());
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let departures = |route| Departures::new(route, round_trip, now, cut);
    let (up, down) = (departures(routes.up), departures(routes.down));
    let up = Direction::new(Way::Up, (client_read, server_write), up, shared.clone());
    let down = Direction::new(Way::Down, (server_read, client_write), down, shared);
    // A direction that ends well closes its end behind the last byte; one that fails takes the
    // other down with it.
    tokio::try_join!(up.carry(), down.carry())?;
    Ok(())
}
