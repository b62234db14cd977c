//! The source of every transport: it asks, and gives what comes piece by piece.

use std::io;

use bytes::BytesMut;
use protocol::Transport;

use super::connection::Connection;

const MESSAGE: &[u8] = b"{\"seq\":";

/// A room's messages over one transport and bare sockets, as bytes. A short poll pauses where its
/// owner does; a connection that the server closes between two polls is opened anew.
pub struct Source {
    pub transport: Transport,
    address: String,
    cookie: String,
    room: String,
    /// The cursor of the next request; a poll's owner moves it.
    pub after: Option<u64>,
    /// The version of presence that is known, where it is asked for.
    pub presence: Option<u64>,
    /// What a poll asks for besides.
    poll_query: &'static str,
    pub(super) connection: Option<Connection>,
    /// A poll's request is on its way.
    pub(super) asked: bool,
    /// Of an event stream, what its chunks held and is no whole block yet.
    pub(super) text: BytesMut,
    /// What crossed connections that are closed.
    bytes_before: u64,
}

/// What comes in one piece.
#[derive(Debug)]
pub enum Piece {
    /// The body of an answer to a poll; empty where the answer was 204.
    Answer(BytesMut),
    /// A block of an event stream, with the empty line that ends it.
    Block(BytesMut),
    /// The payload of a text frame.
    Frame(BytesMut),
    /// The payload of a ping, which has been answered.
    Ping(BytesMut),
}

/// Why nothing more comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The status of the answer, where it is none of success.
    Refused(u16),
    Closed,
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        End::Closed
    }
}

impl Source {
    /// Nothing is asked before [`begin`](Self::begin) or [`next`](Self::next).
    pub fn new(transport: Transport, address: &str, cookie: &str, room: &str) -> Self {
        Source {
            transport,
            address: address.into(),
            cookie: cookie.into(),
            room: room.into(),
            after: None,
            presence: None,
            poll_query: if transport.parks() { "wait=60" } else { "" },
            connection: None,
            asked: false,
            text: BytesMut::new(),
            bytes_before: 0,
        }
    }

    /// A source after `cursor` that has begun: a stream's answer is there, a long poll is sent. A
    /// short poll asks for nothing yet.
    ///
    /// # Panics
    /// Where the server refuses it.
    pub async fn open(transport: Transport, address: &str, cookie: &str, cursor: u64) -> Self {
        let mut source = Source::new(transport, address, cookie, "lobby");
        source.after = Some(cursor);
        if !transport.pauses() {
            source.begin().await.expect("the server answers");
        }
        source
    }

    /// Says how often a short poll asks: the server waits accordingly before it takes its reader for
    /// gone.
    pub fn at_interval(mut self, query: &'static str) -> Self {
        self.poll_query = query;
        self
    }

    /// What has crossed the sockets so far, both ways.
    pub fn bytes(&self) -> u64 {
        self.bytes_before + self.connection.as_ref().map_or(0, |open| open.bytes)
    }

    /// Sends the request that the next piece needs, where none is on its way.
    pub async fn begin(&mut self) -> Result<(), End> {
        if self.transport.is_poll() {
            self.ask_poll().await
        } else if self.connection.is_none() {
            match self.transport {
                Transport::WebSocket => self.open_socket().await,
                _ => self.open_events().await,
            }
        } else {
            Ok(())
        }
    }

    /// The next piece.
    pub async fn next(&mut self) -> Result<Piece, End> {
        self.begin().await?;
        match self.transport {
            Transport::ShortPoll | Transport::LongPoll => self.next_answer().await,
            Transport::Sse => self.next_block().await,
            Transport::WebSocket => self.next_frame().await,
        }
    }

    /// Waits for the next piece and shows the bytes of each message in it, from its `{"seq":` on. A
    /// long poll then asks again, so that it is parked when the next message comes.
    ///
    /// # Panics
    /// Where the server ends it.
    pub async fn next_messages(&mut self, mut each: impl FnMut(&[u8])) {
        let piece = self.next().await.expect("the server goes on");
        let mut rest: &[u8] = piece.bytes();
        while let Some(start) = memchr::memmem::find(rest, MESSAGE) {
            let message = &rest[start..];
            rest = &message[MESSAGE.len()..];
            self.after = Some(number(rest));
            each(message);
        }
        if self.transport.parks() {
            self.begin().await.expect("the server answers");
        }
    }

    pub(super) fn connected(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a request was sent on it")
    }

    pub(super) async fn connect(&mut self) -> io::Result<()> {
        self.disconnect();
        self.connection = Some(Connection::open(&self.address).await?);
        Ok(())
    }

    pub(super) fn disconnect(&mut self) {
        self.bytes_before += self.connection.take().map_or(0, |closed| closed.bytes);
    }

    /// Sends the request for this resource of the room; `headers` come behind the usual two.
    pub(super) async fn send_request(&mut self, resource: &str, headers: &str) -> io::Result<()> {
        let request = format!(
            "GET /api/rooms/{}/{resource}{} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n{headers}\r\n",
            self.room,
            self.query(),
            self.address,
            self.cookie
        );
        self.connected().write(request.as_bytes()).await
    }

    fn query(&self) -> String {
        let after = self.after.map(|after| format!("after={after}"));
        let presence = self.presence.map(|version| format!("presence={version}"));
        let poll = (!self.poll_query.is_empty()).then(|| self.poll_query.to_owned());
        let given: Vec<_> = [after, presence, poll].into_iter().flatten().collect();
        let mark = if given.is_empty() { "" } else { "?" };
        format!("{mark}{}", given.join("&"))
    }
}

impl Piece {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Piece::Answer(bytes)
            | Piece::Block(bytes)
            | Piece::Frame(bytes)
            | Piece::Ping(bytes) => bytes,
        }
    }
}

fn number(digits: &[u8]) -> u64 {
    let digits = digits.iter().take_while(|digit| digit.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
