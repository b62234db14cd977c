//! Accounts, sessions, and who speaks.

mod making;
mod passwords;
mod sessions;
mod signed_in;
