//! A cut of the link in mid-span: who notices, and how the clients catch up.

use std::time::Duration;

use analysis::{results::OutageRecord, samples::Samples};

use super::receiver_pool::{ReceiverPool, StartSignal};
use crate::host::clock;

/// How long catching up may take after the healing, in times of the cut.
const PATIENCE: u32 = 3;

/// Cuts the link when it is due, and tells what came of it; nothing where there is no cut.
pub async fn watch(pool: &ReceiverPool, go: &StartSignal) -> Option<OutageRecord> {
    let outage = pool.setting().outage.clone()?;
    let link = pool.link.as_ref()?;
    let tally = &pool.context.tally;
    let cut = go.span.from + clock::ns(outage.at);
    pool.until(cut).await;
    link.start_outage(Duration::from_secs_f64(outage.seconds));
    let healed = cut + clock::ns(outage.seconds);
    pool.until(healed).await;
    tally.heals(healed);
    let before = tally.connections.bytes();
    let due = go.before_healing * u64::from(pool.setting().load.clients);
    let patience = Duration::from_secs_f64(outage.seconds) * PATIENCE + Duration::from_secs(10);
    if tokio::time::timeout(patience, tally.until_received(due))
        .await
        .is_err()
    {
        tally.fault("not every client caught up after the cut".into());
    }
    let spent = tally.connections.bytes() - before;
    let mut notice_us = Samples::new();
    for notice in pool.context.notices.borrow().iter() {
        notice_us.record(notice.saturating_sub(cut) / 1_000);
    }
    Some(OutageRecord {
        seconds: outage.seconds,
        noticed: notice_us.count() as u32,
        notice_us: notice_us.to_hist(),
        recover_us: Samples::new().to_hist(),
        catch_up_bytes: spent.up + spent.down,
    })
}
