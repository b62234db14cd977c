//! The readers of tests, benches and tools: a source gives what comes over a transport as bytes, the
//! checked reader parses all of it and holds it to the order that is promised.

mod checked;
mod connection;
mod events;
mod frames;
mod parsed;
mod poll;
mod source;

pub use checked::Reader;
pub use source::{End, Source};
