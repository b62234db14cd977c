//! What the benches and the load scripts share: the real server as a process, and clients that
//! cost next to nothing, so that what is measured is the server.

#![allow(dead_code, unused_imports, reason = "each bench uses a part")]

mod client;
mod server;

pub use client::Client;
pub use server::{Server, binary};
