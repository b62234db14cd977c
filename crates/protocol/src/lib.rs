//! What travels: messages, frames, problems, and the names of the four transports.
//!
//! Everything a client needs to talk to the server, and nothing that knows how a server works;
//! the lab's clients share this module with the server and no other.

mod answer;
pub mod duration;
mod frame;
mod limits;
mod message;
mod packed;
mod presence;
mod problem;
mod room;
mod transport;
mod websocket;

pub use answer::{Answer, encode_answer};
pub use frame::{Ack, ClientFrame, FrameError, Send, ServerFrame};
pub use limits::{HEARTBEAT, MAX_BODY_BYTES, MESSAGES_PER_ANSWER, MOST_MESSAGES_PER_ANSWER};
pub use message::Message;
pub use packed::{Envelopes, Packed, PackedPresence};
pub use presence::{Person, Presence};
pub use problem::Problem;
pub use room::{AccountList, AccountView, RoomList, RoomView};
pub use transport::{Marker, Transport};
pub use websocket::{FrameHeader, Opcode, close_frame, unmasked};
