//! The database operations that accounts need.

use super::{Account, DisplayName, SessionId, Username};
use crate::store::StoreFuture;

/// What stands for the hash of the password of a guest, who has none.
pub const NO_PASSWORD: &str = "-";

/// An account to be created.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub username: Username,
    pub display_name: DisplayName,
    pub password_hash: String,
}

/// A session as it is stored. Times are microseconds since 1970.
#[derive(Clone, Debug)]
pub struct SessionRow {
    pub id: SessionId,
    pub account: Account,
    pub expires_at: i64,
}

/// Stores accounts and their sessions.
pub trait AccountStore: Send + Sync {
    /// `None` if the username is taken.
    fn create(&self, account: NewAccount) -> StoreFuture<Option<Account>>;
    /// Gives a guest's account a name to be shown and the hash of a password. False, and nothing is changed, if it
    /// is no guest's.
    fn keep(
        &self,
        account: i64,
        display_name: DisplayName,
        password_hash: String,
    ) -> StoreFuture<bool>;
    /// The account and the hash of its password.
    fn find(&self, username: Username) -> StoreFuture<Option<(Account, String)>>;
    /// Also deletes sessions that have expired.
    fn open_session(&self, session: SessionRow) -> StoreFuture<()>;
    /// Stores a session in the place of another. False, and nothing is stored, if that one is not there.
    fn replace_session(&self, old: SessionId, session: SessionRow) -> StoreFuture<bool>;
    fn session(&self, id: SessionId) -> StoreFuture<Option<SessionRow>>;
    fn end_session(&self, id: SessionId) -> StoreFuture<()>;
    fn end_all_sessions(&self, account: i64) -> StoreFuture<()>;
}
