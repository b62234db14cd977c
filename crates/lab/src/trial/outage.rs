//! An outage of the link: which clients notice it, and how they catch up.

use std::time::Duration;

use analysis::{results::OutageRecord, samples::Samples};

use super::receiver_pool::{ReceiverPool, StartSignal};
use crate::host::clock;

/// The time limit for catching up after an outage, in multiples of its length.
const CATCH_UP_FACTOR: u32 = 3;

/// Interrupts the link at the configured instant, and records the outage; `None` without one.
pub async fn run(pool: &ReceiverPool, start: &StartSignal) -> Option<OutageRecord> {
    let outage = pool.settings().outage.clone()?;
    let link = pool.link.as_ref()?;
    let tally = &pool.context.tally;
    let began = start.span.from + clock::ns(outage.at);
    pool.until(began).await;
    link.start_outage(Duration::from_secs_f64(outage.seconds));
    let restored = began + clock::ns(outage.seconds);
    pool.until(restored).await;
    tally.link_restored(restored);
    let before = tally.connections.bytes();
    let due = start.before_restoration * u64::from(pool.settings().load.clients);
    let limit = Duration::from_secs_f64(outage.seconds) * CATCH_UP_FACTOR + Duration::from_secs(10);
    if tokio::time::timeout(limit, tally.until_received(due))
        .await
        .is_err()
    {
        tally.fault("not every client caught up after the outage".into());
    }
    let spent = tally.connections.bytes() - before;
    let mut notice_us = Samples::new();
    for notice in pool.context.notices.borrow().iter() {
        notice_us.record(notice.saturating_sub(began) / 1_000);
    }
    Some(OutageRecord {
        seconds: outage.seconds,
        noticed: notice_us.count() as u32,
        notice_us: notice_us.to_record(),
        recover_us: Samples::new().to_record(),
        catch_up_bytes: spent.up + spent.down,
    })
}
