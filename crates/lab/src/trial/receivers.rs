//! The thread of the receiving clients: opens them, measures the span, ends them quietly.

use std::{sync::mpsc, time::Duration};

use analysis::results::{CapacityRecord, OutageRecord, Reason};
use netlab::priority::{self, Priority};
use tokio::{runtime::Builder, sync::oneshot, task::LocalSet};

use super::{
    load_ramp, outage,
    receiver_pool::{ReceiverConfig, ReceiverPool, StartSignal},
};
use crate::{
    host::{clock, procfs},
    receivers::{Bytes, Deliveries, LoadRamp, PollCounts, Span},
};

/// What the receivers have to tell.
pub struct Received {
    pub span: Span,
    pub deliveries: Deliveries,
    pub polls: PollCounts,
    pub connections: u64,
    /// Bytes in the span, and of the whole life.
    pub bytes: Bytes,
    pub all_bytes: Bytes,
    pub server_ns: Option<u64>,
    pub generator_ns: u64,
    pub pss: Option<u64>,
    pub socket_bytes: Option<u64>,
    pub clients: u32,
    /// The mean delay that the link gave in the span.
    pub delay: Option<Duration>,
    pub outage: Option<OutageRecord>,
    pub capacity: Option<CapacityRecord>,
    pub faults: Vec<Reason>,
}

/// The thread.
///
/// # Errors
/// A sentence: what kept it from measuring.
pub fn work(
    order: ReceiverConfig,
    ready: mpsc::Sender<()>,
    go: oneshot::Receiver<StartSignal>,
) -> Result<Received, String> {
    // It gives way to the publisher and to the link, which keep the time.
    priority::set(Priority::Low);
    priority::set_timer_slack();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    LocalSet::new().block_on(&runtime, measure(order, ready, go))
}

async fn measure(
    order: ReceiverConfig,
    ready: mpsc::Sender<()>,
    go: oneshot::Receiver<StartSignal>,
) -> Result<Received, String> {
    let pool = ReceiverPool::gather(order).await?;
    // Who started this thread waits for it; should it have gone, `go` fails too.
    let _ = ready.send(());
    let go = go.await.map_err(|_| "the trial was given up")?;
    let limit = pool.setting().search.as_ref();
    let ramp = limit.map(|search| LoadRamp {
        step: clock::ns(search.step_seconds),
        limit: clock::ns(search.p99_ms / 1_000.0),
    });
    pool.context.tally.measure(go.span, ramp);
    pool.until(go.span.from).await;
    let before = pool.snapshot();
    let outage = outage::watch(&pool, &go);
    let capacity = load_ramp::watch(&pool, &go);
    let (outage, (capacity, span)) = tokio::join!(outage, capacity);
    pool.until(span.until).await;
    let after = pool.snapshot();
    let pss = procfs::pss_bytes(pool.server_pid);
    let socket_bytes = procfs::socket_bytes();
    pool.drain().await;
    pool.end().await;
    let tally = &pool.context.tally;
    Ok(Received {
        span,
        deliveries: tally.deliveries().clone(),
        polls: tally.polls(),
        connections: after.connections - before.connections,
        bytes: after.bytes - before.bytes,
        all_bytes: tally.connections.bytes(),
        server_ns: after
            .server_ns
            .zip(before.server_ns)
            .map(|(after, before)| after - before),
        generator_ns: after.generator_ns - before.generator_ns,
        pss,
        socket_bytes,
        clients: pool.clients,
        delay: after.delay_since(&before),
        outage,
        capacity,
        faults: tally.faults(),
    })
}
