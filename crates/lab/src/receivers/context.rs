//! What all receivers of a trial share.

use std::{cell::RefCell, net::SocketAddr, rc::Rc, time::Duration};

use analysis::scenario::TransportSettings;
use netlab::Clock;
use protocol::Transport;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{request_template::RequestTemplate, tally::Tally};

/// How long a client waits for the response to a short poll: as long as the chat's page.
pub const POLL_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a client waits for the response to a long poll beyond the poll's own wait.
pub const WAIT_GRACE: Duration = Duration::from_secs(10);
/// How long a stream may be silent: a little more than two heartbeats.
pub const SILENCE_TIMEOUT: Duration = Duration::from_secs(40);
/// The pause before a failed connection is replaced.
pub const RETRY: Duration = Duration::from_millis(200);

/// What all receivers of a trial share.
pub struct Context {
    pub transport: Transport,
    pub settings: TransportSettings,
    /// From one short poll to the next, as configured: the pause, and the round trips of a poll.
    pub cycle: Duration,
    /// The address to connect to: the server's, or that of the emulated link.
    pub address: SocketAddr,
    pub host: String,
    pub request_template: RequestTemplate,
    pub tally: Rc<Tally>,
    pub clock: Rc<Clock>,
    pub stop: CancellationToken,
    /// Limits the connections that are opened at the same time, so that the listen backlog does not
    /// overflow.
    pub openings: Semaphore,
    /// The instants at which clients closed a silent connection.
    pub notices: RefCell<Vec<u64>>,
}
