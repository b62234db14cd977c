//! A connection to the server with as much HTTP parsing as the readers need.

use std::io::{Error, ErrorKind, Result};

use bytes::BytesMut;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(super) struct Connection {
    stream: TcpStream,
    /// Received bytes that were not yet taken.
    pub buffer: BytesMut,
    /// The bytes on the socket so far, both ways.
    pub bytes: u64,
}

/// The header section of a response.
pub(super) struct ResponseHeader {
    pub status: u16,
    pub content_length: usize,
    pub content_type: String,
    /// Whether the server closes the connection after this response.
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

    /// Waits for more bytes; an error if the server closed the connection.
    pub async fn read(&mut self) -> Result<()> {
        // Room for a whole batch: with many small reads the benches would measure the reads.
        self.buffer.reserve(4096);
        let read = self.stream.read_buf(&mut self.buffer).await?;
        if read == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.bytes += read as u64;
        Ok(())
    }

    /// Takes all bytes up to `end`, including it.
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

    pub async fn header(&mut self) -> Result<ResponseHeader> {
        let section = self.until(b"\r\n\r\n").await?;
        let text = std::str::from_utf8(&section).map_err(Error::other)?;
        ResponseHeader::parse(text).ok_or_else(|| Error::other(format!("no HTTP response: {text}")))
    }

    /// The next chunk of a chunked body; `None` at its end.
    pub async fn chunk(&mut self) -> Result<Option<BytesMut>> {
        let line = self.until(b"\r\n").await?;
        let digits = std::str::from_utf8(&line).map_err(Error::other)?;
        let length = usize::from_str_radix(digits.trim_end(), 16).map_err(Error::other)?;
        let mut chunk = self.take(length + 2).await?;
        chunk.truncate(length);
        Ok((length > 0).then_some(chunk))
    }
}

impl ResponseHeader {
    fn parse(text: &str) -> Option<Self> {
        let (status_line, fields) = text.split_once("\r\n")?;
        let mut header = ResponseHeader {
            status: status_line
                .strip_prefix("HTTP/1.1 ")?
                .get(..3)?
                .parse()
                .ok()?,
            content_length: 0,
            content_type: String::new(),
            closes: false,
        };
        for (name, value) in fields.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => header.content_length = value.parse().ok()?,
                "content-type" => header.content_type = value.into(),
                "connection" => header.closes = value.eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
        Some(header)
    }
}
