//! A reader over a bare socket. It looks for messages in the bytes and parses nothing else.

use bytes::{Buf, BytesMut};
use protocol::{FrameHeader, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const MESSAGE: &[u8] = b"{\"seq\":";

/// A reader of the lobby.
pub struct Client {
    transport: Transport,
    stream: TcpStream,
    buffer: BytesMut,
    address: String,
    cookie: String,
    cursor: u64,
    bytes: u64,
}

impl Client {
    /// Connects, asks for everything after `cursor`, and waits until a stream has begun. A short
    /// poll asks for nothing yet.
    pub async fn open(transport: Transport, address: &str, cookie: &str, cursor: u64) -> Self {
        let stream = TcpStream::connect(address)
            .await
            .expect("the server accepts");
        stream.set_nodelay(true).expect("a TCP option");
        let mut client = Client {
            transport,
            stream,
            buffer: BytesMut::new(),
            address: address.into(),
            cookie: cookie.into(),
            cursor,
            bytes: 0,
        };
        if !transport.pauses() {
            client.ask().await;
        }
        if !transport.is_poll() {
            client.read_head().await;
        }
        client
    }

    /// What has crossed the socket so far, both ways.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    async fn ask(&mut self) {
        let (path, extra) = match self.transport {
            Transport::ShortPoll => ("messages", ""),
            Transport::LongPoll => ("messages", ""),
            Transport::Sse => ("events", ""),
            Transport::WebSocket => (
                "ws",
                "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                 sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            ),
        };
        let wait = if self.transport.parks() {
            "&wait=60"
        } else {
            ""
        };
        let request = format!(
            "GET /api/rooms/lobby/{path}?after={}{wait} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n{extra}\r\n",
            self.cursor, self.address, self.cookie
        );
        self.write(request.as_bytes()).await;
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.stream
            .write_all(bytes)
            .await
            .expect("the server reads");
    }

    async fn read(&mut self) {
        // Room for a whole batch: a read for each few bytes would be what is measured.
        self.buffer.reserve(4096);
        let read = self.stream.read_buf(&mut self.buffer).await.expect("bytes");
        assert!(read > 0, "{:?}: the server closed", self.transport);
        self.bytes += read as u64;
    }

    async fn read_head(&mut self) -> String {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                let head = self.buffer.split_to(end + 4);
                let head = String::from_utf8_lossy(&head).into_owned();
                assert!(
                    head.starts_with("HTTP/1.1 20") || head.starts_with("HTTP/1.1 101"),
                    "{head}"
                );
                return head;
            }
            self.read().await;
        }
    }

    /// Waits for messages, and shows each: the bytes from its `{"seq":` on. A long poll then asks
    /// again; a short poll asks now, and is told what there is, perhaps nothing.
    pub async fn next(&mut self, mut each: impl FnMut(&[u8])) {
        match self.transport {
            Transport::ShortPoll => {
                self.ask().await;
                self.next_answer(&mut each).await;
            }
            Transport::LongPoll => {
                self.next_answer(&mut each).await;
                self.ask().await;
            }
            Transport::Sse => self.next_blocks(&mut each).await,
            Transport::WebSocket => self.next_frames(&mut each).await,
        }
    }

    async fn next_answer(&mut self, each: &mut impl FnMut(&[u8])) {
        let head = self.read_head().await;
        let length = head.split("content-length: ").nth(1);
        let length = length
            .and_then(|rest| rest.split('\r').next()?.parse().ok())
            .unwrap_or(0);
        while self.buffer.len() < length {
            self.read().await;
        }
        let body = self.buffer.split_to(length);
        let mut rest = &body[..];
        while let Some(start) = find(rest, MESSAGE) {
            rest = &rest[start..];
            self.cursor = number(&rest[MESSAGE.len()..]);
            each(rest);
            rest = &rest[MESSAGE.len()..];
        }
    }

    async fn next_blocks(&mut self, each: &mut impl FnMut(&[u8])) {
        self.read().await;
        while let Some(end) = find(&self.buffer, b"\n\n") {
            let block = self.buffer.split_to(end + 2);
            if let Some(start) = find(&block, MESSAGE) {
                each(&block[start..]);
            }
        }
    }

    async fn next_frames(&mut self, each: &mut impl FnMut(&[u8])) {
        self.read().await;
        while let Some(header) = FrameHeader::parse(&self.buffer)
            && self.buffer.len() as u64 >= header.frame_bytes()
        {
            self.buffer.advance(header.bytes);
            let payload = self.buffer.split_to(header.payload_bytes as usize);
            match header.opcode {
                0x9 => self.pong().await,
                _ => {
                    if let Some(start) = find(&payload, MESSAGE) {
                        each(&payload[start..]);
                    }
                }
            }
        }
    }

    /// An empty pong, masked with zeros.
    async fn pong(&mut self) {
        self.write(&[0x8A, 0x80, 0, 0, 0, 0]).await;
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

fn number(digits: &[u8]) -> u64 {
    let digits = digits.iter().take_while(|digit| digit.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
