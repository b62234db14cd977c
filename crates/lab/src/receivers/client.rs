//! One client, and its connections.

use std::{cell::Cell, rc::Rc};

use super::{context::Context, counted_stream::CountedStream, failure::Failure};

/// A receiving client of a room.
pub struct Client {
    pub context: Rc<Context>,
    pub room: String,
    pub phase: f64,
    told_ready: Cell<bool>,
}

impl Client {
    /// `phase` of 0..1 is where in its cycle a polling client begins.
    pub fn new(context: Rc<Context>, room: String, phase: f64) -> Self {
        Client {
            context,
            room,
            phase,
            told_ready: Cell::new(false),
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// No connection.
    pub async fn connect(&self) -> Result<OpenConnection, Failure> {
        let _turn = self.context.openings.acquire().await;
        let stream = CountedStream::connect(self.context.address).await?;
        let number = self.context.tally.connections.open(&stream);
        Ok(OpenConnection {
            stream,
            number,
            context: self.context.clone(),
        })
    }

    /// Says, once, that everything that comes from now on is received.
    pub fn is_ready(&self) {
        if !self.told_ready.replace(true) {
            self.context.tally.is_ready();
        }
    }
}

/// An open connection, which is ended properly when dropped, unless the trial is: then all are.
pub struct OpenConnection {
    pub stream: CountedStream,
    number: u64,
    context: Rc<Context>,
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        if !self.context.stop.is_cancelled() {
            let (context, number) = (self.context.clone(), self.number);
            tokio::task::spawn_local(async move { context.tally.connections.close(number).await });
        }
    }
}
