//! StepKind a session may learn of its own connections: what they cost, as the kernel counted, and what
//! crossed them.
//!
//! A browser hides from its pages what a WebSocket or an event stream costs, and which headers a
//! request had. The server sees it all; it tells a session of the connections that this session
//! alone has used.

pub mod connections;
mod decoder;
mod exchange_view;
pub mod exchanges;
mod messages;
pub mod recorder;
