//! Parses a message of the lab, and computes its latency.

use serde::Deserialize;

use super::{counted_stream::Reading, deliveries::Delivery};
use crate::body;

/// The fields of a message that the lab needs.
#[derive(Deserialize)]
struct LabMessage<'a> {
    seq: u64,
    #[serde(borrow)]
    body: &'a str,
    #[serde(borrow)]
    sent_at: &'a str,
}

/// The `seq` and the delivery of a message that came with this reading; `wall_offset` is the wall
/// clock minus the monotonic clock. `None` if it is no message of the lab.
pub fn read(json: &[u8], reading: Reading, wall_offset: i64) -> Option<(u64, Delivery)> {
    let Reading { at, waited } = reading;
    let message: LabMessage = serde_json::from_slice(json).ok()?;
    let (due, number) = body::read(message.body)?;
    let accepted = accepted_ns(message.sent_at)?;
    let delivery = Delivery {
        due,
        number,
        at,
        lag_us: waited.map(|waited| waited.as_micros() as u64),
        json_bytes: json.len(),
        delivery_us: (at as i64 + wall_offset - accepted).max(0) as u64 / 1_000,
    };
    Some((message.seq, delivery))
}

/// The server's stamp, in nanoseconds of the wall clock.
fn accepted_ns(sent_at: &str) -> Option<i64> {
    let instant: jiff::Timestamp = sent_at.parse().ok()?;
    i64::try_from(instant.as_nanosecond()).ok()
}
