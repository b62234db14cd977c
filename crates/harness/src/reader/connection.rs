//! A socket to the server, and what HTTP says on it: nothing is parsed that need not be.

use std::io::{Error, ErrorKind, Result};

use bytes::BytesMut;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(super) struct Connection {
    stream: TcpStream,
    /// What was received and not taken yet.
    pub buffer: BytesMut,
    /// What has crossed the socket so far, both ways.
    pub bytes: u64,
}

/// What the head of an answer says.
pub(super) struct Head {
    pub status: u16,
    pub content_length: usize,
    pub content_type: String,
    /// This is the connection's last answer.
    pub closes: bool,
}

impl Connection {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            buffer: BytesMut::new(),
            bytes: 0,
        })
    }

    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        self.stream.write_all(bytes).await
    }

    /// Waits for more; an error where the server closed.
    pub async fn read(&mut self) -> Result<()> {
        // Room for a whole batch: a read for each few bytes would be what is measured.
        self.buffer.reserve(4096);
        let read = self.stream.read_buf(&mut self.buffer).await?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.bytes += read as u64;
        Ok(())
    }

    /// Takes what ends with `end`, and `end` with it.
    pub async fn until(&mut self, end: &[u8]) -> Result<BytesMut> {
        loop {
            if let Some(start) = memchr::memmem::find(&self.buffer, end) {
                return Ok(self.buffer.split_to(start + end.len()));
            }
            self.read().await?;
        }
    }

    pub async fn take(&mut self, count: usize) -> Result<BytesMut> {
        while self.buffer.len() < count {
            self.read().await?;
        }
        Ok(self.buffer.split_to(count))
    }

    pub async fn head(&mut self) -> Result<Head> {
        let head = self.until(b"\r\n\r\n").await?;
        let text = std::str::from_utf8(&head).map_err(Error::other)?;
        Head::parse(text).ok_or_else(|| Error::other(format!("no answer of HTTP: {text}")))
    }

    /// The next chunk of a body that comes in chunks; `None` at its end.
    pub async fn chunk(&mut self) -> Result<Option<BytesMut>> {
        let line = self.until(b"\r\n").await?;
        let digits = std::str::from_utf8(&line).map_err(Error::other)?;
        let length = usize::from_str_radix(digits.trim_end(), 16).map_err(Error::other)?;
        let mut chunk = self.take(length + 2).await?;
        chunk.truncate(length);
        Ok((length > 0).then_some(chunk))
    }
}

impl Head {
    fn parse(text: &str) -> Option<Self> {
        let (status_line, headers) = text.split_once("\r\n")?;
        let mut head = Head {
            status: status_line
                .strip_prefix("HTTP/1.1 ")?
                .get(..3)?
                .parse()
                .ok()?,
            content_length: 0,
            content_type: String::new(),
            closes: false,
        };
        for (name, value) in headers.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => head.content_length = value.parse().ok()?,
                "content-type" => head.content_type = value.into(),
                "connection" => head.closes = value.eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
        Some(head)
    }
}
