//! The thread of the receivers: it opens them, measures the span and ends them.

use std::{sync::mpsc, time::Duration};

use analysis::{
    results::{CapacityRecord, OutageRecord, Reason},
    samples::Samples,
};
use netlab::priority::{self, Priority};
use tokio::{runtime::Builder, sync::oneshot, task::LocalSet};

use super::{
    load_ramp, outage,
    receiver_pool::{ReceiverConfig, ReceiverPool, StartSignal},
    snapshot::ProcessorTimes,
};
use crate::{
    host::procfs,
    receivers::{Deliveries, PollCounts, Span, TrafficCounts},
};

/// The measurements of the receivers.
pub struct Received {
    pub span: Span,
    /// The spans in which the publisher must be on time: the whole one, or the steps of a load ramp
    /// that held.
    pub punctual: Vec<Span>,
    pub deliveries: Deliveries,
    pub polls: PollCounts,
    pub connections: u64,
    /// The counts of the span, and those of the whole trial.
    pub bytes: TrafficCounts,
    pub all_bytes: TrafficCounts,
    /// Of the span.
    pub processors: ProcessorTimes,
    pub link_errors: Option<Samples>,
    /// Of the cores used, in the span.
    pub steal_share: Option<f64>,
    pub pss: Option<u64>,
    pub socket_bytes: Option<u64>,
    pub clients: u32,
    /// The mean delay of the link in the span.
    pub delay: Option<Duration>,
    pub outage: Option<OutageRecord>,
    pub capacity: Option<CapacityRecord>,
    pub faults: Vec<Reason>,
}

/// Runs the receivers on the calling thread.
///
/// # Errors
/// A sentence: why it could not measure.
pub fn run(
    config: ReceiverConfig,
    ready: mpsc::Sender<()>,
    start: oneshot::Receiver<StartSignal>,
) -> Result<Received, String> {
    // The publisher and the emulated link have precedence, because their timing matters most.
    priority::set(Priority::Low);
    priority::set_timer_slack();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    LocalSet::new().block_on(&runtime, measure(config, ready, start))
}

async fn measure(
    config: ReceiverConfig,
    ready: mpsc::Sender<()>,
    start: oneshot::Receiver<StartSignal>,
) -> Result<Received, String> {
    let pool = ReceiverPool::open(config).await?;
    // If the starting thread is gone, `start` fails too.
    let _ = ready.send(());
    let start = start.await.map_err(|_| "the trial was abandoned")?;
    pool.context.tally.measure(start.span);
    pool.until(start.span.from).await;
    let before = pool.snapshot();
    let outage = outage::run(&pool, &start);
    let ramp = load_ramp::run(&pool, &start);
    let (outage, ramp) = tokio::join!(outage, ramp);
    let span = ramp.as_ref().map_or(start.span, |ramp| ramp.span);
    let (capacity, punctual) = match ramp {
        Some(ramp) => (Some(ramp.capacity), ramp.held),
        None => (None, vec![span]),
    };
    pool.until(span.until).await;
    let after = pool.snapshot();
    let pss = procfs::pss_bytes(pool.server_processes.server);
    let socket_bytes = procfs::socket_bytes();
    pool.drain().await;
    pool.end().await;
    let tally = &pool.context.tally;
    Ok(Received {
        span,
        punctual,
        deliveries: tally.deliveries().clone(),
        polls: tally.polls(),
        connections: after.connections - before.connections,
        bytes: after.bytes - before.bytes,
        all_bytes: tally.connections.bytes(),
        processors: after.processors.since(&before.processors),
        link_errors: after.link_errors_since(&before),
        steal_share: procfs::steal_share(before.ticks, after.ticks),
        pss,
        socket_bytes,
        clients: pool.clients,
        delay: after.delay_since(&before),
        outage,
        capacity,
        faults: tally.faults(),
    })
}
