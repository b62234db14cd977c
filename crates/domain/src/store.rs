//! What the database traits of the chat and of the accounts have in common.

use futures_util::future::BoxFuture;

/// The result of a store operation, once it is awaited.
pub type StoreFuture<T> = BoxFuture<'static, Result<T, StoreError>>;

/// Why a store operation failed. It has then changed nothing, but for [`StoreError::Unknown`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too many operations at once: worth retrying soon.
    #[error("the server is busy")]
    Busy,
    /// The database cannot be used now, and may be later: worth retrying.
    #[error("the database cannot be used now: {0}")]
    Unavailable(String),
    /// The database was lost while it stored: whether it has is not known.
    #[error("it is not known whether the database has stored it: {0}")]
    Unknown(String),
    /// The database failed, and the caller can do nothing about it.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// The database as a whole.
pub trait Store: Send + Sync {
    /// Resolves when the database has responded to a query, and if storing failed before, when that
    /// works again.
    fn ping(&self) -> StoreFuture<()>;
}

/// Runs `work` to completion even if the returned future is dropped. For work that changes both the
/// database and the state in memory, which would otherwise disagree.
///
/// # Errors
/// The error of `work`.
pub async fn run_to_completion<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work)
        .await
        .map_err(|error| StoreError::Failed(error.to_string()))?
}
