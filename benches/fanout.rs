//! Fan-out: deliveries a second of one message to many readers, from the post to the last receipt.
//!
//! The server is a process with one worker and a database in memory; the readers are plain sockets
//! on one thread here. With long polling the next message is posted after all polls are parked;
//! that wait is not measured.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use harness::{PinnedServer, Source};
use protocol::Transport;
use tokio::{
    runtime::{Builder, Runtime},
    sync::Notify,
    task::LocalSet,
};

/// Readers on this thread, and how many messages they have received together.
struct Readers {
    runtime: Runtime,
    tasks: LocalSet,
    received: Rc<Cell<usize>>,
    arrived: Rc<Notify>,
    count: usize,
}

impl Readers {
    fn open(transport: Transport, server: &mut PinnedServer, count: usize) -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let readers = Readers {
            runtime,
            tasks: LocalSet::new(),
            received: Rc::default(),
            arrived: Rc::default(),
            count,
        };
        let head = server.metric("pushlab_posts_total") as u64;
        for _ in 0..count {
            let (received, arrived) = (readers.received.clone(), readers.arrived.clone());
            let open = Source::open(transport, &server.address, &server.cookie, head);
            let mut client = readers.tasks.block_on(&readers.runtime, open);
            readers.tasks.spawn_local(async move {
                loop {
                    client
                        .next_messages(|_| received.set(received.get() + 1))
                        .await;
                    arrived.notify_one();
                }
            });
        }
        readers
    }

    /// Runs the readers until each has received one more message.
    fn receive(&self) {
        self.tasks.block_on(&self.runtime, async {
            while self.received.get() < self.count {
                self.arrived.notified().await;
            }
        });
        self.received.set(0);
    }
}

fn deliver(
    server: &mut PinnedServer,
    readers: &Readers,
    transport: Transport,
    messages: u64,
) -> Duration {
    let mut spent = Duration::ZERO;
    for _ in 0..messages {
        if transport.parks() {
            server.until_open(transport.slug(), readers.count);
        }
        let started = Instant::now();
        server.post("a message of some ordinary length, as people write them");
        readers.receive();
        spent += started.elapsed();
    }
    spent
}

fn fanout(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fanout");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2));
    for transport in [Transport::LongPoll, Transport::Sse, Transport::WebSocket] {
        for count in [1, 100, 1_000] {
            let mut server = PinnedServer::start(&["--database", ":memory:", "--workers", "1"]);
            let readers = Readers::open(transport, &mut server, count);
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::new(transport.slug(), count), |bencher| {
                bencher.iter_custom(|messages| deliver(&mut server, &readers, transport, messages));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, fanout);
criterion_main!(benches);
