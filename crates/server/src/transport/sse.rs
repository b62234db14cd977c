//! Server-sent events: one answer that never ends, a block of it for each message.

use std::{collections::VecDeque, convert::Infallible, time::Duration};

use actix_web::{
    HttpResponse,
    body::BodyStream,
    http::header,
    web::{self, Bytes},
};
use futures_util::{Stream, stream};
use protocol::Transport;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::{ReadRequest, Reader, Settings, reader::Event};
use crate::http::Error;

/// How many messages are read from the log at a time.
const BATCH: usize = 16;
/// A comment, which clients ignore and proxies don't.
const HEARTBEAT: Bytes = Bytes::from_static(b":\n\n");

pub async fn stream(
    read: ReadRequest,
    settings: web::Data<Settings>,
) -> Result<HttpResponse, Error> {
    let after = cursor(&read)?;
    let reader = Reader::open(read, Transport::Sse, after, Duration::ZERO)?;
    let events = Events::new(reader, settings.heartbeat);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // nginx would hold the stream back until it ended.
        .insert_header(("x-accel-buffering", "no"))
        .body(BodyStream::new(events.into_stream())))
}

/// The cursor: the stream's own header goes before the query (it is newer on a reconnect).
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
struct Events {
    reader: Reader,
    due: VecDeque<Bytes>,
    heartbeat: Interval,
}

impl Events {
    fn new(reader: Reader, heartbeat: Duration) -> Self {
        let mut due = VecDeque::new();
        if reader.tells_head() {
            due.push_back(Bytes::from(format!("id: {}\n\n", reader.cursor())));
        }
        let mut heartbeat = interval_at(Instant::now() + heartbeat, heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Events {
            reader,
            due,
            heartbeat,
        }
    }

    fn into_stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut events| async move {
            let block = events.next().await?;
            Some((Ok(block), events))
        })
    }

    /// The next block, or `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(block) = self.due.pop_front() {
                return Some(block);
            }
            tokio::select! {
                event = self.reader.next(BATCH) => self.take(event)?,
                _ = self.heartbeat.tick() => return Some(HEARTBEAT),
            }
        }
    }

    fn take(&mut self, event: Event) -> Option<()> {
        match event {
            Event::Messages(messages) => {
                self.reader.delivered(messages.len());
                self.due
                    .extend(messages.iter().map(|message| message.event().clone()));
            }
            Event::Presence(document) => self.due.push_back(document.event().clone()),
            Event::End(reason) => {
                self.reader.end(reason);
                return None;
            }
        }
        Some(())
    }
}
