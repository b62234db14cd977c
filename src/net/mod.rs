//! Sockets: what crosses them is counted, and a link can be put in the way.

mod awake;
mod clock;
mod handle;
mod kernel;
mod link;
mod metered;
pub mod priority;
mod proxy;
mod socket;
pub mod tap;
mod timer;

pub use awake::Awake;
pub use clock::Clock;
pub use kernel::{Counted, TELLS_SEGMENTS, counted};
pub use link::{Carried, Link, Route, Routes, Way};
pub use metered::{Meter, Metered, Patience};
pub use proxy::{Fault, Proxies};
pub use socket::listen;
