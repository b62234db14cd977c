//! What PostgreSQL says when it fails.

use diesel::result::{DatabaseErrorKind, Error};
use diesel_async::pooled_connection::{PoolError, deadpool::PoolError as WaitError};
use domain::store::StoreError;

/// Whether the connection was closed before the query was answered.
pub fn is_closed(error: &Error) -> bool {
    matches!(
        error,
        Error::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _
        )
    )
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

pub fn unreachable_database(error: &WaitError) -> StoreError {
    let why = match error {
        WaitError::Backend(PoolError::ConnectionError(error)) => error.to_string(),
        error => error.to_string(),
    };
    StoreError::Unavailable(why)
}
