//! Fan-out: deliveries a second of one message to many readers, from the post to the last receipt.
//!
//! The server is a process with one worker and a database in memory; the readers are plain sockets
//! on one thread here. With long polling the next message is posted after all polls are parked;
//! that wait is not measured. Beside it stands a server that uses actix-ws as its documentation does
//! and stores nothing, to show what the difference buys.

mod baseline;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

use baseline::ActixWs;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, measurement::WallTime,
};
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
    /// Opens readers after `head`.
    fn open(transport: Transport, address: &str, cookie: &str, head: u64, count: usize) -> Self {
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
        for _ in 0..count {
            let (received, arrived) = (readers.received.clone(), readers.arrived.clone());
            let open = Source::open(transport, address, cookie, head);
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

/// The time from each post until all readers have it.
fn deliver(
    readers: &Readers,
    messages: u64,
    mut until_parked: impl FnMut(),
    mut post: impl FnMut(&str),
) -> Duration {
    let mut spent = Duration::ZERO;
    for _ in 0..messages {
        until_parked();
        let started = Instant::now();
        post("a message of some ordinary length, as people write them");
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
    for count in [1, 100, 1_000] {
        group.throughput(Throughput::Elements(count as u64));
        for transport in [Transport::LongPoll, Transport::Sse, Transport::WebSocket] {
            pushlab(&mut group, transport, count);
        }
        actix_ws(&mut group, count);
    }
    group.finish();
}

fn pushlab(group: &mut BenchmarkGroup<WallTime>, transport: Transport, count: usize) {
    let server = PinnedServer::start(&["--database", ":memory:", "--workers", "1"]);
    let (address, cookie) = (server.address.clone(), server.cookie.clone());
    let server = RefCell::new(server);
    let head = server.borrow_mut().metric("pushlab_posts_total") as u64;
    let readers = Readers::open(transport, &address, &cookie, head, count);
    let until_parked = || {
        if transport.parks() {
            server.borrow_mut().until_open(transport.slug(), count);
        }
    };
    let post = |body: &str| server.borrow_mut().post(body);
    group.bench_function(BenchmarkId::new(transport.slug(), count), |bencher| {
        bencher.iter_custom(|messages| deliver(&readers, messages, until_parked, post));
    });
}

fn actix_ws(group: &mut BenchmarkGroup<WallTime>, count: usize) {
    let mut server = ActixWs::start();
    let readers = Readers::open(Transport::WebSocket, &server.address, "none", 0, count);
    server.until_open(count);
    group.bench_function(BenchmarkId::new("actix-ws", count), |bencher| {
        bencher
            .iter_custom(|messages| deliver(&readers, messages, || {}, |body| server.post(body)));
    });
}

criterion_group!(benches, fanout);

fn main() {
    if std::env::args().nth(1).as_deref() == Some(baseline::ARGUMENT) {
        return baseline::serve();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
