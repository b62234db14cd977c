//! How many posts a core commits.

use std::{
    cell::{Cell, RefCell},
    fs::File,
    io::Write,
    rc::Rc,
    time::{Duration, Instant},
};

use bytes::{Buf, BytesMut};
use harness::{PinnedServer, cpu_ns};
use hdrhistogram::Histogram;
use protocol::FrameHeader;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::LocalSet,
};

use crate::{
    fan_out::frame,
    summary::{BUSY, mean_and_half_width},
};

const TURN: Duration = Duration::from_secs(3);
/// Senders at once; each waits for the acknowledgement of its post before the next.
const SENDERS: [usize; 2] = [1, 64];
const DURABILITIES: [&str; 2] = ["full", "normal"];

#[derive(Clone, Copy)]
enum Way {
    Http,
    /// Each socket in a room of its own, so that nothing is delivered to the others.
    WebSocket,
}

impl Way {
    const ALL: [Way; 2] = [Way::Http, Way::WebSocket];

    fn name(self) -> &'static str {
        match self {
            Way::Http => "HTTP",
            Way::WebSocket => "WebSocket",
        }
    }
}

/// What was measured in one turn.
struct Posts {
    a_second: f64,
    p99_ms: f64,
    /// Processor time of the server for each post, in microseconds.
    cpu_us: f64,
    /// The server's share of its core, and the load generator's.
    share: f64,
    generator: f64,
}

/// Lets senders post as fast as they are acknowledged, and prints a line for each way, durability and
/// number of senders, after what the disk does alone.
pub async fn print(turns: u32) {
    let (syncs, p99_ms) = syncs_of_the_disk();
    println!(
        "The disk: {syncs:.0} appends of 4 KiB a second, each synchronised; p99 {p99_ms:.2} ms"
    );
    println!(
        "sync    senders            posts/s                p99 ms   CPU µs a post   of its core   generator"
    );
    for sync in DURABILITIES {
        for senders in SENDERS {
            for way in Way::ALL {
                let mut all = Vec::new();
                for _ in 0..turns {
                    all.push(turn(way, sync, senders).await);
                }
                let of = |value: fn(&Posts) -> f64| {
                    mean_and_half_width(&all.iter().map(value).collect::<Vec<_>>())
                };
                let (rate, half) = of(|posts| posts.a_second);
                let mean = |value: fn(&Posts) -> f64| of(value).0;
                let generator = mean(|posts| posts.generator);
                println!(
                    "{sync:<7} {senders:>2} over {:<9} {} {rate:>9.0} ± {half:<9.0} {:>8.2} {:>12.1} {:>13.0} % \
                     {:>9.0} %",
                    way.name(),
                    if generator > BUSY { "≥" } else { " " },
                    mean(|posts| posts.p99_ms),
                    mean(|posts| posts.cpu_us),
                    mean(|posts| posts.share) * 100.0,
                    generator * 100.0
                );
            }
        }
    }
    println!();
}

/// How often a second the disk of the databases takes 4 KiB durably, and the p99 of that in milliseconds.
fn syncs_of_the_disk() -> (f64, f64) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = File::create(folder.path().join("file")).expect("a file");
    let mut took = Histogram::<u64>::new(3).expect("three digits");
    let started = Instant::now();
    while started.elapsed() < TURN {
        let begun = Instant::now();
        file.write_all(&[0; 4096]).expect("the disk has room");
        file.sync_data().expect("the disk works");
        took.record(begun.elapsed().as_nanos() as u64)
            .expect("the histogram resizes itself");
    }
    let a_second = took.len() as f64 / started.elapsed().as_secs_f64();
    (a_second, took.value_at_quantile(0.99) as f64 / 1e6)
}

async fn turn(way: Way, sync: &str, senders: usize) -> Posts {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let database = folder.path().join("lab.db");
    let database = database.to_string_lossy();
    let arguments = ["--workers", "1", "--sync", sync, "--database", &database];
    let mut server = PinnedServer::start(&arguments);
    let mut ends = Vec::new();
    for number in 0..senders {
        ends.push(match way {
            Way::Http => Sender::over_http(&server, number).await,
            Way::WebSocket => {
                let room = format!("sender-{number}");
                server.create_room(&room);
                Sender::over_socket(&server, &room).await
            }
        });
    }
    LocalSet::new().run_until(measure(&server, ends)).await
}

async fn measure(server: &PinnedServer, senders: Vec<Sender>) -> Posts {
    let measured = Rc::new(Cell::new(false));
    let latencies = Rc::new(RefCell::new(
        Histogram::<u64>::new(3).expect("three digits"),
    ));
    for mut sender in senders {
        let (measured, latencies) = (measured.clone(), latencies.clone());
        tokio::task::spawn_local(async move {
            for number in 0.. {
                let begun = Instant::now();
                sender.post(number).await;
                if measured.get() {
                    let took = begun.elapsed().as_nanos() as u64;
                    latencies
                        .borrow_mut()
                        .record(took)
                        .expect("the histogram resizes itself");
                }
            }
        });
    }
    tokio::time::sleep(TURN / 10).await;
    measured.set(true);
    let own = || cpu_ns(std::process::id());
    let (cpu_before, own_before, started) = (server.cpu_ns(), own(), Instant::now());
    tokio::time::sleep(TURN).await;
    let [server_ns, own_ns] =
        [server.cpu_ns() - cpu_before, own() - own_before].map(|spent| spent as f64);
    let seconds = started.elapsed().as_secs_f64();
    let latencies = latencies.borrow();
    let posts = latencies.len() as f64;
    Posts {
        a_second: posts / seconds,
        p99_ms: latencies.value_at_quantile(0.99) as f64 / 1e6,
        cpu_us: server_ns / 1e3 / posts,
        share: server_ns / 1e9 / seconds,
        generator: own_ns / 1e9 / seconds,
    }
}

/// A connection on which each post waits for the acknowledgement of the one before.
struct Sender {
    stream: TcpStream,
    received: BytesMut,
    kind: Kind,
}

enum Kind {
    /// What is before the key, which is of this sender.
    Http {
        head: String,
        number: usize,
    },
    WebSocket,
}

impl Sender {
    async fn over_http(server: &PinnedServer, number: usize) -> Self {
        let stream = TcpStream::connect(&server.address)
            .await
            .expect("the server accepts");
        stream.set_nodelay(true).expect("a TCP option");
        let head = format!(
            "POST /api/rooms/lobby/messages HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\
             content-type: application/json\r\ncontent-length: ",
            server.address, server.cookie
        );
        let kind = Kind::Http { head, number };
        Sender {
            stream,
            received: BytesMut::new(),
            kind,
        }
    }

    async fn over_socket(server: &PinnedServer, room: &str) -> Self {
        let stream = server.socket(room);
        stream.set_nonblocking(true).expect("a socket option");
        let stream = TcpStream::from_std(stream).expect("a runtime");
        let mut sender = Sender {
            stream,
            received: BytesMut::new(),
            kind: Kind::WebSocket,
        };
        sender.response().await;
        sender
    }

    /// Posts, and waits for the acknowledgement.
    async fn post(&mut self, post: u32) {
        match &self.kind {
            Kind::Http { head, number } => {
                let body = format!(
                    "{{\"key\":\"{number}-{post}\",\"body\":\"{:0>width$}\"}}",
                    post,
                    width = crate::fan_out::BODY_BYTES
                );
                let request = format!("{head}{}\r\n\r\n{body}", body.len());
                self.write(request.as_bytes()).await;
                let status = self.response().await;
                assert_eq!(status, 201, "the post is stored");
            }
            Kind::WebSocket => {
                self.write(&frame(post, Duration::ZERO)).await;
                while !self.frame().await.starts_with(b"{\"ack\"") {}
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) {
        self.stream
            .write_all(bytes)
            .await
            .expect("the server reads");
    }

    async fn read(&mut self) {
        self.received.reserve(4096);
        let read = self.stream.read_buf(&mut self.received).await;
        assert!(
            read.is_ok_and(|bytes| bytes > 0),
            "the server keeps the connection"
        );
    }

    /// Waits for a whole response, and returns its status.
    async fn response(&mut self) -> u16 {
        loop {
            if let Some(end) = memchr::memmem::find(&self.received, b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&self.received[..end]).into_owned();
                let length = text.split("content-length: ").nth(1);
                let length = length.and_then(|rest| rest.split('\r').next()?.parse::<usize>().ok());
                let whole = end + 4 + length.unwrap_or(0);
                if self.received.len() >= whole {
                    self.received.advance(whole);
                    let status = text
                        .split(' ')
                        .nth(1)
                        .and_then(|status| status.parse().ok());
                    return status.expect("a status");
                }
            }
            self.read().await;
        }
    }

    /// Waits for a whole frame, and returns its payload.
    async fn frame(&mut self) -> BytesMut {
        loop {
            if let Some(header) = FrameHeader::parse(&self.received) {
                let whole = header.frame_bytes() as usize;
                if self.received.len() >= whole {
                    let mut frame = self.received.split_to(whole);
                    frame.advance(header.bytes);
                    return frame;
                }
            }
            self.read().await;
        }
    }
}
