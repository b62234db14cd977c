//! The writer's transaction.
//!
//! It locks the rooms of its batch, so that several servers may store at once, and takes as many statements
//! for many messages as for one.

use std::time::Duration;

use diesel::{
    QueryResult,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection, pooled_connection::deadpool::Object};
use domain::{
    chat::{Committed, Draft},
    store::StoreError,
};
use tokio::time::{Instant, sleep, timeout};

use super::{
    Postgres,
    batch::{Attempt, write},
    failures::{failed, is_closed, too_slow, unreachable_database},
};

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(8);
/// How long it is tried to find out what became of a commit whose answer was lost.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(50);
/// How often a transaction is tried again that has met another one.
const MOST_CONFLICTS: u32 = 5;

/// Whatever the role's defaults are.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// Why an attempt failed.
enum Failure {
    /// It has met another transaction, and nothing is stored.
    Conflict(StoreError),
    /// The connection was closed, and nothing is stored.
    Closed(StoreError),
    /// Nothing is stored.
    Other(StoreError),
    /// The commit was asked for, and its answer is missing.
    InDoubt(String, Attempt),
}

impl Failure {
    fn before_commit(error: Error) -> Self {
        use DatabaseErrorKind::{SerializationFailure, Unknown};

        match &error {
            Error::DatabaseError(SerializationFailure, _) => Failure::Conflict(failed(error)),
            Error::DatabaseError(Unknown, about) if about.message().contains("deadlock") => {
                Failure::Conflict(failed(error))
            }
            _ if is_closed(&error) => Failure::Closed(failed(error)),
            _ => Failure::Other(failed(error)),
        }
    }
}

impl Postgres {
    /// Stores all the drafts or none. It is tried again where nothing was stored for sure; where that is in
    /// doubt, the rooms' locks tell that the attempt before has ended, and their rows how.
    pub(super) async fn store(&self, drafts: &[Draft]) -> Result<Committed, StoreError> {
        let mut doubts_since = None;
        let mut in_doubt: Option<Attempt> = None;
        let (mut conflicts, mut was_closed) = (0, false);
        loop {
            let attempt = self.attempt(drafts, in_doubt.as_ref()).await;
            let error = match attempt {
                Ok(attempt) => return Ok(attempt.into_committed(drafts)),
                Err(Failure::InDoubt(why, attempt)) => {
                    in_doubt = Some(attempt);
                    StoreError::Unavailable(why)
                }
                Err(Failure::Conflict(_)) if conflicts < MOST_CONFLICTS => {
                    conflicts += 1;
                    continue;
                }
                // The pool has kept it while the database was restarted.
                Err(Failure::Closed(_)) if !was_closed => {
                    was_closed = true;
                    continue;
                }
                Err(Failure::Conflict(error) | Failure::Closed(error) | Failure::Other(error)) => {
                    error
                }
            };
            if in_doubt.is_none() {
                return Err(error);
            }
            // It is looked up at least once.
            let since = *doubts_since.get_or_insert_with(Instant::now);
            if since.elapsed() > PATIENCE {
                return Err(StoreError::Unknown(error.to_string()));
            }
            sleep(PAUSE).await;
        }
    }

    async fn attempt(
        &self,
        drafts: &[Draft],
        in_doubt: Option<&Attempt>,
    ) -> Result<Attempt, Failure> {
        let connection = self.writer.get().await;
        let mut connection =
            connection.map_err(|error| Failure::Other(unreachable_database(&error)))?;
        let attempt = transaction(&mut connection, drafts, in_doubt).await;
        if attempt.is_err() {
            // Whatever is left of the transaction ends with it.
            drop(Object::take(connection));
        }
        attempt
    }
}

async fn transaction(
    connection: &mut AsyncPgConnection,
    drafts: &[Draft],
    in_doubt: Option<&Attempt>,
) -> Result<Attempt, Failure> {
    let prepared = timeout(ATTEMPT, prepare(connection, drafts, in_doubt)).await;
    let attempt = match prepared {
        Ok(prepared) => prepared.map_err(Failure::before_commit)?,
        Err(_) => return Err(Failure::Other(too_slow(ATTEMPT))),
    };
    match timeout(ATTEMPT, connection.batch_execute("COMMIT")).await {
        Ok(Ok(())) => Ok(attempt),
        Ok(Err(error)) => Err(Failure::InDoubt(error.to_string(), attempt)),
        Err(_) => Err(Failure::InDoubt(
            "the commit was not answered".into(),
            attempt,
        )),
    }
}

/// Everything but the commit.
async fn prepare(
    connection: &mut AsyncPgConnection,
    drafts: &[Draft],
    in_doubt: Option<&Attempt>,
) -> QueryResult<Attempt> {
    connection.batch_execute(BEGIN).await?;
    write(connection, drafts, in_doubt).await
}
