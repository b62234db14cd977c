//! A relay in front of the server that records the header sections of GET requests.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

/// A running relay.
pub struct Relay {
    pub address: SocketAddr,
    sections: HeaderSections,
}

/// The recorded header sections of all connections, in the order of their arrival.
#[derive(Clone, Default)]
struct HeaderSections(Arc<Mutex<Vec<String>>>);

impl Relay {
    /// Relays to the server at this address.
    pub async fn start(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let sections = HeaderSections::default();
        let relaying = Relay {
            address: listener.local_addr().expect("an address"),
            sections: sections.clone(),
        };
        tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(relay(browser, server.clone(), sections.clone()));
            }
        });
        relaying
    }

    /// The newest header section with `part` in its request line.
    pub fn newest(&self, part: &str) -> Option<String> {
        let sections = self.sections.0.lock().unwrap();
        let matches = |section: &&String| {
            section
                .lines()
                .next()
                .is_some_and(|line| line.contains(part))
        };
        sections.iter().rev().find(matches).cloned()
    }
}

/// Relays until either side closes; the other connection is then closed too.
async fn relay(browser: TcpStream, server: String, sections: HeaderSections) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    for stream in [&browser, &server] {
        stream.set_nodelay(true)?;
    }
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async {
        let (mut buffer, mut section) = (vec![0; 64 * 1024], Vec::new());
        loop {
            let read = from_browser.read(&mut buffer).await?;
            if read == 0 {
                return Ok(0);
            }
            sections.record(&mut section, &buffer[..read]);
            to_server.write_all(&buffer[..read]).await?;
        }
    };
    tokio::select! {
        ended = up => ended,
        ended = copy(&mut from_server, &mut to_browser) => ended,
    }
    .map(drop)
}

impl HeaderSections {
    /// Adds a piece to the current header section. Browsers do not pipeline, so a request always
    /// begins at the start of a piece.
    fn record(&self, section: &mut Vec<u8>, piece: &[u8]) {
        if section.is_empty() && !piece.starts_with(b"GET ") {
            return;
        }
        section.extend_from_slice(piece);
        if let Some(end) = memchr::memmem::find(section, b"\r\n\r\n") {
            let whole = String::from_utf8_lossy(&section[..end]).into_owned();
            self.0.lock().unwrap().push(whole);
            section.clear();
        }
    }
}
