//! One direction of a connection over a link: the pieces that were read and wait to be forwarded.

use std::{cell::RefCell, collections::VecDeque, io, rc::Rc, sync::Arc, time::Instant};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use tokio::{
    io::AsyncWriteExt,
    net::tcp::{OwnedReadHalf, OwnedWriteHalf},
};

use super::{
    super::{
        clock::Clock,
        stamped_read::{StampedRead, try_read_stamped},
    },
    schedule::{Schedule, Transit},
    traffic::{Direction, Traffic},
};

/// The most bytes in flight in one direction of one connection. Beyond it the link stops reading,
/// so that the sender waits as it would for the peer's window.
const MAX_IN_FLIGHT: usize = 4 << 20;
/// The most bytes that are read at once.
const MAX_PIECE: usize = 64 * 1024;

/// What the connections of a link share on its thread.
pub struct SharedLink {
    pub clock: Rc<Clock>,
    pub traffic: Arc<Traffic>,
    buffer: RefCell<Vec<u8>>,
    rng: RefCell<SmallRng>,
}

impl SharedLink {
    pub fn new(traffic: Arc<Traffic>) -> io::Result<Rc<Self>> {
        Ok(Rc::new(SharedLink {
            clock: Clock::new()?,
            traffic,
            buffer: RefCell::new(vec![0; MAX_PIECE]),
            rng: RefCell::new(SmallRng::seed_from_u64(1)),
        }))
    }
}

/// One direction of a connection over a link.
pub struct DelayedStream {
    direction: Direction,
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    schedule: Schedule,
    shared: Rc<SharedLink>,
    pieces: VecDeque<Piece>,
    in_flight: usize,
    is_at_end: bool,
}

struct Piece {
    transit: Transit,
    bytes: Vec<u8>,
}

impl DelayedStream {
    pub fn new(
        direction: Direction,
        (from, to): (OwnedReadHalf, OwnedWriteHalf),
        schedule: Schedule,
        shared: Rc<SharedLink>,
    ) -> Self {
        DelayedStream {
            direction,
            from,
            to,
            schedule,
            shared,
            pieces: VecDeque::new(),
            in_flight: 0,
            is_at_end: false,
        }
    }

    /// Forwards everything, including the end of the stream.
    pub async fn forward(mut self) -> io::Result<()> {
        loop {
            let open = !self.is_at_end && self.in_flight < MAX_IN_FLIGHT;
            let leaves = self.pieces.front().map(|piece| piece.transit.leaves);
            tokio::select! {
                biased;
                due = wait(&self.shared.clock, leaves) => {
                    due?;
                    if !self.deliver().await? {
                        return Ok(());
                    }
                }
                ready = self.from.readable(), if open => {
                    ready?;
                    self.read()?;
                }
            }
        }
    }

    /// Reads a piece and schedules it. An empty piece is the end of the stream, which is delayed
    /// too.
    fn read(&mut self) -> io::Result<()> {
        let mut buffer = self.shared.buffer.borrow_mut();
        let StampedRead {
            bytes: read,
            waited,
        } = match try_read_stamped(self.from.as_ref(), &mut buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        // The delay counts from the arrival in the kernel. A link that reads late makes up for it,
        // and where it cannot, its error shows it.
        let now = Instant::now();
        let arrived = now.checked_sub(waited.unwrap_or_default()).unwrap_or(now);
        let jitter_position = self.shared.rng.borrow_mut().random();
        let outage = self.shared.traffic.outage();
        self.pieces.push_back(Piece {
            transit: self
                .schedule
                .transit(read, arrived, outage, jitter_position),
            bytes: buffer[..read].to_vec(),
        });
        self.is_at_end = read == 0;
        self.in_flight += read;
        Ok(())
    }

    /// Writes the piece that is due. Returns false if it was the end of the stream.
    async fn deliver(&mut self) -> io::Result<bool> {
        let Some(piece) = self.pieces.pop_front() else {
            return Ok(true);
        };
        if piece.bytes.is_empty() {
            self.to.shutdown().await?;
            return Ok(false);
        }
        self.in_flight -= piece.bytes.len();
        self.to.write_all(&piece.bytes).await?;
        let Transit { enters, leaves } = piece.transit;
        let (scheduled, late) = (leaves - enters, leaves.elapsed());
        self.shared
            .traffic
            .record(self.direction, piece.bytes.len(), scheduled, late);
        Ok(true)
    }
}

/// Resolves when it is time for the next piece to leave; never if there is none.
async fn wait(clock: &Rc<Clock>, leaves: Option<Instant>) -> io::Result<()> {
    match leaves {
        Some(leaves) => clock.until(leaves).await,
        None => std::future::pending().await,
    }
}
