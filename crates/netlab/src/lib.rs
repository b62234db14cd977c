//! An emulated network, and the operating-system interfaces that measuring needs.
//!
//! The emulated network is an emulated link, which adds delay, jitter, a rate limit and outages to
//! real TCP connections, and a set of proxies, each with one deliberate fault. The interfaces to
//! the operating system are TCP_INFO, socket options, precise timers, thread priorities, and a way
//! to keep processors from going idle.
//!
//! The crate works on bytes and sockets. It knows nothing of chat messages and transports; only the
//! proxies parse HTTP. Some functions need Linux: elsewhere they do nothing or return `None`.
//!
//! Where to begin:
//!
//! - [`Link`], with [`LinkSettings`] and [`LinkStatistics`]: the emulated link;
//! - [`Proxies`] and [`Fault`]: proxies with a fault;
//! - [`tcp_info()`] and [`SocketHandle`]: the kernel's counters of a connection;
//! - [`try_read_stamped`]: reading, with the time that the bytes had waited in the kernel;
//! - [`Clock`]: timers that are accurate to 0.01 ms;
//! - [`Awake`], [`priority`] and [`child`]: processors, threads and child processes.

// System calls that the standard library does not offer.
#![allow(unsafe_code)]

mod awake;
pub mod child;
mod clock;
mod link;
pub mod priority;
mod proxy;
mod socket;
mod socket_handle;
mod stamped_read;
mod tcp_info;
mod timer;

pub use awake::Awake;
pub use clock::Clock;
pub use link::{Direction, DirectionSettings, Link, LinkSettings, LinkStatistics};
pub use proxy::{Fault, Proxies};
pub use socket::{limit_silence, listen, send, send_queue_bytes, tune};
pub use socket_handle::SocketHandle;
pub use stamped_read::{StampedRead, stamp_reads, try_read_stamped};
pub use tcp_info::{HAS_TCP_INFO, TcpInfo, tcp_info};
