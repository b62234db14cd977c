//! A message of the lab, as a client reads it: which one it is, and how long it took.

use serde::Deserialize;

use super::deliveries::Delivery;
use crate::body;

/// What the lab needs of a message.
#[derive(Deserialize)]
struct Seen<'a> {
    seq: u64,
    #[serde(borrow)]
    body: &'a str,
    #[serde(borrow)]
    sent_at: &'a str,
}

/// The number that the room gave it, and what came at `at`; `wall_ahead` is what the wall clock is
/// ahead of the one clock. Nothing where it is no message of the lab.
pub fn read(json: &[u8], at: u64, wall_ahead: i64) -> Option<(u64, Delivery)> {
    let seen: Seen = serde_json::from_slice(json).ok()?;
    let (due, number) = body::read(seen.body)?;
    let accepted = accepted_ns(seen.sent_at)?;
    let came = Delivery {
        due,
        number,
        at,
        json_bytes: json.len(),
        delivery_us: (at as i64 + wall_ahead - accepted).max(0) as u64 / 1_000,
    };
    Some((seen.seq, came))
}

/// When the server accepted it, in nanoseconds of the wall clock.
fn accepted_ns(sent_at: &str) -> Option<i64> {
    let instant: jiff::Timestamp = sent_at.parse().ok()?;
    i64::try_from(instant.as_nanosecond()).ok()
}
