//! A TCP stream that counts its bytes and loses patience with a peer that accepts none.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, ready},
};

use netlab::tune;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

use super::{
    Meter, Patience,
    stall::{LOOKS, Stall},
};
use crate::{inspector::recorder::ConnectionRecorders, metrics::Metrics};

/// A server's side of a connection.
pub struct Metered {
    io: TcpStream,
    meter: Rc<Meter>,
    patience: Patience,
    stall: Option<Stall>,
}

impl Metered {
    pub fn new(
        io: TcpStream,
        patience: Patience,
        metrics: Arc<Metrics>,
        recorders: &Arc<ConnectionRecorders>,
        server: Option<&'static str>,
    ) -> io::Result<Self> {
        tune(&io)?;
        Ok(Metered {
            meter: Meter::new(metrics, recorders.clone(), recorders.recorder(&io, server)),
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
                self.meter.mark_slow();
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
        self.meter.close();
    }
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.meter.is_hung_up() {
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        self.meter.received(&buf.filled()[before..]);
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
                // Once slow, a peer that subscription again has the rest of its time to read to the end.
                if !self.meter.is_slow() {
                    self.stall = None;
                }
                self.meter.sent(&buf[..bytes]);
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
