//! Delivery latency of one message to one reader over loopback, by transport.
//!
//! The measured value is not the duration of an iteration, but the lab's delivery latency: the wall
//! clock at the receipt minus the message's `sent_at`. Both processes read the same clock;
//! `sent_at` is in whole microseconds. There is one message at a time, so nothing queues. On
//! loopback d is nearly 0, so the latency consists of the commit (in memory), the wake-up of the
//! reader, and the reading. A long poll is parked before the message is posted.
//!
//! Short polling waits for its next poll however fast the network is. With a pause T of 5 ms, and
//! messages posted at a random instant of the pause, theory predicts 2d + T/2: 2.5 ms, plus the
//! duration of a poll. A message that is committed after the poll arrives waits for the next one.

use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use harness::{PinnedServer, Source};
use jiff::{SignedDuration, Timestamp};
use protocol::Transport;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use tokio::runtime::{Builder, Runtime};

/// The pause of the short poll, T.
const PAUSE: Duration = Duration::from_millis(5);

const BODY: &str = "a message of some ordinary length, as people write them";

struct Reader {
    transport: Transport,
    runtime: Runtime,
    client: Source,
    phases: SmallRng,
    /// When the next short poll is due.
    next_poll_at: Instant,
}

impl Reader {
    fn open(transport: Transport, server: &PinnedServer) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let open = Source::open(transport, &server.address, &server.cookie, 0);
        Reader {
            transport,
            client: runtime.block_on(open),
            runtime,
            phases: SmallRng::seed_from_u64(1),
            next_poll_at: Instant::now(),
        }
    }

    /// Posts a message, receives it, and returns its delivery latency.
    fn deliver(&mut self, server: &mut PinnedServer) -> Duration {
        match self.transport {
            Transport::ShortPoll => {
                let left = PAUSE.mul_f64(self.phases.random());
                sleep_until(self.next_poll_at.checked_sub(left).unwrap());
            }
            Transport::LongPoll => server.until_open(self.transport.slug(), 1),
            Transport::Sse | Transport::WebSocket => {}
        }
        let posted = server.begin_post(BODY);
        let latency = self.receive();
        server.end_post(posted);
        latency
    }

    fn receive(&mut self) -> Duration {
        let mut latency = None;
        while latency.is_none() {
            if self.transport.pauses() {
                sleep_until(self.next_poll_at);
            }
            let next = self
                .client
                .next_messages(|message| latency = Some(delivery_latency(message)));
            self.runtime.block_on(next);
            self.next_poll_at = Instant::now() + PAUSE;
        }
        latency.unwrap_or_default()
    }
}

/// Sleeps with the thread, which is precise to about 60 µs; the runtime's timer is precise to 1 ms.
fn sleep_until(instant: Instant) {
    thread::sleep(instant.saturating_duration_since(Instant::now()));
}

/// The delivery latency of a message that was received now.
fn delivery_latency(message: &[u8]) -> Duration {
    const BEFORE: &[u8] = b"\"sent_at\":\"";
    let now = Timestamp::now();
    let start = memchr::memmem::find(message, BEFORE).expect("a sent_at") + BEFORE.len();
    let length = memchr::memchr(b'"', &message[start..]).expect("its end");
    let sent_at = str::from_utf8(&message[start..start + length]).expect("ASCII");
    let sent_at: Timestamp = sent_at.parse().expect("RFC 3339");
    // The clock may have been set back meanwhile.
    let latency = now.duration_since(sent_at).max(SignedDuration::ZERO);
    latency.unsigned_abs()
}

fn latency(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("latency");
    group
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3));
    for transport in Transport::ALL {
        let mut server = PinnedServer::start(&["--database", ":memory:", "--workers", "1"]);
        let mut reader = Reader::open(transport, &server);
        group.bench_function(BenchmarkId::from_parameter(transport.slug()), |bencher| {
            bencher.iter_custom(|messages| {
                (0..messages)
                    .map(|_| black_box(reader.deliver(&mut server)))
                    .sum()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, latency);
criterion_main!(benches);
