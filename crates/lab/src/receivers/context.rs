//! What all clients of a trial share.

use std::{cell::RefCell, net::SocketAddr, rc::Rc, time::Duration};

use analysis::scenario::Transports;
use netlab::Clock;
use protocol::Transport;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{headers::Profile, tally::Tally};

/// The longest that a short poll's answer is waited for, as the chat's page does.
pub const POLL_PATIENCE: Duration = Duration::from_secs(20);
/// And that of a long poll beyond its wait.
pub const WAIT_GRACE: Duration = Duration::from_secs(10);
/// How long a stream may be silent: two heartbeats and some.
pub const SILENCE: Duration = Duration::from_secs(40);
/// Before a connection that failed is opened again.
pub const RETRY: Duration = Duration::from_millis(200);

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
