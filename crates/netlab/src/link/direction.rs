//! One direction of a connection over a link: what was read, and when each piece of it leaves.

use std::{cell::RefCell, collections::VecDeque, io, rc::Rc, sync::Arc, time::Instant};

use rand::{Rng, SeedableRng, rngs::SmallRng};
use tokio::{
    io::AsyncWriteExt,
    net::tcp::{OwnedReadHalf, OwnedWriteHalf},
};

use super::{
    super::clock::Clock,
    route::{Departures, Passage},
    traffic::{Traffic, Way},
};

/// The most bytes on their way in one direction of one connection; beyond it the sender waits, as
/// it would for the window of the peer.
const IN_FLIGHT: usize = 4 << 20;
const PIECE: usize = 64 * 1024;

/// What all connections of a link share on its thread.
pub struct SharedLink {
    pub clock: Rc<Clock>,
    pub traffic: Arc<Traffic>,
    buffer: RefCell<Vec<u8>>,
    chance: RefCell<SmallRng>,
}

impl SharedLink {
    pub fn new(traffic: Arc<Traffic>) -> io::Result<Rc<Self>> {
        Ok(Rc::new(SharedLink {
            clock: Clock::new()?,
            traffic,
            buffer: RefCell::new(vec![0; PIECE]),
            chance: RefCell::new(SmallRng::seed_from_u64(1)),
        }))
    }
}

pub struct Direction {
    way: Way,
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    departures: Departures,
    shared: Rc<SharedLink>,
    pieces: VecDeque<Piece>,
    in_flight: usize,
    ended: bool,
}

struct Piece {
    passage: Passage,
    bytes: Vec<u8>,
}

impl Direction {
    pub fn new(
        way: Way,
        (from, to): (OwnedReadHalf, OwnedWriteHalf),
        departures: Departures,
        shared: Rc<SharedLink>,
    ) -> Self {
        Direction {
            way,
            from,
            to,
            departures,
            shared,
            pieces: VecDeque::new(),
            in_flight: 0,
            ended: false,
        }
    }

    /// Carries until the end has been carried over too.
    pub async fn carry(mut self) -> io::Result<()> {
        loop {
            let open = !self.ended && self.in_flight < IN_FLIGHT;
            let leaves = self.pieces.front().map(|piece| piece.passage.leaves);
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
                    self.take()?;
                }
            }
        }
    }

    /// Puts what has come on its way; an empty piece is the end, which takes its time too.
    fn take(&mut self) -> io::Result<()> {
        let mut buffer = self.shared.buffer.borrow_mut();
        let read = match self.from.try_read(&mut buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        let chance = self.shared.chance.borrow_mut().random();
        let cut = self.shared.traffic.cut();
        self.pieces.push_back(Piece {
            passage: self.departures.of(read, Instant::now(), cut, chance),
            bytes: buffer[..read].to_vec(),
        });
        self.ended = read == 0;
        self.in_flight += read;
        Ok(())
    }

    /// Hands over the piece that is due; false when it was the end.
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
        let Passage { enters, leaves } = piece.passage;
        let (asked, late) = (leaves - enters, leaves.elapsed());
        self.shared
            .traffic
            .count(self.way, piece.bytes.len(), asked, late);
        Ok(true)
    }
}

/// Ready when it is time; never when there is nothing to wait for.
async fn wait(clock: &Rc<Clock>, leaves: Option<Instant>) -> io::Result<()> {
    match leaves {
        Some(leaves) => clock.until(leaves).await,
        None => std::future::pending().await,
    }
}
