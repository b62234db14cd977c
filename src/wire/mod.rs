//! What travels: messages, frames, problems, and the names of the four transports.
//!
//! Everything a client needs to talk to the server, and nothing that knows how a server works;
//! the lab's clients share this module with the server and no other.

mod answer;
mod frame;
mod framing;
mod message;
mod packed;
mod presence;
mod problem;
mod room;
mod transport;

pub use answer::{Answer, encode_answer};
pub use frame::{Ack, ClientFrame, FrameError, Send, ServerFrame};
pub use framing::{Opcode, close_frame, unmasked};
pub use message::Message;
pub use packed::{Envelopes, Packed, PackedPresence};
pub use presence::{Person, Presence};
pub use problem::Problem;
pub use room::{AccountList, AccountView, RoomList, RoomView};
pub use transport::{Marker, Transport};

/// The largest request body or WebSocket frame that the server takes, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
