//! The thread of the receiving clients: opens them, measures the span, ends them quietly.

use std::{sync::mpsc, time::Duration};

use analysis::results::{CapacityRecord, OutageRecord, Reason};
use netlab::priority::{self, Priority};
use tokio::{runtime::Builder, sync::oneshot, task::LocalSet};

use super::{
    climb,
    crew::{Crew, Go, Order},
    outage,
};
use crate::{
    host::{clock, procfs},
    receivers::{Bytes, Climb, Deliveries, Polls, Span},
};

/// What the receivers have to tell.
pub struct Received {
    pub span: Span,
    pub deliveries: Deliveries,
    pub polls: Polls,
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
    order: Order,
    ready: mpsc::Sender<()>,
    go: oneshot::Receiver<Go>,
) -> Result<Received, String> {
    // It gives way to the publisher and to the link, which keep the time.
    priority::set(Priority::Low);
    priority::be_punctual();
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    LocalSet::new().block_on(&runtime, measure(order, ready, go))
}

async fn measure(
    order: Order,
    ready: mpsc::Sender<()>,
    go: oneshot::Receiver<Go>,
) -> Result<Received, String> {
    let crew = Crew::gather(order).await?;
    // Who started this thread waits for it; should it have gone, `go` fails too.
    let _ = ready.send(());
    let go = go.await.map_err(|_| "the trial was given up")?;
    let limit = crew.setting().search.as_ref();
    let climb = limit.map(|search| Climb {
        step: clock::ns(search.step_seconds),
        limit: clock::ns(search.p99_ms / 1_000.0),
    });
    crew.context.tally.measure(go.span, climb);
    crew.until(go.span.from).await;
    let before = crew.look();
    let outage = outage::watch(&crew, &go);
    let capacity = climb::watch(&crew, &go);
    let (outage, (capacity, span)) = tokio::join!(outage, capacity);
    crew.until(span.until).await;
    let after = crew.look();
    let pss = procfs::pss_bytes(crew.server_pid);
    let socket_bytes = procfs::socket_bytes();
    crew.drain().await;
    crew.end().await;
    let tally = &crew.context.tally;
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
        clients: crew.clients,
        delay: after.delay_since(&before),
        outage,
        capacity,
        faults: tally.faults(),
    })
}
