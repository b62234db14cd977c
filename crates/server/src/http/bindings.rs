//! Polls that are bound to one server by a session in its memory, as in Engine.IO.
//!
//! The chat does not need them, since a cursor works with any server. They exist to demonstrate
//! what happens when a load balancer spreads requests over several servers: only the server that
//! created the session knows it.

use std::collections::VecDeque;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use serde::Serialize;

/// The most sessions that are kept; beyond it, the oldest is dropped.
const MAX_BINDINGS: usize = 1_000;

/// The sessions of polls, each with the server that created it.
#[derive(Default)]
pub struct Bindings(Mutex<VecDeque<Binding>>);

/// A session, and the server that created it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Binding {
    session: String,
    server: &'static str,
}

impl Bindings {
    /// Creates a session on this server.
    pub fn begin(&self, server: &'static str) -> Binding {
        let binding = Binding {
            session: BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>()),
            server,
        };
        let mut known = self.0.lock();
        if known.len() >= MAX_BINDINGS {
            known.pop_front();
        }
        known.push_back(binding.clone());
        binding
    }

    /// Whether this server created the session.
    pub fn contains(&self, session: &str, server: &'static str) -> bool {
        let is_own = |known: &Binding| known.session == session && known.server == server;
        self.0.lock().iter().any(is_own)
    }
}
