//! **pushlab**: the same chat over short polling, long polling, server-sent events and WebSockets.
//!
//! One idea carries it: *one ordered log a room; four ways for it to leave the building*. This page
//! is the map; a layer uses the layers below it only, and a test reads the imports to hold that.
//!
//! | layer | module | what it is |
//! | --- | --- | --- |
//! | 4 | [`app`], [`config`] | puts the parts together: settings, bind, say where, run, drain |
//! | 3 | [`transport`] | `short_poll`, `long_poll`, `sse`, `websocket`: a reader in four envelopes |
//! | 3 | [`web`] | who asks, what is refused, and every call that is no transport's |
//! | 2 | [`db`] | keeps what the chat and the accounts ask for, over diesel |
//! | 1 | [`chat`] | rooms: log, feed, writer, presence; knows no HTTP and no SQL |
//! | 1 | [`accounts`] | names, passwords, sessions |
//! | 1 | [`report`] | charts and pages from `results.json` alone |
//! | 1 | [`lab`] | clients that mirror the transports, and what measures them; meets a server over sockets alone |
//! | 1 | [`analysis`] | what reasons about figures: scenarios, results, metrics, statistics, theory |
//! | 0 | [`wire`] | what travels: messages, frames, problems, the names of the transports |
//! | 0 | [`net`] | sockets that count and lose patience, and what crosses them; the emulated link, proxies with faults |
//! | 0 | [`metrics`], [`store`], [`duration`] | what is counted; how a store answers; a kind of setting |
//!
//! # The way of a message
//!
//! A post, from a request or a socket, becomes a [`chat::Draft`] and goes to the one writer. The
//! writer takes whatever is waiting, stores it in one transaction (that is where `seq` is given),
//! encodes each message once, appends it to its room's [`chat::Log`], wakes the room's readers, and
//! answers the senders. What anybody has been told is committed.
//!
//! Each reader has a [`chat::Feed`]: a cursor into the log, and nothing else, so a slow reader costs
//! nobody anything. [`transport::Reader`] adds presence and the reasons to end; each transport is a
//! file around it. All readers share the bytes of a message; only the few around them differ.
//!
//! # A new transport
//!
//! One variant of [`wire::Transport`], one file in `src/transport/`, one in `src/lab/receivers/`, one in
//! `static/transports/`.
//! Exhaustive matches, [`wire::Transport::ALL`] and the conformance suite say what is missing.

pub mod accounts;
pub mod analysis;
pub mod app;
pub mod chat;
pub mod config;
pub mod db;
pub mod duration;
pub mod lab;
pub mod metrics;
pub mod net;
pub mod report;
pub mod store;
pub mod transport;
pub mod web;
pub mod wire;
