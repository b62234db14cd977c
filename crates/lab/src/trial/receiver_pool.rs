//! The receivers of a trial, and the readings of their counters.

use std::{
    cell::RefCell,
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use analysis::scenario::{Experiment, PlannedCell};
use netlab::{Awake, Clock, Direction, Link};
use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::sync::CancellationToken;

use super::planned;
use super::snapshot::{ProcessorTimes, Snapshot};
use crate::{
    host::{
        clock,
        cores::Cores,
        procfs::{self, ServerProcesses},
    },
    plant::{self, Plant},
    publisher::{PostCounters, ResponseReader, ScheduleQueue},
    receivers::{self, Context, ReceiverProgress, RequestKind, RequestTemplate, Span, Tally},
    schedule::Schedule,
    server::room_name,
};

/// The number of connections that are opened at the same time.
const PARALLEL_OPENINGS: usize = 64;
/// The time limit for the last deliveries after the span, beyond the longest polling cycle.
const DRAIN_LIMIT: Duration = Duration::from_secs(15);
/// The time limit for ending the connections.
const CLOSE_LIMIT: Duration = Duration::from_mins(1);

/// The configuration of the receivers' thread.
pub struct ReceiverConfig {
    pub cell: PlannedCell,
    pub server: SocketAddr,
    pub server_processes: ServerProcesses,
    /// The address to connect to: the server's, or that of the emulated link.
    pub entrance: SocketAddr,
    pub cookie: String,
    pub link: Option<Arc<Link>>,
    pub responses: ResponseReader,
    pub seed: u64,
    pub wall_offset: i64,
    pub keeps_rows: bool,
    pub awake: Arc<Awake>,
    pub cores: Cores,
    pub plant: Option<Plant>,
}

/// Sent to the receivers' thread once all are ready: what to measure, and when.
pub struct StartSignal {
    /// With a load ramp, the longest that it may take.
    pub span: Span,
    /// Messages due before the end of the outage, warm-up included.
    pub before_restoration: u64,
    /// The publisher's queue, for the steps of a load ramp.
    pub queue: ScheduleQueue,
    /// The seed of the steps.
    pub seed: u64,
}

impl StartSignal {
    /// Begins a trial: the schedule starts at `start`.
    pub fn new(
        settings: &Experiment,
        queue: ScheduleQueue,
        schedule: Schedule,
        start: u64,
        seed: u64,
    ) -> Self {
        let restored = settings
            .outage
            .as_ref()
            .map_or(0.0, |outage| outage.at + outage.seconds);
        let due = schedule.posts.iter().map(|post| post.due);
        let before_restoration = due.filter(|due| *due < restored).count() as u64;
        queue.add(schedule, start);
        StartSignal {
            span: Span {
                from: start,
                until: start + clock::ns(settings.load.seconds),
            },
            before_restoration,
            queue,
            seed,
        }
    }
}

/// The receivers of a trial.
pub struct ReceiverPool {
    pub context: Rc<Context>,
    pub link: Option<Arc<Link>>,
    pub posted: Arc<PostCounters>,
    pub cell: PlannedCell,
    pub clients: u32,
    pub server_processes: ServerProcesses,
    awake: Arc<Awake>,
    cores: Cores,
}

impl ReceiverPool {
    /// Opens all receivers, and waits until they are ready.
    pub async fn open(config: ReceiverConfig) -> Result<Self, String> {
        let settings = &config.cell.settings;
        let kind = match config.cell.transport {
            Transport::ShortPoll | Transport::LongPoll => RequestKind::Poll,
            Transport::Sse => RequestKind::Events,
            Transport::WebSocket => RequestKind::Socket,
        };
        let host = config.server.to_string();
        let request_template =
            RequestTemplate::new(settings.transport.headers, kind, &host, &config.cookie)?;
        let clock = Clock::new().map_err(|error| format!("no timer: {error}"))?;
        let driver = clock.clone();
        tokio::task::spawn_local(async move { driver.run().await });
        let posted = config.responses.posted.clone();
        tokio::task::spawn_local(config.responses.read());
        let pool = ReceiverPool {
            context: Rc::new(Context {
                transport: config.cell.transport,
                settings: settings.transport.clone(),
                cycle: Duration::from_secs_f64(planned::inputs(&config.cell).cycle()),
                address: config.entrance,
                host,
                request_template,
                tally: Rc::new(Tally::new(
                    config.wall_offset,
                    config.keeps_rows,
                    config.plant,
                )),
                clock,
                stop: CancellationToken::new(),
                openings: Semaphore::new(PARALLEL_OPENINGS),
                notices: RefCell::default(),
            }),
            link: config.link,
            posted,
            clients: settings.load.rooms * settings.load.clients,
            cell: config.cell,
            server_processes: config.server_processes,
            awake: config.awake,
            cores: config.cores,
        };
        pool.start_all(config.seed);
        pool.context.tally.until_ready(pool.clients).await;
        if config.plant == Some(Plant::Bytes) {
            pool.context.tally.connections.miscount();
        }
        tokio::task::spawn_local(plant::starve(config.plant, pool.context.clock.clone()));
        Ok(pool)
    }

    fn start_all(&self, seed: u64) {
        let mut rng = SmallRng::seed_from_u64(seed);
        let load = &self.settings().load;
        for number in 0..self.clients {
            let room = room_name(number % load.rooms);
            let progress = ReceiverProgress::new(number);
            let client = receivers::receive(self.context.clone(), room, progress, rng.random());
            tokio::task::spawn_local(client);
        }
    }

    pub fn settings(&self) -> &Experiment {
        &self.cell.settings
    }

    /// Waits until an instant of the monotonic clock.
    pub async fn until(&self, instant: u64) {
        let wait = Duration::from_nanos(instant.saturating_sub(clock::now()));
        if self
            .context
            .clock
            .until(Instant::now() + wait)
            .await
            .is_err()
        {
            self.context.tally.fault("the timer failed".into());
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            bytes: self.context.tally.connections.bytes(),
            connections: self.context.tally.connections.opened(),
            processors: self.processors(),
            ticks: procfs::ticks(&self.cores.all()),
            link: self.link.as_ref().map(|link| {
                link.statistics(Direction::Up)
                    .combined(&link.statistics(Direction::Down))
            }),
        }
    }

    fn processors(&self) -> ProcessorTimes {
        let awake: Vec<u32> = self.awake.threads().collect();
        let idle = |core: Option<usize>| Some(self.awake.time_on(core?)?.as_nanos() as u64);
        ProcessorTimes {
            at: clock::now(),
            server: self.server_processes.processor_ns(),
            generator: self.generator_ns(),
            server_delay: self.server_processes.run_delay_ns(),
            generator_delay: procfs::run_delay_ns(std::process::id(), &awake),
            server_core_idle: idle(self.cores.server),
            generator_core_idle: idle(self.cores.generator),
        }
    }

    /// The processor time of this process, without that of keeping the cores awake.
    pub fn generator_ns(&self) -> u64 {
        let all = clock::own_processor_time();
        all.saturating_sub(self.awake.time().as_nanos() as u64)
    }

    /// Waits until all accepted messages of the schedules so far were delivered to all their
    /// clients.
    pub async fn all_delivered(&self) {
        let clients = u64::from(self.settings().load.clients);
        let accepted = loop {
            match self.posted.settled() {
                Some(accepted) => break accepted,
                None => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        };
        self.context.tally.until_received(accepted * clients).await;
    }

    /// Waits until all accepted messages were delivered, or for the time limit.
    pub async fn drain(&self) {
        let settings = self.settings();
        let cycle = settings.transport.interval_ms + 6.0 * settings.network.one_way_ms;
        let outage = settings
            .outage
            .as_ref()
            .map_or(0.0, |outage| outage.seconds);
        let limit = DRAIN_LIMIT + Duration::from_secs_f64(2.0 * cycle / 1_000.0 + 2.0 * outage);
        if timeout(limit, self.all_delivered()).await.is_err() {
            tracing::debug!("not all messages were delivered");
        }
    }

    /// Ends all receivers, shuts their connections down and reads them to the end.
    pub async fn end(&self) {
        self.context.stop.cancel();
        // Lets the receivers run once, so that they stop and drop their connections.
        tokio::task::yield_now().await;
        let tally = &self.context.tally;
        if timeout(CLOSE_LIMIT, tally.connections.close_all())
            .await
            .is_err()
        {
            tally.fault("not every connection could be closed within a minute".into());
        }
        // A load ramp overloads the server on purpose.
        if self.posted.is_overloaded() && self.settings().search.is_none() {
            tally.fault("the server left too many posts without a response".into());
        }
        if self.posted.refused() > 0 {
            let refused = self.posted.refused();
            tally.fault(format!("{refused} posts were refused"));
        }
    }
}
