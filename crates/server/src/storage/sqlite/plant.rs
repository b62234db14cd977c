//! Faults that are planted into the store, to see that `scripts/torture` finds them.

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::{QueryResult, connection::SimpleConnection};
use domain::chat::Committed;

use super::AnyConnection;

/// What the store does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Plant {
    /// Posts are answered before they are committed.
    EarlyAnswer,
    /// Nobody is woken for messages.
    LostWakeUp,
    /// A number is given twice.
    RepeatedSeq,
}

/// So many transactions are committed as one.
const LATE: u64 = 10;
/// Of so many transactions one gives a number twice; after so many nobody is woken.
const SOME: u64 = 5;

/// A planted fault, and how often it might have shown.
#[derive(Debug)]
pub struct Planted {
    plant: Plant,
    transactions: AtomicU64,
}

impl Planted {
    pub fn new(plant: Plant) -> Self {
        tracing::warn!(
            ?plant,
            "a fault is planted: this server breaks its promises"
        );
        Planted {
            plant,
            transactions: AtomicU64::new(0),
        }
    }

    /// Whether rooms are not looked up: who looks would wake the others.
    pub fn hides_rooms(&self) -> bool {
        self.plant == Plant::LostWakeUp
    }

    /// Runs `work` in a transaction, and spoils what comes of it.
    pub fn write(
        &self,
        connection: &mut AnyConnection,
        work: impl FnOnce(&mut AnyConnection) -> QueryResult<Committed>,
    ) -> QueryResult<Committed> {
        let number = self.transactions.fetch_add(1, Ordering::Relaxed);
        if self.plant == Plant::EarlyAnswer {
            return write_late(connection, number, work);
        }
        let mut committed = connection.write(work)?;
        match (self.plant, committed.stored.last_mut()) {
            (Plant::RepeatedSeq, Some(last)) if number % SOME == SOME - 1 => last.message.seq -= 1,
            (Plant::LostWakeUp, Some(last)) if number >= SOME => last.is_new = false,
            _ => {}
        }
        Ok(committed)
    }
}

fn write_late<T>(
    connection: &mut AnyConnection,
    number: u64,
    work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    if number.is_multiple_of(LATE) {
        connection.batch_execute("BEGIN IMMEDIATE")?;
    }
    let done = work(connection)?;
    if number % LATE == LATE - 1 {
        connection.batch_execute("COMMIT")?;
    }
    Ok(done)
}
