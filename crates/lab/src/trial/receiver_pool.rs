//! The clients of a trial, and what watching them takes.

use std::{
    cell::RefCell,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use analysis::scenario::{Experiment, PlannedCell};
use netlab::{Awake, Clock, Direction, Link, LinkStatistics};
use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    host::{clock, procfs},
    publisher::{Answers, Posted},
    receivers::{self, Bytes, Context, Profile, ReceiverProgress, RequestKind, Span, Tally},
    schedule::Schedule,
    target::room_name,
};

/// Connections that are opened at the same time.
const OPENINGS: usize = 64;
/// How long what is due may take to come after the span, beyond the longest polling cycle.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long the connections may take to end.
const ENDING: Duration = Duration::from_secs(60);

/// What a thread of receivers is to do.
pub struct ReceiverConfig {
    pub cell: PlannedCell,
    pub server: SocketAddr,
    pub server_pid: u32,
    /// Where to connect: the server, or the link before it.
    pub entrance: SocketAddr,
    pub cookie: String,
    pub link: Option<Arc<Link>>,
    pub answers: Answers,
    pub seed: u64,
    pub wall_ahead: i64,
    pub keeps_rows: bool,
    pub awake: Arc<Awake>,
}

/// When, once all are ready.
pub struct StartSignal {
    pub span: Span,
    /// Messages due in each step of a ramp.
    pub steps: Vec<u64>,
    /// Messages due before a cut heals, warm-up included.
    pub before_healing: u64,
}

impl StartSignal {
    pub fn new(setting: &Experiment, schedule: &Schedule, start: u64) -> Self {
        let count = |from: f64, until: f64| {
            let due = schedule.posts.iter().map(|post| post.due);
            due.filter(|due| (from..until).contains(due)).count() as u64
        };
        let steps = setting.search.iter().flat_map(|search| {
            let length = search.step_seconds;
            let begins = (0..search.steps(&setting.load)).map(f64::from);
            begins.map(move |step| (step * length, (step + 1.0) * length))
        });
        let healed = setting
            .outage
            .as_ref()
            .map_or(0.0, |outage| outage.at + outage.seconds);
        StartSignal {
            span: Span {
                from: start,
                until: start + clock::ns(setting.load.seconds),
            },
            steps: steps.map(|(from, until)| count(from, until)).collect(),
            before_healing: count(f64::NEG_INFINITY, healed),
        }
    }
}

/// What is looked at when the span begins and when it ends.
pub struct Snapshot {
    pub bytes: Bytes,
    pub connections: u64,
    pub server_ns: Option<u64>,
    pub generator_ns: u64,
    pub link: Option<LinkStatistics>,
}

impl Snapshot {
    /// The mean delay that the link has given since an earlier look. First bytes, which pay for a
    /// handshake too, are before it.
    pub fn delay_since(&self, before: &Snapshot) -> Option<Duration> {
        self.link.as_ref()?.mean_delay_since(before.link.as_ref()?)
    }
}

/// The clients, and what watching them takes.
pub struct ReceiverPool {
    pub context: Rc<Context>,
    pub link: Option<Arc<Link>>,
    pub posted: Arc<Posted>,
    pub cell: PlannedCell,
    pub clients: u32,
    pub server_pid: u32,
    awake: Arc<Awake>,
}

impl ReceiverPool {
    /// Opens every client, and waits until all are ready.
    pub async fn gather(order: ReceiverConfig) -> Result<Self, String> {
        let setting = &order.cell.setting;
        let ask = match order.cell.transport {
            Transport::ShortPoll | Transport::LongPoll => RequestKind::Poll,
            Transport::Sse => RequestKind::Events,
            Transport::WebSocket => RequestKind::Socket,
        };
        let host = order.server.to_string();
        let profile = Profile::new(setting.transport.headers, ask, &host, &order.cookie)?;
        let clock = Clock::new().map_err(|error| format!("no timer: {error}"))?;
        let driver = clock.clone();
        tokio::task::spawn_local(async move { driver.run().await });
        let posted = order.answers.posted.clone();
        tokio::task::spawn_local(order.answers.read());
        let pool = ReceiverPool {
            context: Rc::new(Context {
                transport: order.cell.transport,
                settings: setting.transport.clone(),
                address: order.entrance,
                host,
                profile,
                tally: Rc::new(Tally::new(order.wall_ahead, order.keeps_rows)),
                clock,
                stop: CancellationToken::new(),
                openings: Semaphore::new(OPENINGS),
                notices: RefCell::default(),
            }),
            link: order.link,
            posted,
            clients: setting.load.rooms * setting.load.clients,
            cell: order.cell,
            server_pid: order.server_pid,
            awake: order.awake,
        };
        pool.open(order.seed);
        pool.context.tally.until_ready(pool.clients).await;
        Ok(pool)
    }

    fn open(&self, seed: u64) {
        let mut rng = SmallRng::seed_from_u64(seed);
        let load = &self.setting().load;
        for number in 0..self.clients {
            let room = room_name(number % load.rooms);
            let reader = ReceiverProgress::new(number);
            let client = receivers::receive(self.context.clone(), room, reader, rng.random());
            tokio::task::spawn_local(client);
        }
    }

    pub fn setting(&self) -> &Experiment {
        &self.cell.setting
    }

    /// Waits for an instant of the one clock.
    pub async fn until(&self, instant: u64) {
        let wait = Duration::from_nanos(instant.saturating_sub(clock::now()));
        if self
            .context
            .clock
            .until(Instant::now() + wait)
            .await
            .is_err()
        {
            self.context.tally.fault("the clock broke".into());
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            bytes: self.context.tally.connections.bytes(),
            connections: self.context.tally.connections.opened(),
            server_ns: procfs::processor_ns(self.server_pid),
            generator_ns: self.generator_ns(),
            link: self.link.as_ref().map(|link| {
                link.statistics(Direction::Up)
                    .combined(&link.statistics(Direction::Down))
            }),
        }
    }

    /// What this process has computed, keeping awake aside.
    pub fn generator_ns(&self) -> u64 {
        let all = clock::own_processor_time();
        all.saturating_sub(self.awake.time().as_nanos() as u64)
    }

    /// Waits until everything that was accepted has come to everyone, or too long.
    pub async fn drain(&self) {
        let setting = self.setting();
        let cycle = setting.transport.interval_ms + 6.0 * setting.network.one_way_ms;
        let cut = setting.outage.as_ref().map_or(0.0, |outage| outage.seconds);
        let patience = PATIENCE + Duration::from_secs_f64(2.0 * cycle / 1_000.0 + 2.0 * cut);
        let all_came = async {
            loop {
                if let Some(accepted) = self.posted.accepted_in_the_end() {
                    let due = accepted * u64::from(setting.load.clients);
                    return self.context.tally.until_received(due).await;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        if timeout(patience, all_came).await.is_err() {
            tracing::debug!("not everything has come");
        }
    }

    /// Ends every client and its connection: with shutdown, and reading to the end.
    pub async fn end(&self) {
        self.context.stop.cancel();
        // Lets the clients see it, and let go of their connections.
        tokio::task::yield_now().await;
        let tally = &self.context.tally;
        if timeout(ENDING, tally.connections.close_all())
            .await
            .is_err()
        {
            tally.fault("not every connection could be ended in a minute".into());
        }
        if self.posted.refused() > 0 {
            let refused = self.posted.refused();
            tally.fault(format!("{refused} posts were refused"));
        }
    }
}
