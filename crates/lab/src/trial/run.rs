//! Runs one trial, from the server's start to its end.

use std::{
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use netlab::Link;
use protocol::duration;

use super::{
    measured::TrialMeasurements,
    planned::{Planned, Run, TrialOutcome, warm_up},
    receiver_pool::{ReceiverConfig, StartSignal},
    receivers::{self, Received},
    record,
};
use crate::{
    baseline,
    host::{clock, procfs},
    publisher::{self, Publisher, ScheduleDelay, Target},
    schedule::{Schedule, seed_for},
    target::Server,
};

/// Between the clients' readiness and the first message that is due.
const BREATH: f64 = 0.05;
/// How long the clients may take to connect.
const OPENING: Duration = Duration::from_secs(120);

/// Runs it, from the server's start to its end.
///
/// # Errors
/// A sentence: what did not work. Whatever was measured before is kept by the caller.
pub fn run(planned: &Planned, run: &Run) -> Result<TrialOutcome, String> {
    let setting = &planned.cell.setting;
    let wall_before = clock::wall_ahead();
    let ticks_before = procfs::ticks();
    let server = Server::start(&setting.server, setting.load.rooms, run.cores)?;
    let pss_idle = procfs::pss_bytes(server.pid());
    let link = open_link(planned, &server)?;
    let schedule = draw(planned, run.seed);
    let target = Target {
        address: server.address,
        cookie: server.cookie.clone(),
        body_bytes: setting.load.body_bytes as usize,
        keep_alive: duration::parse(&setting.server.keep_alive)?,
    };
    let (publisher, answers) = publisher::prepare(target, schedule.posts.len())
        .map_err(|error| format!("the publisher could not connect: {error}"))?;
    let posted = answers.posted.clone();
    let receivers = Receivers::start(planned, run, &server, link.clone(), answers, wall_before)?;
    let (delays, received) = receivers.measure(planned, publisher, schedule)?;
    let port = record::port_bytes(&server, &posted, link.as_deref(), &received);
    let measured = TrialMeasurements {
        delays,
        port,
        pss_idle,
        ticks: (ticks_before, procfs::ticks()),
        clock_moved: clock::wall_ahead() - wall_before,
        port_number: server.address.port(),
        received,
    };
    Ok(record::make(planned, run, measured))
}

fn open_link(planned: &Planned, server: &Server) -> Result<Option<Arc<Link>>, String> {
    let network = &planned.cell.setting.network;
    if !network.is_emulated() {
        return Ok(None);
    }
    let entrance = SocketAddr::from(([127, 0, 0, 1], 0));
    let link = Link::open(entrance, server.address, baseline::routes(network));
    let link = link.map_err(|error| format!("the link could not be opened: {error}"))?;
    Ok(Some(Arc::new(link)))
}

/// The same for every transport and level of a block.
fn draw(planned: &Planned, seed: u64) -> Schedule {
    let setting = &planned.cell.setting;
    let seed = seed_for(seed, &[&setting.name], planned.repetition);
    let warm_up = warm_up(&planned.cell);
    match &setting.search {
        Some(search) => Schedule::ramp(&setting.load, search, warm_up, seed),
        None => Schedule::draw(&setting.load, warm_up, seed),
    }
}

/// The thread of the receiving clients.
struct Receivers {
    thread: JoinHandle<Result<Received, String>>,
    ready: mpsc::Receiver<()>,
    go: tokio::sync::oneshot::Sender<StartSignal>,
}

impl Receivers {
    fn start(
        planned: &Planned,
        run: &Run,
        server: &Server,
        link: Option<Arc<Link>>,
        answers: publisher::Answers,
        wall_ahead: i64,
    ) -> Result<Self, String> {
        let (tell_ready, ready) = mpsc::channel();
        let (go, told) = tokio::sync::oneshot::channel();
        let words = [planned.cell.setting.name.as_str(), "phases"];
        let order = ReceiverConfig {
            cell: planned.cell.clone(),
            server: server.address,
            server_pid: server.pid(),
            entrance: link.as_ref().map_or(server.address, |link| link.address()),
            cookie: server.cookie.clone(),
            link,
            answers,
            seed: seed_for(run.seed, &words, planned.order),
            wall_ahead,
            keeps_rows: run.samples || planned.cell.transport.pauses(),
            awake: run.awake.clone(),
        };
        let named = thread::Builder::new().name("receivers".into());
        let thread = named
            .spawn(move || receivers::work(order, tell_ready, told))
            .map_err(|error| error.to_string())?;
        Ok(Receivers { thread, ready, go })
    }

    /// Publishes once all are ready, and waits for the end.
    fn measure(
        self,
        planned: &Planned,
        publisher: Publisher,
        schedule: Schedule,
    ) -> Result<(Vec<ScheduleDelay>, Received), String> {
        if self.ready.recv_timeout(OPENING).is_err() {
            // It has failed, and says why, or it hangs: then its thread is left behind.
            return match self.thread.is_finished() {
                true => Err(ended(self.thread).err().unwrap_or_default()),
                false => Err("not every client could connect in two minutes".into()),
            };
        }
        let setting = &planned.cell.setting;
        let start = clock::now() + clock::ns(warm_up(&planned.cell) + BREATH);
        let go = StartSignal::new(setting, &schedule, start);
        let publishing = publisher
            .publish(schedule, start)
            .map_err(|error| error.to_string())?;
        self.go.send(go).map_err(|_| "the receivers have gone")?;
        let received = ended(self.thread)?;
        let delays = publishing.join().map_err(|_| "the publisher panicked")?;
        let delays = delays.map_err(|error| format!("the publisher failed: {error}"))?;
        Ok((delays, received))
    }
}

fn ended(thread: JoinHandle<Result<Received, String>>) -> Result<Received, String> {
    thread.join().map_err(|_| "the receivers panicked")?
}
