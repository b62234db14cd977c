//! A receiver and its connections.

use std::{cell::Cell, rc::Rc};

use super::{context::Context, counted_stream::CountedStream, failure::Failure};

/// A receiver of one room.
pub struct Client {
    pub context: Rc<Context>,
    pub room: String,
    pub phase: f64,
    reported_ready: Cell<bool>,
}

impl Client {
    /// `phase` of 0..1 is the point of its cycle at which a polling client begins.
    pub fn new(context: Rc<Context>, room: String, phase: f64) -> Self {
        Client {
            context,
            room,
            phase,
            reported_ready: Cell::new(false),
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// The connection could not be opened.
    pub async fn connect(&self) -> Result<OpenConnection, Failure> {
        let _permit = self.context.openings.acquire().await;
        let stream = CountedStream::connect(self.context.address).await?;
        let number = self.context.tally.connections.open(&stream);
        Ok(OpenConnection {
            stream,
            number,
            context: self.context.clone(),
        })
    }

    /// Reports, once, that all messages from now on will be received.
    pub fn report_ready(&self) {
        if !self.reported_ready.replace(true) {
            self.context.tally.client_ready();
        }
    }
}

/// An open connection. When dropped, it is shut down and read to its end; at the end of a trial
/// [`Connections::close_all`] does that for all connections.
///
/// [`Connections::close_all`]: super::connections::Connections::close_all
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
