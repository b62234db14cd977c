//! A proxy between the browser and the server that blocks some paths, as company networks do.
//! (Chromium's own blocking of addresses does not affect WebSockets.)

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use harness::Server;

/// Parts of paths that are blocked.
type Blocked = &'static [&'static str];

pub struct FilteringProxy {
    pub address: String,
    blocked: watch::Sender<Blocked>,
    /// Ends with the proxy.
    _tasks: JoinSet<()>,
}

impl FilteringProxy {
    pub async fn start(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (blocked, rules) = watch::channel::<Blocked>(&[]);
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, server.address.clone(), rules));
        FilteringProxy {
            address,
            blocked,
            _tasks: tasks,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Blocks these paths from now on, for open connections too.
    pub fn block(&self, paths: Blocked) {
        self.blocked.send_replace(paths);
    }
}

async fn accept(listener: TcpListener, server: String, rules: watch::Receiver<Blocked>) {
    let mut connections = JoinSet::new();
    loop {
        let (browser, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect(&server).await.unwrap();
        connections.spawn(relay(browser, server, rules.clone()));
    }
}

/// Relays one connection until either side or a rule ends it.
async fn relay(browser: TcpStream, server: TcpStream, mut rules: watch::Receiver<Blocked>) {
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let path = Arc::new(Mutex::new(String::new()));
    let is_forbidden = |rules: &Blocked| rules.iter().any(|part| path.lock().contains(part));
    let now = rules.clone();
    let up = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from_browser.read(&mut buffer).await {
            if let Some(requested) = request_path(&buffer[..count]) {
                *path.lock() = requested;
            }
            if is_forbidden(&now.borrow()) || to_server.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    };
    let down = tokio::io::copy(&mut from_server, &mut to_browser);
    tokio::select! {
        () = up => {}
        _ = down => {}
        _ = rules.wait_for(is_forbidden) => {}
    }
}

/// The path with its query, if the bytes begin with a GET. Browsers write a header section in one
/// piece.
fn request_path(bytes: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(bytes.strip_prefix(b"GET ")?);
    Some(line.split(' ').next()?.to_owned())
}
