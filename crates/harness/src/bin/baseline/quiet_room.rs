//! A quiet room beside a busy one.

use std::{
    io::Write,
    thread,
    time::{Duration, Instant},
};

use harness::{PinnedServer, Source};
use hdrhistogram::Histogram;
use netlab::{stamp_reads, try_read_stamped};
use protocol::Transport;
use tokio::{net::TcpStream, task::LocalSet};

use crate::{fan_out::frame, summary::mean_and_half_width};

/// Readers of the busy room, each of which gets so many messages a second: a core's half.
const READERS: usize = 10_000;
const BUSY_RATE: u32 = 5;
/// Messages a second in the quiet room, which has one reader, a WebSocket.
const QUIET_RATE: u32 = 50;
const TURN: Duration = Duration::from_secs(6);

/// Prints how long a message takes in the quiet room, alone and beside the busy one.
pub async fn print(turns: u32) {
    println!(
        "A quiet room beside one with {READERS} readers and {BUSY_RATE} messages a second: from the post until \
         the kernel has the delivery"
    );
    println!("the busy room's readers         p50 ms             p99 ms");
    for busy in [
        None,
        Some(Transport::WebSocket),
        Some(Transport::Sse),
        Some(Transport::LongPoll),
    ] {
        let (mut medians, mut tails) = (Vec::new(), Vec::new());
        for _ in 0..turns {
            let latencies = LocalSet::new().run_until(turn(busy)).await;
            medians.push(latencies.value_at_quantile(0.5) as f64 / 1e6);
            tails.push(latencies.value_at_quantile(0.99) as f64 / 1e6);
        }
        let [(p50, p50_half), (p99, p99_half)] =
            [&medians, &tails].map(|values| mean_and_half_width(values));
        println!(
            "{:<24} {p50:>9.2} ± {p50_half:<6.2} {p99:>9.2} ± {p99_half:<6.2}",
            busy.map_or("none", Transport::name)
        );
    }
    println!();
}

async fn turn(busy: Option<Transport>) -> Histogram<u64> {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let database = folder.path().join("lab.db");
    let arguments = ["--workers", "1", "--database", &database.to_string_lossy()];
    let mut server = PinnedServer::start(&arguments);
    server.create_room("quiet");
    let publishing = match busy {
        Some(transport) => Some(be_busy(&mut server, transport).await),
        None => None,
    };
    let socket = server.socket("quiet");
    let latencies = quiet(socket).await;
    if let Some(thread) = publishing {
        thread.join().expect("the publisher does not fail");
    }
    latencies
}

/// Opens the busy room's readers, and publishes to them for a turn from a thread of its own.
async fn be_busy(server: &mut PinnedServer, transport: Transport) -> thread::JoinHandle<()> {
    for _ in 0..READERS {
        let mut reader = Source::open(transport, &server.address, &server.cookie, 0).await;
        tokio::task::spawn_local(async move {
            loop {
                reader.next_messages(|_| {}).await;
            }
        });
    }
    server.until_open(transport.slug(), READERS);
    let mut socket = server.posting_socket();
    thread::spawn(move || {
        let begun = Instant::now();
        for number in 0..TURN.as_secs() as u32 * BUSY_RATE {
            let due = Duration::from_secs(1) * number / BUSY_RATE;
            thread::sleep(due.saturating_sub(begun.elapsed()));
            socket
                .write_all(&frame(number, Duration::ZERO))
                .expect("the server reads");
        }
    })
}

/// Posts in the quiet room and reads there, on one socket. The kernel stamps what arrives, so that it
/// does not matter when this busy process reads it.
async fn quiet(socket: std::net::TcpStream) -> Histogram<u64> {
    socket.set_nonblocking(true).expect("a socket option");
    let stream = TcpStream::from_std(socket).expect("a runtime");
    assert!(stamp_reads(&stream), "the kernel stamps what arrives");
    let mut latencies = Histogram::<u64>::new(3).expect("three digits");
    let mut buffer = vec![0; 16 << 10];
    let begun = Instant::now();
    for number in 0..TURN.as_secs() as u32 * QUIET_RATE {
        let due = Duration::from_secs(1) * number / QUIET_RATE;
        tokio::time::sleep(due.saturating_sub(begun.elapsed())).await;
        let posted = Instant::now();
        let written = stream.try_write(&frame(number, Duration::ZERO));
        written.expect("a small frame fits");
        let waited = delivery(&stream, &mut buffer).await;
        let took = posted.elapsed().saturating_sub(waited);
        latencies
            .record(took.as_nanos() as u64)
            .expect("the histogram resizes itself");
    }
    latencies
}

/// Waits for the next delivery, and returns how long ago the kernel received it. The acknowledgement of the
/// post may come before it, with it or after it.
async fn delivery(stream: &TcpStream, buffer: &mut [u8]) -> Duration {
    loop {
        let ready = stream.readable().await;
        ready.expect("the server keeps the connection");
        let Ok(read) = try_read_stamped(stream, buffer) else {
            continue;
        };
        assert!(read.bytes > 0, "the server keeps the connection");
        if memchr::memmem::find(&buffer[..read.bytes], b"{\"message\"").is_some() {
            return read.waited.unwrap_or_default();
        }
    }
}
