//! The server's side of a connection: its socket, whose bytes are counted, and the end of a peer that
//! accepts none.

mod alarm;
mod carrier;
mod meter;
mod stalled_write;
mod wire;

pub use alarm::{Alarm, keep_alarms, reached};
pub use meter::Meter;
pub use stalled_write::SlowPeerTimeouts;
pub use wire::Wire;
