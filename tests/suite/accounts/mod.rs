//! Accounts, passwords and sessions.

mod creating;
mod passwords;
mod sessions;
mod signed_in;
