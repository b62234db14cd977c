//! How long a message takes in a quiet room while a server is attacked.

use std::{
    env,
    net::TcpStream,
    process::{Child, Command},
    time::{Duration, Instant},
};

use protocol::Message;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, WebSocket, client::IntoClientRequest};

use super::{Attack, attack::LARGE_ROOM};
use crate::PinnedServer;

/// How long the quiet room is watched with the attack, and without it before.
const SPAN: Duration = Duration::from_secs(4);
/// From an attack's beginning until it is in full swing, and from its end until the server has rest.
const SETTLE: Duration = Duration::from_secs(1);
/// The pause between two messages.
const PAUSE: Duration = Duration::from_millis(20);
const ROUNDS: usize = 5;
const ROOM: &str = "quiet";

/// The 99th percentile of the delay in a quiet room, from posting to receipt.
#[derive(Clone, Copy, Debug)]
pub struct QuietRoom {
    /// Medians of five rounds.
    pub alone: Duration,
    pub attacked: Duration,
    /// The median of the five differences, in milliseconds.
    pub rise_ms: f64,
}

impl QuietRoom {
    /// Watches a quiet room of a new server during an attack, by a process of low priority: `torture --attack`.
    ///
    /// # Panics
    /// The server does not start, or drops the room's only reader.
    pub fn under(attack: Attack) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = folder.path().join("lab.db");
        let database = database.to_str().expect("a temporary path is UTF-8");
        let mut server = PinnedServer::start(&["--bcrypt-cost", "12", "--database", database]);
        server.create_room(ROOM);
        if attack == Attack::Unread {
            fill_large_room(&mut server);
        }
        let mut socket = open(&server);
        let mut rounds = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let alone = p99(&mut socket);
            let mut attacker = begin(attack, &server);
            std::thread::sleep(SETTLE);
            let attacked = p99(&mut socket);
            attacker.kill().expect("the attacker runs");
            attacker.wait().expect("it was killed");
            std::thread::sleep(SETTLE);
            rounds.push((alone, attacked));
        }
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        QuietRoom {
            alone: median(rounds.iter().map(|(alone, _)| *alone)),
            attacked: median(rounds.iter().map(|(_, attacked)| *attacked)),
            rise_ms: {
                let rises = rounds
                    .iter()
                    .map(|(alone, attacked)| ms(*attacked) - ms(*alone));
                let mut rises: Vec<_> = rises.collect();
                rises.sort_by(f64::total_cmp);
                rises[ROUNDS / 2]
            },
        }
    }
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times[times.len() / 2]
}

/// 500 messages of 4,000 characters.
fn fill_large_room(server: &mut PinnedServer) {
    server.create_room(LARGE_ROOM);
    for _ in 0..500 {
        server.post_to(LARGE_ROOM, &"x".repeat(4_000));
    }
}

fn begin(attack: Attack, server: &PinnedServer) -> Child {
    let torture = env::current_exe().expect("a running program has a path");
    Command::new("nice")
        .args(["-n", "19"])
        .arg(torture)
        .args(["--attack", &attack.name(), "--address", &server.address])
        .args(["--cookie", &server.cookie])
        .spawn()
        .expect("nice is there")
}

fn open(server: &PinnedServer) -> WebSocket<TcpStream> {
    let url = format!("ws://{}/api/rooms/{ROOM}/ws?after=0", server.address);
    let mut request = url.into_client_request().expect("a URL");
    let cookie = server.cookie.parse().expect("a cookie");
    request.headers_mut().insert("cookie", cookie);
    let stream = TcpStream::connect(&server.address).expect("the server accepts");
    stream.set_nodelay(true).expect("a TCP option");
    let (socket, _) = tungstenite::client(request, stream).expect("a handshake");
    socket
}

/// Posts for a while, each message when the one before has come back, and returns the 99th percentile.
fn p99(socket: &mut WebSocket<TcpStream>) -> Duration {
    let began = Instant::now();
    let mut delays = Vec::new();
    while began.elapsed() < SPAN {
        std::thread::sleep(PAUSE);
        let posted = Instant::now();
        let key = format!("{:x}", rand::random::<u64>());
        let frame = json!({"send": {"key": key, "body": "ping"}}).to_string();
        socket
            .send(tungstenite::Message::text(frame))
            .expect("the server reads");
        until_message(socket);
        delays.push(posted.elapsed());
    }
    delays.sort();
    delays[delays.len() * 99 / 100]
}

fn until_message(socket: &mut WebSocket<TcpStream>) {
    loop {
        let frame = socket.read().expect("the reader is kept");
        let tungstenite::Message::Text(text) = frame else {
            continue;
        };
        let mut frame: Value = serde_json::from_str(&text).expect("JSON");
        if serde_json::from_value::<Message>(frame["message"].take()).is_ok() {
            return;
        }
    }
}
