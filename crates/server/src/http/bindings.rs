//! Polls that are bound to the server that they began with, as Engine.IO's are: what a cursor spares.
//!
//! Nothing here needs them. They are for people to see what becomes of them when requests go to
//! several servers: a session lives in the memory of one of them, and the others have never heard
//! of it.

use std::collections::VecDeque;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use parking_lot::Mutex;
use serde::Serialize;

/// More are not remembered; the oldest goes first.
const MOST: usize = 1_000;

/// StepKind each server remembers of those who poll: which sessions began with it.
#[derive(Default)]
pub struct Bindings(Mutex<VecDeque<Binding>>);

/// A session, and the server that began it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Binding {
    session: String,
    server: &'static str,
}

impl Bindings {
    /// Begins a session with this server.
    pub fn begin(&self, server: &'static str) -> Binding {
        let binding = Binding {
            session: BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>()),
            server,
        };
        let mut known = self.0.lock();
        if known.len() >= MOST {
            known.pop_front();
        }
        known.push_back(binding.clone());
        binding
    }

    /// Whether this session began with this server.
    pub fn knows(&self, session: &str, server: &'static str) -> bool {
        let is_own = |known: &Binding| known.session == session && known.server == server;
        self.0.lock().iter().any(is_own)
    }
}
