//! An emulated link: a second address of a server, where every byte is delayed.
//!
//! The link reads bytes in pieces and forwards each piece, in order, after the delay of its
//! direction. The first bytes of a connection are delayed by one more round trip, which stands for
//! the TCP handshake: over the loopback interface the real one takes almost no time. Each link has
//! its own thread and timer, so that its delays are accurate to 0.2 ms; it records the delays that
//! it really produced.

mod delayed_stream;
mod schedule;
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
    stamped_read::stamp_reads,
};
use delayed_stream::{DelayedStream, SharedLink};
use schedule::Schedule;
use traffic::Traffic;

pub use schedule::DirectionSettings;
pub use traffic::{Direction, LinkStatistics};

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1024;

/// The settings of a link's two directions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkSettings {
    pub up: DirectionSettings,
    pub down: DirectionSettings,
}

impl LinkSettings {
    /// The same settings in both directions.
    pub fn symmetric(settings: DirectionSettings) -> Self {
        LinkSettings {
            up: settings,
            down: settings,
        }
    }

    fn round_trip(&self) -> Duration {
        self.up.delay + self.down.delay
    }
}

/// A running link. Dropping it closes all its connections.
pub struct Link {
    address: SocketAddr,
    traffic: Arc<Traffic>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    /// Listens on `address` and forwards to `server`.
    ///
    /// # Errors
    /// `address` cannot be bound, or the thread cannot be started.
    pub fn open(
        address: SocketAddr,
        server: SocketAddr,
        settings: LinkSettings,
    ) -> io::Result<Self> {
        let listener = listen(address, BACKLOG)?;
        let address = listener.local_addr()?;
        let traffic = Arc::new(Traffic::new());
        let shared = traffic.clone();
        let (stop, stopped) = oneshot::channel();
        let work = move || match run(listener, server, settings, shared, stopped) {
            Ok(()) => {}
            Err(error) => tracing::error!(%error, "the emulated link failed"),
        };
        let thread = thread::Builder::new().name("link".into()).spawn(work)?;
        Ok(Link {
            address,
            traffic,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it has forwarded in one direction so far.
    pub fn statistics(&self, direction: Direction) -> LinkStatistics {
        self.traffic.statistics(direction)
    }

    /// Starts an outage: what is sent within `duration` from now is lost, and arrives when TCP
    /// would have retransmitted it after the outage.
    pub fn start_outage(&self, duration: Duration) {
        self.traffic.start_outage(duration);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Dropping the sender stops the thread.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread of a link.
fn run(
    listener: StdListener,
    server: SocketAddr,
    settings: LinkSettings,
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
            // Resolves when the `Link` is dropped.
            _ = stopped => Ok(()),
            ended = clock.run() => ended,
            () = accept(listener, server, settings, shared) => Ok(()),
        }
    })
}

async fn accept(
    listener: TcpListener,
    server: SocketAddr,
    settings: LinkSettings,
    shared: Rc<SharedLink>,
) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                let forwarding = forward(client, server, settings, shared.clone());
                drop(tokio::task::spawn_local(forwarding));
            }
            Err(error) => {
                // The usual cause is too many open files: wait until some are closed.
                tracing::warn!(%error, "the link could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn forward(
    client: TcpStream,
    server: SocketAddr,
    settings: LinkSettings,
    shared: Rc<SharedLink>,
) -> io::Result<()> {
    let (now, outage, round_trip) = (
        Instant::now(),
        shared.traffic.outage(),
        settings.round_trip(),
    );
    let server = TcpStream::connect(server).await?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
        stamp_reads(stream);
    }
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let schedule = |settings| Schedule::new(settings, round_trip, now, outage);
    let (up, down) = (schedule(settings.up), schedule(settings.down));
    let up = DelayedStream::new(
        Direction::Up,
        (client_read, server_write),
        up,
        shared.clone(),
    );
    let down = DelayedStream::new(Direction::Down, (server_read, client_write), down, shared);
    // A direction that ends without an error closes its output after the last byte. One that fails
    // ends the other too.
    tokio::try_join!(up.forward(), down.forward())?;
    Ok(())
}
