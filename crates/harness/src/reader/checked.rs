//! A reader over any transport: each message is checked to be the one that is due.

use std::time::Duration;

use protocol::{Presence, Transport};
use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    parsed::{Raw, Told, parse},
    source::{End, Source},
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

/// The pause of the short polls here, as short as they go; [`AT_INTERVAL`] says the same.
const INTERVAL: Duration = Duration::from_millis(20);
const AT_INTERVAL: &str = "interval=0.02";

impl Reader {
    /// Reads `room` after a cursor.
    pub fn open(transport: Transport, user: &User, room: &str, after: u64) -> Self {
        Self::start(transport, user, room, Some(after), None)
    }

    /// Reads `room` from its head on, which is waited for.
    pub async fn open_at_head(transport: Transport, user: &User, room: &str) -> Self {
        let mut reader = Self::start(transport, user, room, None, None);
        match reader.tell().await {
            Told::Head(head) => reader.cursor = head,
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
        let (tell, told) = mpsc::unbounded_channel();
        Reader {
            transport,
            told,
            cursor: after.unwrap_or(0),
            presence: Vec::new(),
            task: tokio::spawn(read(source, tell)),
        }
    }

    async fn tell(&mut self) -> Told {
        let what = format!("{:?} after {}", self.transport, self.cursor);
        soon(&what, self.told.recv())
            .await
            .unwrap_or(Told::Ended(End::Closed))
    }

    /// The next message, checked to be the one that is due.
    pub async fn next(&mut self) -> Raw {
        match self.try_next().await {
            Ok(raw) => raw,
            Err(end) => panic!("{:?} ended: {end:?}", self.transport),
        }
    }

    /// The next message, or why there is none.
    pub async fn try_next(&mut self) -> Result<Raw, End> {
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
                Told::Ended(end) => return Err(end),
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
                Some(Told::Ended(end)) => panic!("ended before {what}: {end:?}"),
                Some(_) => {}
                None => panic!("ended before {what}"),
            }
        }
    }

    /// Waits until it ends, and says why.
    pub async fn ended(&mut self) -> End {
        loop {
            if let Told::Ended(end) = self.tell().await {
                return end;
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

/// Tells all that comes until it ends, or nobody listens any more: the test is over then.
async fn read(mut source: Source, tell: mpsc::UnboundedSender<Told>) {
    loop {
        let piece = match source.next().await {
            Ok(piece) => piece,
            Err(end) => {
                let _ = tell.send(Told::Ended(end));
                return;
            }
        };
        let mut caught_up = true;
        for told in parse(&piece) {
            match &told {
                Told::Message(raw) => source.after = Some(raw.message.seq),
                Told::Head(head) => caught_up = *source.after.get_or_insert(*head) == *head,
                Told::Presence(presence) => source.presence = Some(presence.version),
                Told::Ended(_) => {}
            }
            if tell.send(told).is_err() {
                return;
            }
        }
        if source.transport.pauses() && caught_up {
            tokio::time::sleep(INTERVAL).await;
        }
    }
}
