//! How a store answers those who ask it for something.

use futures_util::future::BoxFuture;

/// An answer to come from a store.
pub type Reply<T> = BoxFuture<'static, Result<T, StoreError>>;

/// Why a store did not do what it was asked; it has then changed nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too many ask at once: worth asking again soon.
    #[error("the server is busy")]
    Busy,
    /// It failed in a way that the caller can do nothing about.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// What keeps rooms and accounts, as a whole.
pub trait Store: Send + Sync {
    /// Ready when it has answered.
    fn ping(&self) -> Reply<()>;
}

/// Does `work` to its end, even if whoever awaits it is dropped in between: for what changes both
/// the store and the memory, which must not come apart.
pub async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work)
        .await
        .map_err(|error| StoreError::Failed(error.to_string()))?
}
