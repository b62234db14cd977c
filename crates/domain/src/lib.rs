//! What a chat is: rooms that are logs, readers that are cursors, accounts and their sessions.
//!
//! It knows no HTTP, no SQL and no metrics library: what it needs of a database it asks for through
//! [`chat::ChatStore`] and [`accounts::AccountStore`], and what it does it tells to a
//! [`chat::Observer`].

pub mod accounts;
pub mod chat;
pub mod store;
