//! A TCP stream that counts its bytes and loses patience with a peer that accepts none.

use std::{
    cell::Cell,
    io,
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep},
};

use super::{
    socket,
    tap::{Owner, Reads, Tap, Taps},
};
use crate::{metrics::Metrics, wire::Transport};

/// How long a peer may accept no byte while some are due.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// After this long it is slow, and what serves it is told.
    pub slow: Duration,
    /// This long after that, the connection fails.
    pub drop: Duration,
}

/// What is known of a connection by whoever serves it. Shared with the stream, on one thread.
pub struct Meter {
    metrics: Arc<Metrics>,
    tap: Arc<Tap>,
    transport: Cell<Option<Transport>>,
    /// Bytes of a request whose transport is not known yet.
    unclaimed: Cell<u64>,
    heard: Cell<Instant>,
    slow: Cell<bool>,
    hung_up: Cell<bool>,
}

impl Meter {
    fn new(metrics: Arc<Metrics>, tap: Arc<Tap>) -> Rc<Self> {
        metrics.connections.inc();
        Rc::new(Meter {
            metrics,
            tap,
            transport: Cell::new(None),
            unclaimed: Cell::new(0),
            heard: Cell::new(Instant::now()),
            slow: Cell::new(false),
            hung_up: Cell::new(false),
        })
    }

    /// A request has begun, of which it is not known yet whether it reads a room. Whether the
    /// peer was slow to take the answers before does not matter any more.
    pub fn begin(&self) {
        self.transport.set(None);
        self.slow.set(false);
        self.tap.begin();
    }

    /// This request is of these sessions.
    pub fn used_by(&self, owners: &[Owner]) {
        self.tap.used_by(owners);
    }

    /// What this request costs is the cost of reading that.
    pub fn claim(&self, reads: Reads) {
        self.transport.set(Some(reads.transport));
        self.count_received(0);
        self.tap.claim(reads);
    }

    /// Which of several servers the connection came to, if they have names.
    pub fn server(&self) -> Option<&'static str> {
        self.tap.server
    }

    /// How long ago the last byte came from the peer.
    pub fn silent_for(&self) -> Duration {
        self.heard.get().elapsed()
    }

    /// Whether the peer has accepted no byte for [`Patience::slow`] while some were due. When it
    /// turns true, the task that writes to the connection is woken.
    pub fn is_slow(&self) -> bool {
        self.slow.get()
    }

    /// Ends the connection, as soon as what was written has been sent, as if the peer had.
    pub fn hang_up(&self) {
        self.hung_up.set(true);
    }

    fn count_received(&self, bytes: u64) {
        let bytes = self.unclaimed.take() + bytes;
        match self.transport.get() {
            Some(transport) => self.metrics.bytes_received[transport.index()].inc_by(bytes),
            None => self.unclaimed.set(bytes),
        }
    }

    fn count_sent(&self, bytes: u64) {
        // An answer to something that read no room: neither it nor its request is a transport's.
        self.unclaimed.set(0);
        if let Some(transport) = self.transport.get() {
            self.metrics.bytes_sent[transport.index()].inc_by(bytes);
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.metrics.connections.dec();
    }
}

/// A server's side of a connection.
pub struct Metered {
    io: TcpStream,
    meter: Rc<Meter>,
    patience: Patience,
    stall: Option<Stall>,
}

/// A write that there is no room for.
struct Stall {
    timer: Pin<Box<Sleep>>,
    /// When the peer was last known to accept a byte, and what the kernel still held for it then.
    /// There may be room for no more although the peer accepts what is held, a little at a time.
    accepted: Instant,
    held: Option<u64>,
}

/// How often a stalled connection is looked at, in parts of the patience with it.
const LOOKS: u32 = 10;

impl Stall {
    fn new(io: &TcpStream, patience: Patience) -> Self {
        Stall {
            timer: Box::pin(tokio::time::sleep(patience.slow / LOOKS)),
            accepted: Instant::now(),
            held: socket::held_bytes(io),
        }
    }

    /// Looks whether the peer has accepted anything since the last look, and at the clock.
    fn look(&mut self, io: &TcpStream) -> Duration {
        let held = socket::held_bytes(io);
        if held != self.held {
            self.held = held;
            self.accepted = Instant::now();
        }
        self.accepted.elapsed()
    }
}

impl Metered {
    pub fn new(
        io: TcpStream,
        patience: Patience,
        metrics: Arc<Metrics>,
        taps: &Arc<Taps>,
        server: Option<&'static str>,
    ) -> io::Result<Self> {
        socket::tune(&io)?;
        Ok(Metered {
            meter: Meter::new(metrics, taps.tap(&io, server)),
            io,
            patience,
            stall: None,
        })
    }

    pub fn meter(&self) -> &Rc<Meter> {
        &self.meter
    }

    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.io.peer_addr().ok()
    }

    /// Pending while there is patience left; first marks the peer as slow, then fails.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let patience = self.patience;
        let stall = self
            .stall
            .get_or_insert_with(|| Stall::new(&self.io, patience));
        loop {
            ready!(stall.timer.as_mut().poll(cx));
            if self.meter.is_slow() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            let pause = if stall.look(&self.io) < patience.slow {
                patience.slow / LOOKS
            } else {
                self.meter.slow.set(true);
                // For whoever serves this connection to look at `is_slow`.
                cx.waker().wake_by_ref();
                patience.drop
            };
            stall.timer.as_mut().reset(Instant::now() + pause);
        }
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        self.meter.tap.close();
    }
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.meter.hung_up.get() {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        let bytes = (buf.filled().len() - before) as u64;
        self.meter.heard.set(Instant::now());
        self.meter.count_received(bytes);
        if bytes > 0 {
            self.meter.tap.received(&buf.filled()[before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.io).poll_write(cx, buf) {
            Poll::Pending => self.poll_stalled(cx),
            Poll::Ready(Ok(bytes)) => {
                // Once slow, a peer that reads again has the rest of its time to read to the end.
                if !self.meter.is_slow() {
                    self.stall = None;
                }
                self.meter.count_sent(bytes as u64);
                self.meter.tap.sent(&buf[..bytes]);
                Poll::Ready(Ok(bytes))
            }
            failed => failed,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
