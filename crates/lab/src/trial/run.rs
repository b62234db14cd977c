//! Runs one trial, from the server's start to its end.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use analysis::estimate::SETTLE_S;
use netlab::Link;
use protocol::duration;

use super::{
    measurements::TrialMeasurements,
    planned::{PlannedTrial, RunContext, TrialOutcome, warm_up},
    receiver_pool::{ReceiverConfig, StartSignal},
    receiver_thread::{self, Received},
    record,
};
use crate::{
    baseline,
    host::{clock, procfs},
    publisher::{self, PublishTarget, Publisher, ScheduleDelay},
    schedule::{Schedule, seed_for},
    server::Server,
};

/// The time limit for connecting all clients.
const CONNECT_LIMIT: Duration = Duration::from_mins(2);

/// Runs one trial.
///
/// # Errors
/// A sentence: what failed.
pub fn run(planned: &PlannedTrial, run: &RunContext) -> Result<TrialOutcome, String> {
    let settings = &planned.cell.settings;
    let wall_before = clock::wall_offset();
    let server = Server::start(&settings.server, settings.load.rooms, run.cores)?;
    let pss_idle = procfs::pss_bytes(server.pid());
    let link = open_link(planned, &server)?;
    let seed = seed_for(run.seed, &[&settings.name], planned.repetition);
    let schedule = draw(planned, seed);
    let target = PublishTarget {
        address: server.address,
        cookie: server.cookie.clone(),
        rooms: settings.load.rooms,
        body_bytes: settings.load.body_bytes as usize,
        keep_alive: duration::parse(&settings.server.keep_alive)?,
        plant: run.plant,
    };
    let (publisher, responses) = publisher::prepare(target, schedule.posts.len())
        .map_err(|error| format!("the publisher could not connect: {error}"))?;
    let posted = responses.posted.clone();
    let receivers = Receivers::start(planned, run, &server, link.clone(), responses, wall_before)?;
    let (delays, received) = receivers.measure(planned, publisher, schedule, seed)?;
    let port = record::port_bytes(&server, &posted, link.as_deref(), &received);
    let measured = TrialMeasurements {
        delays,
        port,
        pss_idle,
        clock_moved: clock::wall_offset() - wall_before,
        response_us: posted.response_us(received.span),
        port_number: server.address.port(),
        received,
    };
    Ok(record::trial_outcome(planned, run, measured))
}

fn open_link(planned: &PlannedTrial, server: &Server) -> Result<Option<Arc<Link>>, String> {
    let network = &planned.cell.settings.network;
    if !network.is_emulated() {
        return Ok(None);
    }
    let entrance = SocketAddr::from(([127, 0, 0, 1], 0));
    let link = Link::open(entrance, server.address, baseline::routes(network));
    let link = link.map_err(|error| format!("the link could not be opened: {error}"))?;
    Ok(Some(Arc::new(link)))
}

/// The schedule, which is the same for all cells of a block; with a load ramp, the warm-up alone.
fn draw(planned: &PlannedTrial, seed: u64) -> Schedule {
    let settings = &planned.cell.settings;
    let warm_up = warm_up(&planned.cell);
    match settings.search {
        Some(_) => Schedule::warm_up(&settings.load, warm_up, seed),
        None => Schedule::draw(&settings.load, warm_up, seed),
    }
}

/// The thread of the receivers.
struct Receivers {
    thread: JoinHandle<Result<Received, String>>,
    ready: mpsc::Receiver<()>,
    start: tokio::sync::oneshot::Sender<StartSignal>,
}

impl Receivers {
    fn start(
        planned: &PlannedTrial,
        run: &RunContext,
        server: &Server,
        link: Option<Arc<Link>>,
        responses: publisher::ResponseReader,
        wall_offset: i64,
    ) -> Result<Self, String> {
        let (ready_sender, ready) = mpsc::channel();
        let (start, started) = tokio::sync::oneshot::channel();
        let words = [planned.cell.settings.name.as_str(), "phases"];
        let config = ReceiverConfig {
            cell: planned.cell.clone(),
            server: server.address,
            server_processes: server.processes(),
            entrance: link.as_ref().map_or(server.address, |link| link.address()),
            cookie: server.cookie.clone(),
            link,
            responses,
            seed: seed_for(run.seed, &words, planned.order),
            wall_offset,
            keeps_rows: run.samples || planned.cell.transport.pauses(),
            awake: run.awake.clone(),
            cores: run.cores,
            plant: run.plant,
        };
        let named = thread::Builder::new().name("receivers".into());
        let thread = named
            .spawn(move || receiver_thread::run(config, ready_sender, started))
            .map_err(|error| error.to_string())?;
        Ok(Receivers {
            thread,
            ready,
            start,
        })
    }

    /// Publishes the schedule once all receivers are ready, and waits for the end.
    fn measure(
        self,
        planned: &PlannedTrial,
        publisher: Publisher,
        schedule: Schedule,
        seed: u64,
    ) -> Result<(Vec<ScheduleDelay>, Received), String> {
        match self.ready.recv_timeout(CONNECT_LIMIT) {
            Ok(()) => {}
            // The thread hangs and is left behind.
            Err(RecvTimeoutError::Timeout) => {
                return Err("not every client could connect within two minutes".into());
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(join(self.thread).err().unwrap_or_default());
            }
        }
        let settings = &planned.cell.settings;
        let start = clock::now() + clock::ns(warm_up(&planned.cell) + SETTLE_S);
        let (queue, publishing) = publisher.publish().map_err(|error| error.to_string())?;
        let signal = StartSignal::new(settings, queue, schedule, start, seed);
        self.start
            .send(signal)
            .map_err(|_| "the receivers have ended")?;
        let received = join(self.thread)?;
        let delays = publishing.join().map_err(|_| "the publisher panicked")?;
        let delays = delays.map_err(|error| format!("the publisher failed: {error}"))?;
        Ok((delays, received))
    }
}

fn join(thread: JoinHandle<Result<Received, String>>) -> Result<Received, String> {
    thread.join().map_err(|_| "the receivers panicked")?
}
