//! What travels: messages, frames, problems, and the names of the four transports.
//!
//! Everything a client needs to talk to the server, and nothing that knows how a server works;
//! the lab's clients share this module with the server and no other.

pub mod duration;
mod encoded;
mod frame;
mod limits;
mod message;
mod poll_response;
mod presence;
mod problem;
mod room;
mod transport;
mod websocket;

pub use encoded::{EncodedMessage, EncodedPresence, Encodings};
pub use frame::{Ack, ClientFrame, FrameError, Send, ServerFrame};
pub use limits::{HEARTBEAT, MAX_BODY_BYTES, MESSAGES_PER_ANSWER, MOST_MESSAGES_PER_ANSWER};
pub use message::Message;
pub use poll_response::{PollResponse, encode_response};
pub use presence::{Person, Presence};
pub use problem::Problem;
pub use room::{AccountList, AccountView, RoomList, RoomView};
pub use transport::{Marker, Transport};
pub use websocket::{FrameHeader, Opcode, close_frame, unmasked};
