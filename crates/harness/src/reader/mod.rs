//! Readers over any transport. A [`Source`] returns the received bytes piece by piece; a [`Reader`]
//! parses them and checks the order of the messages.

mod checked;
mod connection;
mod events;
mod frames;
mod parsed;
mod poll;
mod source;

pub use checked::Reader;
pub use parsed::read_messages;
pub use source::{End, Source};
