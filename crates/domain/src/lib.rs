//! The rules of the chat: rooms, messages, presence, accounts and sessions.
//!
//! A room is an ordered log of messages, and a reader is a cursor into that log. A single writer
//! stores drafts in batches, appends them to their rooms' logs and wakes the readers. Every
//! transport is built on the same [`chat::Feed`], so all readers receive the same messages in the
//! same order.
//!
//! The crate knows no HTTP, no SQL and no metrics library. It reaches a database only through the
//! traits [`chat::ChatStore`] and [`accounts::AccountStore`], and reports what it does to a
//! [`chat::Observer`]. The `server` crate implements all three.
//!
//! Where to begin:
//!
//! - [`chat::Hub`]: all rooms; opens, creates and finds them, and accepts drafts;
//! - [`chat::Room`], [`chat::Log`] and [`chat::Feed`]: how messages reach a reader;
//! - [`chat::Roster`]: who is present in a room;
//! - [`accounts::Accounts`] and [`accounts::Sessions`]: registration, sign-in and sign-out;
//! - [`rate_limit`]: how often something may happen;
//! - [`store`]: what the database traits have in common.

pub mod accounts;
pub mod chat;
pub mod rate_limit;
pub mod store;
mod visible;
