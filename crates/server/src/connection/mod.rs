//! The server's side of a connection: counts its bytes, and drops a peer that accepts none.

mod meter;
mod metered_stream;
mod stalled_write;

pub use meter::Meter;
pub use metered_stream::MeteredStream;
pub use stalled_write::SlowPeerTimeouts;
