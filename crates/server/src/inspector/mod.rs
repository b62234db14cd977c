//! The inspector: shows a session what its own connections cost and what was sent over them.
//!
//! A browser hides from its pages how many bytes a WebSocket or an event stream takes, and which
//! header fields a request had. The server knows both. It shows a session only the connections that
//! no other session has used.

pub mod connections;
mod decoder;
mod exchange_view;
pub mod exchanges;
mod messages;
mod presence;
pub mod recorder;
mod step_view;
