//! What emulates a network, and what the kernel tells of the real one: links with delay, proxies
//! with a fault each, clocks and timers, TCP_INFO, which thread runs where.

mod awake;
mod clock;
mod handle;
mod kernel;
mod link;
pub mod priority;
mod proxy;
mod socket;
mod timer;

pub use awake::Awake;
pub use clock::Clock;
pub use handle::Handle;
pub use kernel::{Counted, TELLS_SEGMENTS, counted};
pub use link::{Carried, Link, Route, Routes, Way};
pub use proxy::{Fault, Proxies};
pub use socket::{held_bytes, listen, tune};
