//! What PostgreSQL says when it fails.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::{PoolError, deadpool::PoolError as WaitError};
use domain::store::StoreError;

/// Whether the connection was closed before the query was done.
pub fn is_closed(error: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand, Unknown};
    match error {
        // One that refuses to write has become a replica: another of its hosts takes over.
        Error::DatabaseError(ClosedConnection | UnableToSendCommand | ReadOnlyTransaction, _) => {
            true
        }
        // Whoever closes it says so first, if it speaks English.
        Error::DatabaseError(Unknown, about) => {
            about.message().starts_with("terminating connection")
        }
        _ => false,
    }
}

/// An error of the database, told apart by whether it may pass. What the query itself has done wrong does
/// not; anything else is left to the operator of the database.
pub fn failed(error: Error) -> StoreError {
    use DatabaseErrorKind::{
        CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation,
    };

    let text = error.to_string();
    match error {
        Error::DatabaseError(
            UniqueViolation | ForeignKeyViolation | NotNullViolation | CheckViolation,
            _,
        )
        | Error::NotFound
        | Error::SerializationError(_)
        | Error::DeserializationError(_)
        | Error::QueryBuilderError(_) => StoreError::Failed(text),
        _ => StoreError::Unavailable(text),
    }
}

/// The database has not answered within `limit`.
pub fn too_slow(limit: Duration) -> StoreError {
    StoreError::Unavailable(format!("it did not answer within {} s", limit.as_secs()))
}

pub fn unreachable_database(error: &WaitError) -> StoreError {
    let why = match error {
        WaitError::Backend(PoolError::ConnectionError(error)) => error.to_string(),
        error => error.to_string(),
    };
    StoreError::Unavailable(why)
}
