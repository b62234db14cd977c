//! A reader over any transport. It checks that each message is the next one.

use std::time::Duration;

use protocol::{Presence, Transport};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    parsed::{Event, RawMessage, parse},
    source::{End, Source},
};
use crate::{User, soon};

/// A reader, which stops when dropped.
pub struct Reader {
    pub transport: Transport,
    events: mpsc::UnboundedReceiver<Event>,
    pub cursor: u64,
    pub presence: Vec<Presence>,
    task: JoinHandle<()>,
}

/// The shortest pause of a short poll; [`AT_INTERVAL`] is the same value as a query.
const INTERVAL: Duration = Duration::from_millis(20);
const AT_INTERVAL: &str = "interval=0.02";

impl Reader {
    /// Reads `room` after a cursor.
    pub fn open(transport: Transport, user: &User, room: &str, after: u64) -> Self {
        Self::start(transport, user, room, Some(after), None)
    }

    /// Reads `room` from its head on, and waits until the head is known.
    pub async fn open_at_head(transport: Transport, user: &User, room: &str) -> Self {
        let mut reader = Self::start(transport, user, room, None, None);
        match reader.next_event().await {
            Event::Head(head) => reader.cursor = head,
            _ => panic!("{transport:?} did not begin with the head"),
        }
        reader
    }

    /// Reads messages and presence.
    pub fn open_with_presence(transport: Transport, user: &User, room: &str) -> Self {
        Self::start(transport, user, room, Some(0), Some(0))
    }

    fn start(
        transport: Transport,
        user: &User,
        room: &str,
        after: Option<u64>,
        presence: Option<u64>,
    ) -> Self {
        let mut source = Source::new(transport, &user.address, &user.cookie(), room);
        if transport.pauses() {
            source = source.at_interval(AT_INTERVAL);
        }
        (source.after, source.presence) = (after, presence);
        let (sender, events) = mpsc::unbounded_channel();
        Reader {
            transport,
            events,
            cursor: after.unwrap_or(0),
            presence: Vec::new(),
            task: tokio::spawn(read(source, sender)),
        }
    }

    async fn next_event(&mut self) -> Event {
        let what = format!("{:?} after {}", self.transport, self.cursor);
        soon(&what, self.events.recv())
            .await
            .unwrap_or(Event::Ended(End::Closed))
    }

    /// The next message; panics if it is not the one after the cursor.
    pub async fn next(&mut self) -> RawMessage {
        match self.try_next().await {
            Ok(raw) => raw,
            Err(end) => panic!("{:?} ended: {end:?}", self.transport),
        }
    }

    /// The next message, or why the reader ended.
    ///
    /// # Errors
    /// Why the reader ended.
    pub async fn try_next(&mut self) -> Result<RawMessage, End> {
        loop {
            match self.next_event().await {
                Event::Message(raw) => {
                    assert_eq!(
                        raw.message.seq,
                        self.cursor + 1,
                        "{:?}: lost, duplicated or reordered",
                        self.transport
                    );
                    self.cursor += 1;
                    return Ok(*raw);
                }
                Event::Presence(presence) => self.presence.push(presence),
                Event::Head(_) => {}
                Event::Ended(end) => return Err(end),
            }
        }
    }

    pub async fn take(&mut self, count: usize) -> Vec<String> {
        let mut messages = Vec::with_capacity(count);
        for _ in 0..count {
            messages.push(self.next().await.json);
        }
        messages
    }

    /// Waits for a presence document that fits; other events are ignored.
    pub async fn until_presence(&mut self, what: &str, fits: impl Fn(&Presence) -> bool) {
        while !self.presence.last().is_some_and(&fits) {
            match soon(what, self.events.recv()).await {
                Some(Event::Presence(presence)) => self.presence.push(presence),
                Some(Event::Ended(end)) => panic!("ended before {what}: {end:?}"),
                Some(_) => {}
                None => panic!("ended before {what}"),
            }
        }
    }

    /// Waits until the reader ends, and returns why.
    pub async fn ended(&mut self) -> End {
        loop {
            if let Event::Ended(end) = self.next_event().await {
                return end;
            }
        }
    }

    /// Ends the connection without closing it properly.
    pub fn vanish(self) {
        self.task.abort();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Sends all events until the source ends or the reader is dropped.
async fn read(mut source: Source, sender: mpsc::UnboundedSender<Event>) {
    loop {
        let piece = match source.next().await {
            Ok(piece) => piece,
            Err(end) => {
                let _ = sender.send(Event::Ended(end));
                return;
            }
        };
        let mut caught_up = true;
        for event in parse(&piece) {
            match &event {
                Event::Message(raw) => source.after = Some(raw.message.seq),
                Event::Head(head) => caught_up = *source.after.get_or_insert(*head) == *head,
                Event::Presence(presence) => source.presence = Some(presence.version),
                Event::Ended(_) => {}
            }
            if sender.send(event).is_err() {
                return;
            }
        }
        if source.transport.pauses() && caught_up {
            tokio::time::sleep(INTERVAL).await;
        }
    }
}
