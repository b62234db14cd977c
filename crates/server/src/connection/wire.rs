//! The server's end of a TCP connection. While nothing is on its way it owns no buffer.

use std::{
    cell::{Cell, RefCell},
    io,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, ready},
};

use actix_web::web::{Buf, BytesMut};
use netlab::tune;
use tokio::{io::ReadBuf, net::TcpStream, time::Instant};

use super::{
    Alarm, Meter, SlowPeerTimeouts,
    carrier::Carrier,
    stalled_write::{CHECKS_PER_TIMEOUT, StalledWrite},
};
use crate::{inspector::recorder::ConnectionRecorders, metrics::Metrics};

/// The most that is read at once.
const READ_BYTES: usize = 32 << 10;

thread_local! {
    /// Where the connections of a thread read, one after the other.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES].into());
}

/// A socket whose bytes are counted, and which drops a peer that accepts none for too long.
pub struct Wire<C: Carrier = TcpStream> {
    io: RefCell<C>,
    peer: Option<SocketAddr>,
    meter: Rc<Meter>,
    alarm: Alarm,
    timeouts: SlowPeerTimeouts,
    /// What is to be sent and the kernel has not accepted.
    unsent: RefCell<BytesMut>,
    stalled_write: RefCell<Option<StalledWrite>>,
    /// More than the current request has been received.
    has_ahead: Cell<bool>,
}

impl<C: Carrier> Wire<C> {
    pub fn new(
        io: C,
        timeouts: SlowPeerTimeouts,
        metrics: Arc<Metrics>,
        recorders: &Arc<ConnectionRecorders>,
        server: Option<&'static str>,
    ) -> io::Result<Rc<Self>> {
        let tcp = io.tcp();
        tune(tcp)?;
        timeouts.limit_silence(tcp)?;
        let recorder = recorders.open_connection(tcp, server);
        Ok(Rc::new(Wire {
            meter: Meter::new(metrics, recorders.clone(), recorder),
            alarm: Alarm::new(),
            peer: io.tcp().peer_addr().ok(),
            io: RefCell::new(io),
            timeouts,
            unsent: RefCell::default(),
            stalled_write: RefCell::default(),
            has_ahead: Cell::new(false),
        }))
    }

    pub fn meter(&self) -> &Rc<Meter> {
        &self.meter
    }

    /// Wakes the connection's task, whatever it waits for.
    pub fn alarm(&self) -> &Alarm {
        &self.alarm
    }

    pub fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// The address of this server that the peer has connected to.
    pub fn local_address(&self) -> Option<SocketAddr> {
        self.io.borrow().tcp().local_addr().ok()
    }

    /// Reads what has been received and appends it. `Ok(0)` is the end of what the peer sends.
    pub fn poll_read(&self, cx: &mut Context<'_>, input: &mut BytesMut) -> Poll<io::Result<usize>> {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            ready!(self.io.borrow_mut().poll_read(cx, &mut buffer))?;
            self.meter.received(buffer.filled());
            input.extend_from_slice(buffer.filled());
            Poll::Ready(Ok(buffer.filled().len()))
        })
    }

    /// Queues what `write` appends, for [`Wire::poll_flush`].
    pub fn queue<T>(&self, write: impl FnOnce(&mut BytesMut) -> T) -> T {
        write(&mut self.unsent.borrow_mut())
    }

    /// Whether the peer has sent more than the current request.
    pub fn has_ahead(&self) -> bool {
        self.has_ahead.get()
    }

    pub fn set_ahead(&self, has_ahead: bool) {
        self.has_ahead.set(has_ahead);
    }

    /// How many bytes are queued.
    pub fn queued(&self) -> usize {
        self.unsent.borrow().len()
    }

    /// Ready once the kernel has accepted all that is queued.
    pub fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut unsent = self.unsent.borrow_mut();
        while !unsent.is_empty() {
            let written = self.io.borrow_mut().poll_write(cx, &unsent);
            match written {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(bytes)) => {
                    // A peer that was once slow has only the second timeout to read the rest, even if
                    // it accepts bytes again.
                    if !self.meter.is_slow() {
                        self.stalled_write.take();
                    }
                    self.meter.sent(&unsent[..bytes]);
                    unsent.advance(bytes);
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return self.poll_stalled(cx),
            }
        }
        *unsent = BytesMut::new();
        Poll::Ready(Ok(()))
    }

    /// Sends these bytes, with nothing queued before them, and queues what the kernel does not accept.
    /// Returns how many it has accepted. The caller counts these.
    pub fn send_now(&self, bytes: &[u8]) -> usize {
        // An error is found again when the rest is flushed.
        let accepted = self.io.borrow().write_now(bytes).unwrap_or(0);
        if accepted < bytes.len() {
            self.queue(|unsent| unsent.extend_from_slice(&bytes[accepted..]));
        }
        accepted
    }

    /// Tells the peer that nothing more will be sent.
    pub fn poll_shutdown(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.borrow_mut().poll_shutdown(cx)
    }

    /// Pending until a timeout passes. The first timeout marks the peer as slow, the second fails.
    fn poll_stalled(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let timeouts = self.timeouts;
        let io = self.io.borrow();
        let tcp = io.tcp();
        let mut stalled_write = self.stalled_write.borrow_mut();
        let stalled_write = stalled_write.get_or_insert_with(|| StalledWrite::new(tcp, timeouts));
        loop {
            ready!(stalled_write.timer.as_mut().poll(cx));
            if self.meter.is_slow() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            let pause = if stalled_write.time_since_progress(tcp) < timeouts.slow_after {
                timeouts.slow_after / CHECKS_PER_TIMEOUT
            } else {
                self.meter.mark_slow();
                // So that the reader checks `is_slow`.
                cx.waker().wake_by_ref();
                timeouts.drop_after
            };
            stalled_write.timer.as_mut().reset(Instant::now() + pause);
        }
    }
}

impl<C: Carrier> Drop for Wire<C> {
    fn drop(&mut self) {
        self.meter.close();
    }
}
