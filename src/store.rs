//! How a store answers those who ask it for something.

use futures_util::future::BoxFuture;

/// An answer to come from a store.
pub type Reply<T> = BoxFuture<'static, Result<T, StoreError>>;

/// Why a store did not do what it was asked; it has then changed nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// All its connections are taken: worth asking again soon.
    #[error("the database is busy")]
    Busy,
    /// It failed in a way that the caller can do nothing about.
    #[error("the database failed: {0}")]
    Failed(String),
}
