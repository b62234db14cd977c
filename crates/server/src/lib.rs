//! The chat server: serves the rooms of the `domain` crate over HTTP and WebSocket.
//!
//! Each room is an ordered log. Four transports deliver it: short polling, long polling,
//! server-sent events and WebSocket. All four are built on one `transport::Reader`, so that they
//! deliver the same messages in the same order and with the same bytes.
//!
//! The rules of the chat are in `domain`; this crate adds HTTP, the database and the metrics. It
//! knows nothing of the lab, which measures it from outside as a separate process.
//!
//! Where to begin: [`start`] opens the database and the ports, and [`Settings`] holds everything
//! that can be configured. The modules:
//!
//! - `app` assembles the server, runs it and drains it; `routes` lists all paths;
//! - `transport` has one file for each transport;
//! - `api` has the other handlers under `/api`, `pages` those of the pages and reports;
//! - `http` has what all handlers share: authentication, parameters, responses and errors;
//! - `storage` implements the database traits of `domain`;
//! - `class` has the phones that take part in a room;
//! - `limits` keeps one from taking what is for all;
//! - `connection` counts the bytes of each connection and drops slow readers;
//! - `inspector` shows a session what its own connections cost;
//! - `metrics` exports counters for Prometheus.

mod api;
mod app;
mod class;
mod connection;
mod http;
mod inspector;
mod limits;
mod metrics;
mod pages;
mod routes;
pub mod settings;
mod storage;
mod transport;

pub use app::{BoundServer, StartError, start};
pub use settings::{LogFormat, Settings};
pub use storage::{Copied, Finding, Location, check as check_database, epoch, migrate};
