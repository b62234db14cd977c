//! The wire format: everything that a server and its clients must agree on.
//!
//! These are the documents of the interface (messages, presence, rooms, accounts, problems), the
//! frames of a WebSocket in both directions, the encodings in which each transport sends a
//! document, and the limits that both sides keep.
//!
//! The crate does no input or output, starts no task, and knows neither how a server stores
//! messages nor how a client asks for them. The server and the lab's clients both depend on it and
//! share no other code, so the lab cannot measure a server through the server's own internals.
//!
//! Where to begin:
//!
//! - [`Transport`]: the four transports, with their names, colours and properties;
//! - [`Message`]: a stored message, and [`EncodedMessage`]: its bytes for every transport;
//! - [`PollResponse`] and [`encode_response`]: the body of a poll's response;
//! - [`ClientFrame`] and [`ServerFrame`]: the JSON in WebSocket frames; [`FrameHeader`]: the
//!   frames' binary headers;
//! - [`Problem`]: an error as `application/problem+json`.

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
mod unique_keys;
mod websocket;

pub use encoded::{EncodedMessage, EncodedPresence, Encodings};
pub use frame::{Ack, ClientFrame, FrameError, SendMessage, ServerFrame};
pub use limits::{HEARTBEAT, MAX_BODY_BYTES, MAX_MESSAGES_PER_RESPONSE, MESSAGES_PER_RESPONSE};
pub use message::Message;
pub use poll_response::{Beside, PollResponse, RESPONSE_BEGIN, encode_response, response_end};
pub use presence::{Person, Presence};
pub use problem::Problem;
pub use room::{AccountList, AccountView, RoomList, RoomView};
pub use transport::{Marker, Transport};
pub use websocket::{FrameHeader, Opcode, close_frame, unmasked_frame};
