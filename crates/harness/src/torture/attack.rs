//! What strangers do to a server, as fast as they can.

use std::{net::SocketAddr, time::Duration};

use clap::ValueEnum;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
    time::sleep,
};

/// An attack. All come from this machine, where no limit by address helps the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Attack {
    /// Two connections give their polls 20,000 labels, and ask for the report of them.
    Labels,
    /// Rooms are created, and posted to.
    Rooms,
    /// 120 connections ask for 500 large messages and do not read them.
    Unread,
    /// Requests with a cookie that nobody has signed.
    Cookies,
    /// 80 accounts are registered at once.
    Registrations,
    /// Passwords of many accounts are guessed.
    Guesses,
    /// Connections are opened and closed.
    Connections,
    /// 500 connections send a byte of a header section now and then.
    SlowHeaders,
}

/// The room with the large messages.
pub const LARGE_ROOM: &str = "large";

/// A server, and the cookie of an account on it.
#[derive(Clone)]
pub struct Target {
    pub address: String,
    pub cookie: String,
}

impl Attack {
    pub fn name(self) -> String {
        let value = self.to_possible_value().expect("no variant is skipped");
        value.get_name().to_owned()
    }

    /// Attacks until the process is ended.
    pub async fn run(self, target: Target) {
        let mut attackers = JoinSet::new();
        for number in 0..self.connections() {
            attackers.spawn(self.attack(target.clone(), number));
        }
        attackers.join_all().await;
    }

    fn connections(self) -> usize {
        match self {
            Attack::Cookies => 1,
            Attack::Labels | Attack::Rooms => 2,
            Attack::Connections => 8,
            Attack::Guesses => 32,
            Attack::Registrations => 80,
            Attack::Unread => 120,
            Attack::SlowHeaders => 500,
        }
    }

    /// One attacker, who connects again whenever the server closes.
    async fn attack(self, target: Target, number: usize) {
        for round in 0.. {
            let Ok(stream) = connect(&target.address).await else {
                sleep(Duration::from_millis(10)).await;
                continue;
            };
            // Whatever ends it, the next round goes on.
            let _ = match self {
                Attack::Connections => Ok(()),
                Attack::Unread => read_nothing(stream, &target).await,
                Attack::SlowHeaders => trickle(stream).await,
                _ => {
                    self.request(stream, &target, number << 32 | round << 16)
                        .await
                }
            };
        }
    }

    /// Sends one request after the other.
    async fn request(
        self,
        mut stream: TcpStream,
        target: &Target,
        first: usize,
    ) -> std::io::Result<()> {
        let mut response = vec![0; 64 << 10];
        for number in first.. {
            let request = self.nth_request(target, number);
            stream.write_all(request.as_bytes()).await?;
            if stream.read(&mut response).await? == 0 {
                break;
            }
        }
        Ok(())
    }

    fn nth_request(self, target: &Target, number: usize) -> String {
        let account =
            format!("{{\"username\":\"u{number:x}\",\"password\":\"wrong horse battery\"}}");
        let (line, cookie, body) = match self {
            Attack::Labels if number.is_multiple_of(100) => (
                "GET /api/connections".into(),
                &target.cookie[..],
                String::new(),
            ),
            Attack::Labels => {
                let label = number % 20_000;
                let line = format!("GET /api/rooms/lobby/messages?after=0&tab=t{label}");
                (line, &target.cookie[..], String::new())
            }
            Attack::Rooms if number.is_multiple_of(2) => {
                let room = format!("{{\"name\":\"r{:x}\"}}", number / 2);
                ("POST /api/rooms".into(), &target.cookie[..], room)
            }
            Attack::Rooms => {
                let line = format!("POST /api/rooms/r{:x}/messages", number / 2);
                let message = format!("{{\"body\":\"{}\"}}", "x".repeat(4_000));
                (line, &target.cookie[..], message)
            }
            Attack::Registrations => ("POST /api/accounts".into(), "", account),
            Attack::Guesses => ("POST /api/sessions".into(), "", account),
            _ => ("GET /api/sessions".into(), "pushlab=forged", String::new()),
        };
        format!(
            "{line} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            target.address,
            body.len()
        )
    }
}

/// With a small receive buffer, so that the server cannot send much; from any address of the loopback, so that
/// an attacker does not run out of ports, for which the kernel would search on everybody's time.
async fn connect(address: &str) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    let [a, b, c] = rand::random::<[u8; 3]>();
    socket.bind(SocketAddr::from(([127, a, b, c.max(1)], 0)))?;
    socket.set_recv_buffer_size(16 << 10)?;
    let address = address.parse().expect("the server's address");
    socket.connect(address).await
}

async fn read_nothing(mut stream: TcpStream, target: &Target) -> std::io::Result<()> {
    let request = format!(
        "GET /api/rooms/{LARGE_ROOM}/messages?after=0&limit=500 HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
        target.address, target.cookie
    );
    stream.write_all(request.as_bytes()).await?;
    sleep(Duration::from_secs(2)).await;
    Ok(())
}

async fn trickle(mut stream: TcpStream) -> std::io::Result<()> {
    for byte in b"GET / HTTP/1.1\r\nx: ".iter().chain([b'y'; 100].iter()) {
        stream.write_all(&[*byte]).await?;
        sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}
