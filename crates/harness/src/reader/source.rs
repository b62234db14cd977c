//! A source over any transport: it sends requests and returns the received bytes piece by piece.

use std::io;

use bytes::BytesMut;
use protocol::Transport;

use super::connection::Connection;

const MESSAGE: &[u8] = b"{\"seq\":";

/// A room's messages over one transport and plain sockets, as bytes. The owner of the source makes
/// the pauses of short polling. If the server closes the connection between two polls, the source
/// opens another.
pub struct Source {
    pub transport: Transport,
    address: String,
    cookie: String,
    room: String,
    /// The cursor of the next request; the owner of a polling source updates it.
    pub after: Option<u64>,
    /// The known version of presence, if presence is requested.
    pub presence: Option<u64>,
    /// Further query parameters of a poll.
    poll_query: &'static str,
    pub(super) connection: Option<Connection>,
    /// Whether a poll was sent and has no response yet.
    pub(super) is_waiting: bool,
    /// The received part of the next block of an event stream.
    pub(super) text: BytesMut,
    /// The bytes of closed connections.
    bytes_before: u64,
}

/// A received unit of a transport.
#[derive(Debug)]
pub enum Piece {
    /// The body of a response to a poll; empty for a 204.
    Response(BytesMut),
    /// A block of an event stream, with the empty line that ends it.
    Block(BytesMut),
    /// The payload of a text frame.
    Frame(BytesMut),
    /// The payload of a ping, for which a pong was sent.
    Ping(BytesMut),
}

/// Why a source ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The status of a response without success.
    Refused(u16),
    Closed,
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        End::Closed
    }
}

impl Source {
    /// Sends no request before [`begin`](Self::begin) or [`next`](Self::next).
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
            is_waiting: false,
            text: BytesMut::new(),
            bytes_before: 0,
        }
    }

    /// Opens a source after `cursor`: for a stream it waits for the response, for long polling it
    /// sends the first poll. For short polling it sends nothing yet.
    ///
    /// # Panics
    /// If the server refuses the request.
    pub async fn open(transport: Transport, address: &str, cookie: &str, cursor: u64) -> Self {
        let mut source = Source::new(transport, address, cookie, "lobby");
        source.after = Some(cursor);
        if !transport.pauses() {
            source
                .begin()
                .await
                .expect("the server accepts the request");
        }
        source
    }

    /// Sets the query with the polling interval, from which the server derives when a reader is
    /// absent.
    pub fn at_interval(mut self, query: &'static str) -> Self {
        self.poll_query = query;
        self
    }

    /// The bytes on all connections so far, both ways.
    pub fn bytes(&self) -> u64 {
        self.bytes_before + self.connection.as_ref().map_or(0, |open| open.bytes)
    }

    /// Sends the request for the next piece, unless one was sent already.
    ///
    /// # Errors
    /// Why nothing more comes.
    pub async fn begin(&mut self) -> Result<(), End> {
        match self.transport {
            Transport::ShortPoll | Transport::LongPoll => self.send_poll().await,
            Transport::Sse | Transport::WebSocket if self.connection.is_some() => Ok(()),
            Transport::Sse => self.open_events().await,
            Transport::WebSocket => self.open_socket().await,
        }
    }

    /// The next piece.
    ///
    /// # Errors
    /// Why nothing more comes.
    pub async fn next(&mut self) -> Result<Piece, End> {
        self.begin().await?;
        match self.transport {
            Transport::ShortPoll | Transport::LongPoll => self.next_response().await,
            Transport::Sse => self.next_block().await,
            Transport::WebSocket => self.next_frame().await,
        }
    }

    /// Waits for the next piece, and calls `each` with the bytes of each message, from its
    /// `{"seq":` on. Long polling then sends the next poll, so that it is parked when the next
    /// message arrives.
    ///
    /// # Panics
    /// If the server ends the connection.
    pub async fn next_messages(&mut self, mut each: impl FnMut(&[u8])) {
        let piece = self.next().await.expect("the server keeps the connection");
        let mut rest: &[u8] = piece.bytes();
        while let Some(start) = memchr::memmem::find(rest, MESSAGE) {
            let message = &rest[start..];
            rest = &message[MESSAGE.len()..];
            self.after = Some(number(rest));
            each(message);
        }
        if self.transport.parks() {
            self.begin().await.expect("the server accepts the request");
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

    /// Sends a GET for this resource of the room; `headers` are further header fields.
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
        let parameters: Vec<_> = [after, presence, poll].into_iter().flatten().collect();
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("{mark}{}", parameters.join("&"))
    }
}

impl Piece {
    pub fn bytes(&self) -> &[u8] {
        match self {
            Piece::Response(bytes)
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
