//! What strangers and mishaps may do to a server that is left running.

mod database;
mod limits;
mod log;
mod memory;
mod pauses;
mod requests;
mod sessions;
