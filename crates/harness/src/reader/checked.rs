//! A reader over any transport: each message is checked to be the one that is due.

use std::time::Duration;

use protocol::{Presence, Transport};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    source::Source,
    told::{Raw, Told},
};
use crate::{User, soon};

/// A reader; it stops when it is dropped.
pub struct Reader {
    pub transport: Transport,
    told: mpsc::UnboundedReceiver<Told>,
    pub cursor: u64,
    pub presence: Vec<Presence>,
    task: JoinHandle<()>,
}

/// The pause of the short polls here: as short as they go.
const INTERVAL: Duration = Duration::from_millis(20);

impl Reader {
    /// Reads `room` after a cursor.
    pub fn open(transport: Transport, user: &User, room: &str, after: u64) -> Self {
        Self::start(transport, user, room, Some(after), false)
    }

    /// Reads `room` from its head on, which is waited for.
    pub async fn open_at_head(transport: Transport, user: &User, room: &str) -> Self {
        let mut reader = Self::start(transport, user, room, None, false);
        match reader.tell().await {
            Told::Head(head) => reader.cursor = head,
            _ => panic!("{transport:?} did not begin with the head"),
        }
        reader
    }

    /// Reads messages and presence.
    pub fn open_with_presence(transport: Transport, user: &User, room: &str) -> Self {
        Self::start(transport, user, room, Some(0), true)
    }

    fn start(
        transport: Transport,
        user: &User,
        room: &str,
        after: Option<u64>,
        presence: bool,
    ) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let source = Source {
            user: user.clone(),
            room: room.into(),
            after,
            presence: presence.then_some(0),
            tell,
        };
        let task = match transport {
            Transport::ShortPoll => tokio::spawn(source.poll("interval=0.02", INTERVAL)),
            Transport::LongPoll => tokio::spawn(source.poll("wait=20", Duration::ZERO)),
            Transport::Sse => tokio::spawn(source.events()),
            Transport::WebSocket => tokio::spawn(source.socket()),
        };
        Reader {
            transport,
            told,
            cursor: after.unwrap_or(0),
            presence: Vec::new(),
            task,
        }
    }

    async fn tell(&mut self) -> Told {
        let what = format!("{:?} after {}", self.transport, self.cursor);
        soon(&what, self.told.recv())
            .await
            .unwrap_or(Told::Ended(None))
    }

    /// The next message, checked to be the one that is due.
    pub async fn next(&mut self) -> Raw {
        match self.try_next().await {
            Ok(raw) => raw,
            Err(status) => panic!("{:?} ended with {status:?}", self.transport),
        }
    }

    /// The next message, or why there is none.
    pub async fn try_next(&mut self) -> Result<Raw, Option<u16>> {
        loop {
            match self.tell().await {
                Told::Message(raw) => {
                    assert_eq!(
                        raw.message.seq,
                        self.cursor + 1,
                        "{:?}: lost, repeated or out of order",
                        self.transport
                    );
                    self.cursor += 1;
                    return Ok(*raw);
                }
                Told::Presence(presence) => self.presence.push(presence),
                Told::Head(_) => {}
                Told::Ended(status) => return Err(status),
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

    /// Waits for a presence document that fits; messages are passed over.
    pub async fn until_presence(&mut self, what: &str, fits: impl Fn(&Presence) -> bool) {
        while !self.presence.last().is_some_and(&fits) {
            match soon(what, self.told.recv()).await {
                Some(Told::Presence(presence)) => self.presence.push(presence),
                Some(Told::Ended(status)) => panic!("ended with {status:?} before {what}"),
                Some(_) => {}
                None => panic!("ended before {what}"),
            }
        }
    }

    /// Waits until it ends; the status that the last poll got.
    pub async fn ended(&mut self) -> Option<u16> {
        loop {
            if let Told::Ended(status) = self.tell().await {
                return status;
            }
        }
    }

    /// Ends the connection at once, without a word.
    pub async fn vanish(self) {
        self.task.abort();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}
