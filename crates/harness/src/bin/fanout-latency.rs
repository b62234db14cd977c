//! Measures the end-to-end latency of many WebSocket readers in one room. Messages are posted at a
//! constant rate, and each is committed to disk before it is delivered. `scripts/fanout-latency`
//! builds and runs it.
//!
//! Latency counts from the scheduled instant of a post, so that a server that delays its senders
//! cannot hide it (coordinated omission).

use std::{
    cell::RefCell,
    io::Write,
    net::TcpStream,
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use harness::{PinnedServer, Source};
use hdrhistogram::Histogram;
use protocol::Transport;
use tokio::task::LocalSet;

const READERS: usize = 1_000;
const PER_SECOND: u32 = 50;
const SECONDS: u32 = 20;
const BODY_BYTES: usize = 120;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = std::env::temp_dir().join(format!("pushlab-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the database");
    let database = folder.join("lab.db");
    let arguments = ["--workers", "1", "--database", &database.to_string_lossy()];
    let server = PinnedServer::start(&arguments);
    LocalSet::new().run_until(measure(server)).await;
    // If this fails, the system cleans its temporary folder.
    let _ = std::fs::remove_dir_all(folder);
}

async fn measure(mut server: PinnedServer) {
    let epoch = Instant::now();
    let latencies = Rc::new(RefCell::new(
        Histogram::<u64>::new(3).expect("three digits"),
    ));
    for _ in 0..READERS {
        let latencies = latencies.clone();
        let mut client =
            Source::open(Transport::WebSocket, &server.address, &server.cookie, 0).await;
        tokio::task::spawn_local(async move {
            loop {
                client
                    .next_messages(|message| {
                        let now = epoch.elapsed().as_nanos() as u64;
                        let latency = now.saturating_sub(due(message));
                        latencies
                            .borrow_mut()
                            .record(latency)
                            .expect("the histogram resizes itself");
                    })
                    .await;
            }
        });
    }
    server.until_open(Transport::WebSocket.slug(), READERS);
    let cpu_before = server.cpu_ns();
    let socket = server.posting_socket();
    thread::spawn(move || post(socket, epoch));
    let expected = u64::from(PER_SECOND * SECONDS) * READERS as u64;
    let deadline = Instant::now() + 3 * Duration::from_secs(SECONDS.into());
    while latencies.borrow().len() < expected {
        assert!(
            Instant::now() < deadline,
            "{} of {expected} deliveries",
            latencies.borrow().len()
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    print(&latencies.borrow());
    let cpu = (server.cpu_ns() - cpu_before) as f64 / 1e3 / expected as f64;
    println!("server processor time: {cpu:.2} µs per delivery");
}

/// Posts on schedule, without waiting for acknowledgements, from a thread of its own.
fn post(mut socket: TcpStream, epoch: Instant) {
    let start = epoch.elapsed() + Duration::from_millis(500);
    for number in 0..PER_SECOND * SECONDS {
        let due = start + Duration::from_secs(1) * number / PER_SECOND;
        thread::sleep(due.saturating_sub(epoch.elapsed()));
        let body = format!("{:0>BODY_BYTES$}", due.as_nanos());
        let message = format!("{{\"send\":{{\"key\":\"{number}\",\"body\":\"{body}\"}}}}");
        socket
            .write_all(&masked(message.as_bytes()))
            .expect("the server reads");
    }
}

/// A text frame of 126 bytes or more, masked with zeros.
fn masked(payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len())
        .expect("a short message")
        .to_be_bytes();
    [&[0x81, 0x80 | 0x7E], &length[..], &[0; 4], payload].concat()
}

/// The scheduled instant of a message, which is its body, in nanoseconds since the epoch.
fn due(message: &[u8]) -> u64 {
    let start = memchr::memmem::find(message, b"\"body\":\"").expect("a body") + 8;
    let digits = &message[start..start + BODY_BYTES];
    digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

fn print(latencies: &Histogram<u64>) {
    println!(
        "{READERS} WebSocket readers, {PER_SECOND} messages a second of {BODY_BYTES} bytes for {SECONDS} s, \
         each committed to disk: {} deliveries",
        latencies.len()
    );
    for (name, quantile) in [
        ("p50", 0.5),
        ("p90", 0.9),
        ("p99", 0.99),
        ("p99.9", 0.999),
        ("max", 1.0),
    ] {
        let ms = latencies.value_at_quantile(quantile) as f64 / 1e6;
        println!("{name:>6} {ms:8.2} ms");
    }
}
