//! The receiving clients: one file a transport, the mirror of the server's. They share nothing with
//! the server but what travels.

mod deliveries;
mod exchange;
mod headers;
mod long_poll;
mod poll;
mod short_poll;
mod sse;
mod tally;
mod websocket;
mod wire;

use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::Duration,
};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::clock;
use crate::{analysis::scenario::Transports, net::Clock, wire::Transport};

pub use deliveries::{Climb, Deliveries, Row, Span};
pub use headers::{Ask, Profile};
pub use tally::{Polls, Reader, Tally};
pub use wire::{Bytes, Wire};

/// The most messages that a client asks for at once.
const LIMIT: u32 = 500;
/// The longest that a short poll's answer is waited for, as the chat's page does.
const POLL_PATIENCE: Duration = Duration::from_secs(20);
/// And that of a long poll beyond its wait.
const WAIT_GRACE: Duration = Duration::from_secs(10);
/// How long a stream may be silent: two heartbeats and some.
const SILENCE: Duration = Duration::from_secs(40);
/// Before a connection that failed is opened again.
const RETRY: Duration = Duration::from_millis(200);

/// What all clients of a trial share.
pub struct Context {
    pub transport: Transport,
    pub settings: Transports,
    /// Where to connect: the server, or the link before it.
    pub address: SocketAddr,
    pub host: String,
    pub profile: Profile,
    pub tally: Rc<Tally>,
    pub clock: Rc<Clock>,
    pub stop: CancellationToken,
    /// Connections that may be opened at the same time, so that no backlog overflows.
    pub openings: Semaphore,
    /// When a client gave up a connection on which nothing came any more.
    pub notices: RefCell<Vec<u64>>,
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("{0}")]
    Socket(Box<tokio_tungstenite::tungstenite::Error>),
    #[error("the connection was closed")]
    Closed,
    #[error("no answer in time")]
    Silent,
    #[error("answered {0}")]
    Refused(u16),
}

impl From<tokio_tungstenite::tungstenite::Error> for Failure {
    fn from(error: tokio_tungstenite::tungstenite::Error) -> Self {
        Failure::Socket(Box::new(error))
    }
}

/// Receives the messages of a room until the trial is over, over as many connections as it takes.
/// `phase` of 0..1 is where in its cycle a polling client begins.
pub async fn receive(context: Rc<Context>, room: String, mut reader: Reader, phase: f64) {
    let client = Client {
        context: context.clone(),
        room,
        phase,
        told_ready: Cell::new(false),
    };
    let work = async {
        loop {
            let failure = client.attempt(&mut reader).await;
            client.note(failure);
            tokio::time::sleep(RETRY).await;
        }
    };
    tokio::select! {
        () = context.stop.cancelled() => {}
        () = work => {}
    }
}

/// One of them.
pub struct Client {
    pub context: Rc<Context>,
    pub room: String,
    pub phase: f64,
    told_ready: Cell<bool>,
}

impl Client {
    /// Receives over one connection, or a new one for each poll, until something fails.
    async fn attempt(&self, reader: &mut Reader) -> Failure {
        let ended = match self.context.transport {
            Transport::ShortPoll => short_poll::receive(self, reader).await,
            Transport::LongPoll => long_poll::receive(self, reader).await,
            Transport::Sse => sse::receive(self, reader).await,
            Transport::WebSocket => websocket::receive(self, reader).await,
        };
        match ended {
            Ok(never) => match never {},
            Err(failure) => failure,
        }
    }

    /// A refusal is the lab's own mistake; what else ends a connection happens.
    fn note(&self, failure: Failure) {
        match failure {
            Failure::Refused(status) => {
                self.context
                    .tally
                    .fault(format!("the server answered {status}"));
            }
            Failure::Silent => self.context.notices.borrow_mut().push(clock::now()),
            other => tracing::debug!(%other, "a connection ended"),
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// No connection.
    pub async fn connect(&self) -> Result<Line, Failure> {
        let _turn = self.context.openings.acquire().await;
        let wire = Wire::connect(self.context.address).await?;
        let number = self.context.tally.open(&wire);
        Ok(Line {
            wire,
            number,
            context: self.context.clone(),
        })
    }

    /// Says, once, that everything that comes from now on is received.
    pub fn is_ready(&self) {
        if !self.told_ready.replace(true) {
            self.context.tally.is_ready();
        }
    }
}

/// An open connection, which is ended properly when dropped, unless the trial is: then all are.
pub struct Line {
    pub wire: Wire,
    number: u64,
    context: Rc<Context>,
}

impl Drop for Line {
    fn drop(&mut self) {
        if !self.context.stop.is_cancelled() {
            let (context, number) = (self.context.clone(), self.number);
            tokio::task::spawn_local(async move { context.tally.close(number).await });
        }
    }
}
