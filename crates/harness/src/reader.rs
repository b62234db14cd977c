//! One reader for all transports: a room's messages as they come, each with its own bytes.

use std::time::Duration;

use futures_util::StreamExt;
use protocol::{Message, Presence, Transport};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::{sync::mpsc, task::JoinHandle};

use super::User;

/// A message's bytes as they stood on the wire, and what they say.
#[derive(Clone, Debug)]
pub struct Raw {
    pub json: String,
    pub message: Message,
}

/// What a reader is told.
enum Told {
    Message(Box<Raw>),
    Head(u64),
    Presence(Presence),
    /// The stream ended, or a poll got this status; there is nothing more.
    Ended(Option<u16>),
}

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

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
    head: u64,
    presence: Option<Presence>,
}

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
        super::soon(&what, self.told.recv())
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
            match super::soon(what, self.told.recv()).await {
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

/// What each transport needs to begin.
struct Source {
    user: User,
    room: String,
    after: Option<u64>,
    presence: Option<u64>,
    tell: mpsc::UnboundedSender<Told>,
}

impl Source {
    fn query(&self) -> String {
        let after = self.after.map(|after| format!("after={after}"));
        let presence = self.presence.map(|version| format!("presence={version}"));
        let given: Vec<_> = [after, presence].into_iter().flatten().collect();
        given.join("&")
    }

    fn tell(&self, told: Told) {
        // Nobody listens any more when the test is over.
        let _ = self.tell.send(told);
    }

    fn tell_message(&mut self, json: &str) {
        let message: Message = serde_json::from_str(json).unwrap();
        self.after = Some(message.seq);
        let json = json.to_owned();
        self.tell(Told::Message(Box::new(Raw { json, message })));
    }

    async fn poll(mut self, extra: &str, pause: Duration) {
        loop {
            let query = self.query();
            let path = format!("/api/rooms/{}/messages?{query}&{extra}", self.room);
            let response = self.user.get(&path).await;
            match response.status().as_u16() {
                204 => tokio::time::sleep(pause).await,
                200 => {
                    let text = response.text().await.unwrap();
                    if self.take_answer(&text) {
                        tokio::time::sleep(pause).await;
                    }
                }
                status => return self.tell(Told::Ended(Some(status))),
            }
        }
    }

    /// Tells what an answer holds; false where there is more to be asked for at once.
    fn take_answer(&mut self, text: &str) -> bool {
        let answer: Answer = serde_json::from_str(text).unwrap();
        if self.after.is_none() {
            assert!(answer.messages.is_empty());
            self.after = Some(answer.head);
            self.tell(Told::Head(answer.head));
        }
        for message in &answer.messages {
            self.tell_message(message.get());
        }
        if let Some(presence) = answer.presence {
            self.presence = Some(presence.version);
            self.tell(Told::Presence(presence));
        }
        self.after == Some(answer.head)
    }

    async fn events(mut self) {
        let path = format!("/api/rooms/{}/events?{}", self.room, self.query());
        let response = self.user.get(&path).await;
        if response.status() != 200 {
            return self.tell(Told::Ended(Some(response.status().as_u16())));
        }
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut bytes = response.bytes_stream();
        let mut buffer = Vec::new();
        while let Some(Ok(chunk)) = bytes.next().await {
            buffer.extend_from_slice(&chunk);
            while let Some(end) = buffer.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = buffer.drain(..end + 2).collect();
                self.take_block(std::str::from_utf8(&block).unwrap());
            }
        }
        self.tell(Told::Ended(None));
    }

    fn take_block(&mut self, block: &str) {
        let field = |name: &str| {
            let prefix = format!("{name}: ");
            block
                .lines()
                .find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
        };
        match (field("event").as_deref(), field("id"), field("data")) {
            (Some("presence"), None, Some(data)) => {
                self.tell(Told::Presence(serde_json::from_str(&data).unwrap()));
            }
            (None, Some(id), Some(data)) => {
                self.tell_message(&data);
                assert_eq!(self.after, Some(id.parse().unwrap()), "the id is the seq");
            }
            (None, Some(head), None) => self.tell(Told::Head(head.parse().unwrap())),
            (None, None, None) => assert_eq!(block, ":\n\n"),
            other => panic!("an unknown block: {other:?}"),
        }
    }

    async fn socket(mut self) {
        use tokio_tungstenite::tungstenite::Message as Ws;
        let mut socket = match super::Socket::open(&self.user, &self.room, &self.query()).await {
            Ok(socket) => socket,
            Err(status) => return self.tell(Told::Ended(Some(status))),
        };
        while let Some(Ok(frame)) = socket.stream.next().await {
            match frame {
                Ws::Text(text) => self.take_frame(&text),
                Ws::Close(_) => break,
                _ => {}
            }
        }
        self.tell(Told::Ended(None));
    }

    fn take_frame(&mut self, text: &str) {
        let frame: std::collections::BTreeMap<String, &RawValue> =
            serde_json::from_str(text).unwrap();
        assert_eq!(frame.len(), 1, "one member each: {text}");
        let (name, content) = frame.first_key_value().unwrap();
        match name.as_str() {
            "message" => self.tell_message(content.get()),
            "head" => self.tell(Told::Head(content.get().parse().unwrap())),
            "presence" => self.tell(Told::Presence(serde_json::from_str(content.get()).unwrap())),
            other => panic!("an unknown frame: {other}"),
        }
    }
}
