//! The server under measurement.

mod process;
mod server;

pub use process::Process;
pub(crate) use server::{Server, answer_length, arguments, post_request, room_name};
