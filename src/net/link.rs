//! An emulated link: a second way to a server, on which every byte takes its time.
//!
//! Constant delay each way; what enters in one piece leaves in one piece, in order. The first
//! bytes of a connection wait one round trip more: that is the handshake, which costs nothing on
//! the loopback that is really between.

use std::{collections::VecDeque, io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::{Instant, sleep_until},
};

/// The most bytes on their way in one direction of one connection; beyond it the sender waits, as
/// it would for the window of the peer.
const IN_FLIGHT: usize = 4 << 20;
const PIECE: usize = 64 * 1024;

/// A listening link.
pub struct Link {
    listener: TcpListener,
    server: SocketAddr,
    delay: Duration,
}

impl Link {
    /// A link from `address` to `server` with `delay` each way.
    pub async fn bind(
        address: SocketAddr,
        server: SocketAddr,
        delay: Duration,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Link {
            listener,
            server,
            delay,
        })
    }

    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Carries connections until it is dropped.
    pub async fn run(self) {
        loop {
            match self.listener.accept().await {
                Ok((client, _)) => drop(tokio::spawn(carry(client, self.server, self.delay))),
                Err(error) => {
                    // Most often too many open files: some must close first.
                    tracing::warn!(%error, "the link could not accept a connection");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
}

async fn carry(client: TcpStream, server: SocketAddr, delay: Duration) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let handshake = Instant::now() + 2 * delay;
    let up = Direction::new(client_read, server_write, delay, handshake);
    let down = Direction::new(server_read, client_write, delay, handshake);
    // A direction that ends well closes its end behind the last byte; one that fails takes the
    // other down with it.
    tokio::try_join!(up.carry(), down.carry())?;
    Ok(())
}

/// One direction of a connection: what was read, and when each piece of it arrives.
struct Direction {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    delay: Duration,
    handshake: Instant,
    pieces: VecDeque<(Instant, Vec<u8>)>,
    in_flight: usize,
    ended: bool,
}

impl Direction {
    fn new(from: OwnedReadHalf, to: OwnedWriteHalf, delay: Duration, handshake: Instant) -> Self {
        Direction {
            from,
            to,
            delay,
            handshake,
            pieces: VecDeque::new(),
            in_flight: 0,
            ended: false,
        }
    }

    async fn carry(mut self) -> io::Result<()> {
        let mut buffer = vec![0; PIECE];
        loop {
            let open = !self.ended && self.in_flight < IN_FLIGHT;
            let arrival = self.pieces.front().map(|(arrival, _)| *arrival);
            tokio::select! {
                biased;
                () = arrive(arrival) => if !self.deliver().await? {
                    return Ok(());
                },
                read = self.from.read(&mut buffer), if open => self.take(&buffer[..read?]),
            }
        }
    }

    /// Puts a piece on its way; an empty one is the end, which takes its time too.
    fn take(&mut self, piece: &[u8]) {
        let arrival = (Instant::now() + self.delay).max(self.handshake + self.delay);
        self.ended = piece.is_empty();
        self.in_flight += piece.len();
        self.pieces.push_back((arrival, piece.to_vec()));
    }

    /// Hands over the piece that has arrived; false when it was the end.
    async fn deliver(&mut self) -> io::Result<bool> {
        let Some((_, piece)) = self.pieces.pop_front() else {
            return Ok(true);
        };
        if piece.is_empty() {
            self.to.shutdown().await?;
            return Ok(false);
        }
        self.in_flight -= piece.len();
        self.to.write_all(&piece).await?;
        Ok(true)
    }
}

async fn arrive(arrival: Option<Instant>) {
    match arrival {
        Some(arrival) => sleep_until(arrival).await,
        None => std::future::pending().await,
    }
}
