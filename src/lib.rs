//! pushlab
pub mod accounts;
pub mod app;
pub mod chat;
pub mod config;
pub mod db;
pub mod metrics;
pub mod net;
pub mod store;
pub mod transport;
pub mod web;
pub mod wire;
