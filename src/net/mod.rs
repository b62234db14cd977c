//! Sockets: what crosses them is counted, and a link can be put in the way.

mod link;
mod metered;
mod socket;

pub use link::Link;
pub use metered::{Meter, Metered, Patience};
