//! Server-sent events: one endless response with a block for each message.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use actix_web::{
    HttpResponse,
    body::BodyStream,
    http::header,
    web::{self, Bytes},
};
use futures_util::{Stream, stream};
use protocol::Transport;
use tokio::time::Instant;

use super::{ReadRequest, Reader, StreamSettings, reader::ReaderEvent};
use crate::{http::Error, metrics::EndReason};

/// How many messages are read from the log at once.
const BATCH: usize = 16;
/// A comment. Clients ignore it; to proxies it shows that the connection is in use.
const HEARTBEAT: Bytes = Bytes::from_static(b":\n\n");

/// `GET /api/rooms/{room}/events`.
pub async fn stream(
    read: ReadRequest,
    settings: web::Data<StreamSettings>,
) -> Result<HttpResponse, Error> {
    if read.is_ahead() {
        read.catch_up().await?;
    }
    let after = cursor(&read)?;
    let reader = Reader::open(read, Transport::Sse, after, Duration::ZERO)?;
    let stream = EventStream::new(reader, settings.heartbeat);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Without this, nginx would buffer the stream until its end.
        .insert_header(("x-accel-buffering", "no"))
        .body(BodyStream::new(stream.into_stream())))
}

/// The cursor. `Last-Event-ID` takes precedence over `after`: on a reconnect it is newer.
fn cursor(read: &ReadRequest) -> Result<Option<u64>, Error> {
    match &read.last_event_id {
        Some(last) => last
            .parse()
            .map(Some)
            .map_err(|_| Error::invalid("Last-Event-ID", "must be the seq of a message")),
        None => read.after(),
    }
}

/// An open event stream.
struct EventStream {
    reader: Reader,
    /// Blocks that are ready to be sent.
    queue: VecDeque<Bytes>,
    /// Nothing comes after the queue.
    has_ended: bool,
    heartbeat: Duration,
    next_heartbeat: Instant,
}

impl EventStream {
    fn new(reader: Reader, heartbeat: Duration) -> Self {
        let mut queue = VecDeque::new();
        queue.extend(reader.epoch().map(epoch_block));
        if reader.starts_at_head() {
            queue.push_back(Bytes::from(format!("id: {}\n\n", reader.cursor())));
        }
        EventStream {
            reader,
            queue,
            has_ended: false,
            heartbeat,
            next_heartbeat: Instant::now() + heartbeat,
        }
    }

    fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut stream| async move {
            let block = stream.next().await?;
            Some((Ok(block), stream))
        })
    }

    /// The next block, or `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(block) = self.queue.pop_front() {
                return Some(block);
            }
            if self.has_ended {
                return None;
            }
            // A stream that waits keeps no queue.
            self.queue = VecDeque::new();
            let heartbeat = self.reader.until(self.next_heartbeat);
            tokio::select! {
                event = self.reader.next(BATCH) => self.enqueue(event)?,
                () = heartbeat => {
                    self.next_heartbeat = Instant::now() + self.heartbeat;
                    return Some(HEARTBEAT);
                }
            }
        }
    }

    fn enqueue(&mut self, event: ReaderEvent) -> Option<()> {
        match event {
            ReaderEvent::Messages(messages) => {
                self.reader.count_delivered(messages.len());
                self.queue
                    .extend(messages.iter().map(|message| message.event().clone()));
            }
            ReaderEvent::Presence(document) => self.queue.push_back(document.event().clone()),
            ReaderEvent::Answered => {}
            ReaderEvent::End(reason @ EndReason::OtherHistory) => {
                self.reader.set_end_reason(reason);
                let epoch = self.reader.state().hub.history().epoch();
                self.queue.push_back(epoch_block(&epoch));
                // It says why the stream ends.
                self.has_ended = true;
            }
            ReaderEvent::End(reason) => {
                self.reader.set_end_reason(reason);
                return None;
            }
        }
        Some(())
    }
}

/// A block that says which history is read.
fn epoch_block(epoch: &str) -> Bytes {
    Bytes::from(format!("event: epoch\ndata: {epoch}\n\n"))
}
