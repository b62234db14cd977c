//! One measurement: readers, a rate, a server.

use std::{
    cell::RefCell,
    io::Write,
    net::TcpStream,
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use harness::{PinnedServer, Source, cpu_ns, pss_bytes};
use hdrhistogram::Histogram;
use protocol::Transport;
use tokio::task::LocalSet;

use crate::bare::BareServer;

pub const BODY_BYTES: usize = 120;
/// The digits of a message's key, so that every published frame has the same size.
const KEY_DIGITS: usize = 8;
/// The size of a published frame: header of 8 bytes, and the payload of [`frame`].
pub const FRAME_BYTES: usize =
    8 + "{\"send\":{\"key\":\"\",\"body\":\"\"}}".len() + KEY_DIGITS + BODY_BYTES;
/// How long nothing is measured at first.
const WARM_UP: Duration = Duration::from_millis(500);
/// How often the server's memory is looked at, which takes it some processor time.
const LOOK: Duration = Duration::from_millis(250);

/// What serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    Bare,
    Pushlab(Transport),
}

impl Server {
    pub const ALL: [Server; 4] = [
        Server::Bare,
        Server::Pushlab(Transport::WebSocket),
        Server::Pushlab(Transport::Sse),
        Server::Pushlab(Transport::LongPoll),
    ];

    pub fn name(self) -> &'static str {
        match self {
            Server::Bare => "a send a message",
            Server::Pushlab(transport) => transport.name(),
        }
    }
}

/// How a server is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub readers: usize,
    /// Messages a second.
    pub rate: u32,
    pub seconds: u32,
}

impl Load {
    pub fn messages(self) -> u32 {
        self.rate * self.seconds
    }

    fn deliveries(self) -> u64 {
        u64::from(self.messages()) * self.readers as u64
    }
}

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Processor time of the server for each delivery, in microseconds.
    pub cpu_us: f64,
    /// Latencies from the instant at which a message was due, in milliseconds.
    pub p50_ms: f64,
    pub p99_ms: f64,
    /// The server's greatest proportional set size, in MiB.
    pub most_mib: f64,
    /// Deliveries that came, of those that were due.
    pub share: f64,
    /// The load generator's share of its core.
    pub generator: f64,
}

/// Runs a server under a load.
pub async fn measure(server: Server, load: Load) -> Measured {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let database = folder.path().join("lab.db");
    match server {
        Server::Bare => {
            let bare = BareServer::start();
            let publisher = || connect(&bare.address);
            let client = Client {
                transport: Transport::WebSocket,
                address: &bare.address,
                cookie: "none",
                pid: bare.pid(),
            };
            LocalSet::new()
                .run_until(client.measure(load, publisher, |_| {}))
                .await
        }
        Server::Pushlab(transport) => {
            let arguments = ["--workers", "1", "--database", &database.to_string_lossy()];
            let pushlab = RefCell::new(PinnedServer::start(&arguments));
            let (address, cookie, pid) = {
                let pushlab = pushlab.borrow();
                (
                    pushlab.address.clone(),
                    pushlab.cookie.clone(),
                    pushlab.pid(),
                )
            };
            let client = Client {
                transport,
                address: &address,
                cookie: &cookie,
                pid,
            };
            let publisher = || pushlab.borrow().posting_socket();
            let until_open = |readers| pushlab.borrow_mut().until_open(transport.slug(), readers);
            LocalSet::new()
                .run_until(client.measure(load, publisher, until_open))
                .await
        }
    }
}

struct Client<'a> {
    transport: Transport,
    address: &'a str,
    cookie: &'a str,
    pid: u32,
}

impl Client<'_> {
    async fn measure(
        &self,
        load: Load,
        publisher: impl FnOnce() -> TcpStream,
        until_open: impl FnOnce(usize),
    ) -> Measured {
        let epoch = Instant::now();
        let latencies = Rc::new(RefCell::new(
            Histogram::<u64>::new(3).expect("three digits"),
        ));
        for _ in 0..load.readers {
            let latencies = latencies.clone();
            let mut client = Source::open(self.transport, self.address, self.cookie, 0).await;
            tokio::task::spawn_local(async move {
                loop {
                    let record = |message: &[u8]| {
                        let now = epoch.elapsed().as_nanos() as u64;
                        let latency = now.saturating_sub(due(message));
                        let mut latencies = latencies.borrow_mut();
                        latencies
                            .record(latency)
                            .expect("the histogram resizes itself");
                    };
                    client.next_messages(record).await;
                }
            });
        }
        until_open(load.readers);
        let (cpu_before, own_before) = (cpu_ns(self.pid), cpu_ns(std::process::id()));
        let started = Instant::now();
        let socket = publisher();
        let publishing = thread::spawn(move || publish(socket, epoch, load));
        let deadline = started + Duration::from_secs(u64::from(load.seconds) * 2 + 5);
        let (mut most_bytes, mut next_look) = (0, started);
        while latencies.borrow().len() < load.deliveries() && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if Instant::now() >= next_look {
                most_bytes = most_bytes.max(pss_bytes(self.pid));
                next_look += LOOK;
            }
        }
        let took = started.elapsed().saturating_sub(WARM_UP);
        let latencies = latencies.borrow();
        let generator = (cpu_ns(std::process::id()) - own_before) as f64 / took.as_nanos() as f64;
        let cpu = (cpu_ns(self.pid) - cpu_before) as f64 / 1e3;
        drop(publishing.join().expect("the publisher does not fail"));
        let quantile = |q| latencies.value_at_quantile(q) as f64 / 1e6;
        Measured {
            cpu_us: cpu / latencies.len().max(1) as f64,
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
            most_mib: most_bytes as f64 / f64::from(1 << 20),
            share: latencies.len() as f64 / load.deliveries() as f64,
            generator,
        }
    }
}

/// Publishes on schedule, without waiting for acknowledgements. Returns the socket, which stays open.
fn publish(mut socket: TcpStream, epoch: Instant, load: Load) -> TcpStream {
    let start = epoch.elapsed() + WARM_UP;
    for number in 0..load.messages() {
        let due = start + Duration::from_secs(1) * number / load.rate;
        thread::sleep(due.saturating_sub(epoch.elapsed()));
        socket
            .write_all(&frame(number, due))
            .expect("the server reads");
    }
    socket
}

/// A text frame, masked with zeros, whose body is the instant at which it is due.
pub fn frame(number: u32, due: Duration) -> Vec<u8> {
    let body = format!("{:0>BODY_BYTES$}", due.as_nanos());
    let payload =
        format!("{{\"send\":{{\"key\":\"{number:0>KEY_DIGITS$}\",\"body\":\"{body}\"}}}}");
    let length = u16::try_from(payload.len())
        .expect("a short message")
        .to_be_bytes();
    [
        &[0x81, 0x80 | 0x7E],
        &length[..],
        &[0; 4],
        payload.as_bytes(),
    ]
    .concat()
}

/// The instant at which a message was due, which is its body, in nanoseconds since the epoch.
fn due(message: &[u8]) -> u64 {
    let start = memchr::memmem::find(message, b"\"body\":\"").expect("a body") + 8;
    let digits = &message[start..start + BODY_BYTES];
    digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

/// Connects a publisher to the bare server.
fn connect(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("the server accepts");
    stream.set_nodelay(true).expect("a TCP option");
    stream
        .write_all(b"GET /publish HTTP/1.1\r\n\r\n")
        .expect("the server reads");
    stream
}
