//! One reader for all transports: a room's messages as they come, each with its own bytes.

mod checked;
mod events;
mod frames;
mod poll;
mod source;
mod told;

pub use checked::Reader;
