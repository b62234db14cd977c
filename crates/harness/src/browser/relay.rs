//! A relay before the server, which keeps the heads of the GET requests that pass.

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
    heads: Heads,
}

/// In the order in which they came, over all connections.
#[derive(Clone, Default)]
struct Heads(Arc<Mutex<Vec<String>>>);

impl Relay {
    /// Relays to the server at this address.
    pub async fn start(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let heads = Heads::default();
        let relaying = Relay {
            address: listener.local_addr().expect("an address"),
            heads: heads.clone(),
        };
        tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(relay(browser, server.clone(), heads.clone()));
            }
        });
        relaying
    }

    /// The newest head with this in its request line.
    pub fn newest(&self, part: &str) -> Option<String> {
        let heads = self.heads.0.lock().unwrap();
        let is_it = |head: &&String| head.lines().next().is_some_and(|line| line.contains(part));
        heads.iter().rev().find(is_it).cloned()
    }
}

/// Ends with either side; the other then sees its connection closed, as it would without a relay.
async fn relay(browser: TcpStream, server: String, heads: Heads) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    for stream in [&browser, &server] {
        stream.set_nodelay(true)?;
    }
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async {
        let (mut buffer, mut head) = (vec![0; 64 * 1024], Vec::new());
        loop {
            let read = from_browser.read(&mut buffer).await?;
            if read == 0 {
                return Ok(0);
            }
            heads.note(&mut head, &buffer[..read]);
            to_server.write_all(&buffer[..read]).await?;
        }
    };
    tokio::select! {
        ended = up => ended,
        ended = copy(&mut from_server, &mut to_browser) => ended,
    }
    .map(drop)
}

impl Heads {
    /// Adds what was read to the head that has begun. Browsers do not pipeline, so a request begins
    /// where a piece does.
    fn note(&self, head: &mut Vec<u8>, piece: &[u8]) {
        if head.is_empty() && !piece.starts_with(b"GET ") {
            return;
        }
        head.extend_from_slice(piece);
        if let Some(end) = memchr::memmem::find(head, b"\r\n\r\n") {
            let whole = String::from_utf8_lossy(&head[..end]).into_owned();
            self.0.lock().unwrap().push(whole);
            head.clear();
        }
    }
}
