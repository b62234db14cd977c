//! What strangers and mishaps may do to a server that is left running.

mod database;
mod log;
mod memory;
mod requests;
mod sessions;
