//! What accounts need of a database.

use super::{Account, DisplayName, SessionId, Username};
use crate::store::Reply;

/// An account to be.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub username: Username,
    pub display_name: DisplayName,
    pub password_hash: String,
}

/// A session as it is kept. Times are microseconds since 1970.
#[derive(Clone, Debug)]
pub struct SessionRow {
    pub id: SessionId,
    pub account: Account,
    pub expires_at: i64,
}

/// Keeps accounts and their sessions.
pub trait Accounts: Send + Sync {
    /// `None` when the username is taken.
    fn create(&self, account: NewAccount) -> Reply<Option<Account>>;
    /// The account and its password's hash.
    fn find(&self, username: Username) -> Reply<Option<(Account, String)>>;
    /// Also forgets sessions that have expired.
    fn open_session(&self, session: SessionRow) -> Reply<()>;
    fn session(&self, id: SessionId) -> Reply<Option<SessionRow>>;
    fn end_session(&self, id: SessionId) -> Reply<()>;
    fn end_all_sessions(&self, account: i64) -> Reply<()>;
}
