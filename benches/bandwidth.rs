//! Application bytes per message delivered, by transport. Criterion counts bytes here instead of
//! time; its throughput is the share of the bytes that is the message's body.
//!
//! Counted are the bytes on the reader's socket, both ways, without TCP/IP headers: the header
//! sections of requests and responses, framing, and the message's JSON. Connections are kept, and
//! requests have only two header fields (host and cookie). Bytes that do not belong to a message
//! are left out: the handshake, the header section of a stream, and heartbeats. Each response to a
//! poll carries one message. `mostly_empty` is short polling with nine empty polls before each
//! message: λC is about 0.1, a message every 20 s at a pause of 2 s. All transports use one server,
//! and so the same cookie: its length differs by some bytes between servers.
//!
//! Bodies are 32 ± 3 and 1,000 ± 100 bytes, drawn uniformly for each message. With a constant
//! number of bytes the variance would be 0, and criterion's test statistic 0/0. The interval shows
//! how far the random lengths move the mean. Plots are off for the same reason.

use std::{cell::Cell, time::Duration};

use criterion::{
    BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::{Measurement, ValueFormatter},
};
use harness::{PinnedServer, Source};
use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use tokio::runtime::{Builder, Runtime};

const SIZES: [usize; 2] = [32, 1_000];

/// Messages posted before the measurement, so that every measured `seq` has five digits.
const BEFORE: usize = 10_000;

/// A name, a transport, and the number of empty polls before each poll with a message.
const CASES: [(&str, Transport, u32); 5] = [
    ("short_poll", Transport::ShortPoll, 0),
    ("short_poll_mostly_empty", Transport::ShortPoll, 9),
    ("long_poll", Transport::LongPoll, 0),
    ("sse", Transport::Sse, 0),
    ("websocket", Transport::WebSocket, 0),
];

thread_local! {
    /// Bytes that the reader of this thread has sent and received.
    static COUNTED: Cell<u64> = const { Cell::new(0) };
}

/// Counts bytes instead of time.
struct ByteCount;

impl Measurement for ByteCount {
    type Intermediate = u64;
    type Value = u64;

    fn start(&self) -> u64 {
        COUNTED.get()
    }

    fn end(&self, before: u64) -> u64 {
        COUNTED.get() - before
    }

    fn add(&self, one: &u64, other: &u64) -> u64 {
        one + other
    }

    fn zero(&self) -> u64 {
        0
    }

    fn to_f64(&self, bytes: &u64) -> f64 {
        *bytes as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self
    }
}

impl ValueFormatter for ByteCount {
    fn scale_values(&self, _: f64, _: &mut [f64]) -> &'static str {
        "B"
    }

    fn scale_throughputs(&self, _: f64, body: &Throughput, values: &mut [f64]) -> &'static str {
        let Throughput::Bytes(body) = body else {
            return "B";
        };
        for value in values {
            *value = 100.0 * *body as f64 / *value;
        }
        "% body"
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "B"
    }
}

/// The server with one reader.
struct Lobby<'s> {
    server: &'s mut PinnedServer,
    runtime: Runtime,
    client: Source,
    lengths: SmallRng,
}

impl<'s> Lobby<'s> {
    fn open(server: &'s mut PinnedServer, transport: Transport) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let head = server.metric("pushlab_posts_total") as u64;
        let open = Source::open(transport, &server.address, &server.cookie, head);
        Lobby {
            client: runtime.block_on(open),
            server,
            runtime,
            lengths: SmallRng::seed_from_u64(1),
        }
    }

    /// Delivers one message of about `size` bytes, after this number of empty polls.
    fn deliver(&mut self, size: usize, empty: u32) {
        let before = self.client.bytes();
        for _ in 0..empty {
            let next = self
                .client
                .next_messages(|_| unreachable!("no message was posted"));
            self.runtime.block_on(next);
        }
        let spread = size / 10;
        let length = self.lengths.random_range(size - spread..=size + spread);
        self.server.post(&"x".repeat(length));
        let mut received = 0;
        while received == 0 {
            self.runtime
                .block_on(self.client.next_messages(|_| received += 1));
        }
        assert_eq!(received, 1, "a response carries one message");
        COUNTED.set(COUNTED.get() + self.client.bytes() - before);
    }
}

fn bandwidth(criterion: &mut Criterion<ByteCount>) {
    let mut server = PinnedServer::start(&["--database", ":memory:", "--workers", "1"]);
    (0..BEFORE).for_each(|_| server.post("before"));
    let mut group = criterion.benchmark_group("bandwidth");
    for (name, transport, empty) in CASES {
        let mut lobby = Lobby::open(&mut server, transport);
        for size in SIZES {
            group.throughput(Throughput::Bytes(size as u64));
            group.bench_function(BenchmarkId::new(name, size), |bencher| {
                bencher.iter(|| lobby.deliver(size, empty));
            });
        }
    }
    group.finish();
}

fn counting_bytes() -> Criterion<ByteCount> {
    Criterion::default()
        .with_measurement(ByteCount)
        .without_plots()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500))
}

criterion_group!(name = benches; config = counting_bytes(); targets = bandwidth);
criterion_main!(benches);
