//! A proxy between the browser and the server that lets some paths through and others not, as
//! company networks do. (Chromium's own blocking of addresses leaves WebSockets alone.)

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use harness::Server;

/// What a path must have in it to be held up.
type Forbidden = &'static [&'static str];

pub struct Wall {
    pub address: String,
    forbidden: watch::Sender<Forbidden>,
    /// Ends with the wall.
    _gate: JoinSet<()>,
}

impl Wall {
    pub async fn around(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (forbidden, rules) = watch::channel::<Forbidden>(&[]);
        let mut gate = JoinSet::new();
        gate.spawn(let_in(listener, server.address.clone(), rules));
        Wall {
            address,
            forbidden,
            _gate: gate,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on these are cut off, and those that are open, too.
    pub fn forbid(&self, paths: Forbidden) {
        self.forbidden.send_replace(paths);
    }
}

async fn let_in(listener: TcpListener, server: String, rules: watch::Receiver<Forbidden>) {
    let mut inside = JoinSet::new();
    loop {
        let (browser, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect(&server).await.unwrap();
        inside.spawn(pass(browser, server, rules.clone()));
    }
}

/// Carries one connection until one end, or a rule, ends it.
async fn pass(browser: TcpStream, server: TcpStream, mut rules: watch::Receiver<Forbidden>) {
    let (mut from_browser, mut to_browser) = browser.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let path = Arc::new(Mutex::new(String::new()));
    let is_forbidden = |rules: &Forbidden| rules.iter().any(|part| path.lock().contains(part));
    let now = rules.clone();
    let up = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from_browser.read(&mut buffer).await {
            if let Some(asked) = request_path(&buffer[..count]) {
                *path.lock() = asked;
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

/// The path with its query, if this is the beginning of a GET: browsers write a head in one piece.
fn request_path(bytes: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(bytes.strip_prefix(b"GET ")?);
    Some(line.split(' ').next()?.to_owned())
}
