//! Measures the memory of idle readers: it opens many readers of each transport and prints the
//! server's memory per reader. `scripts/idle-cost` builds and runs it.

use std::{cell::Cell, rc::Rc, time::Duration};

use harness::{PinnedServer, Source};
use protocol::Transport;
use tokio::task::LocalSet;

const READERS: usize = 10_000;
/// The limit in KiB per reader.
const LIMIT: f64 = 5.0;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let readers = match std::env::args().nth(1).map(|argument| argument.parse()) {
        Some(Ok(readers)) => readers,
        Some(Err(_)) => return fail("usage: idle-cost [READERS]"),
        None => READERS,
    };
    if rlimit::increase_nofile_limit(u64::MAX).unwrap_or(0) < readers as u64 + 100 {
        return fail(
            "the limit of open files is too low: raise `ulimit -n` above the number of readers, or \
             use fewer readers",
        );
    }
    println!("{readers} idle readers of each transport; server memory (PSS) per reader:");
    let mut most = 0.0_f64;
    for transport in [Transport::WebSocket, Transport::Sse, Transport::LongPoll] {
        let kib = LocalSet::new().run_until(cost(transport, readers)).await;
        println!("{:<20} {kib:6.2} KiB", transport.name());
        most = most.max(kib);
    }
    println!(
        "It is the task of the connection, its recorder, and the open response. No buffer is kept."
    );
    if most > LIMIT {
        fail(&format!("more than the limit of {LIMIT} KiB"));
    }
}

fn fail(why: &str) {
    eprintln!("idle-cost: {why}");
    std::process::exit(1);
}

/// The memory per reader, in KiB: the growth of a new server divided by the number of readers,
/// after every stream has received a heartbeat.
async fn cost(transport: Transport, readers: usize) -> f64 {
    let arguments = ["--database", ":memory:", "--heartbeat", "2s"];
    let mut server = PinnedServer::start(&arguments);
    let before = server.pss_bytes();
    let with_heartbeat = Rc::new(Cell::new(0));
    for _ in 0..readers {
        let mut client = Source::open(transport, &server.address, &server.cookie, 0).await;
        let with_heartbeat = with_heartbeat.clone();
        tokio::task::spawn_local(async move {
            client.next_messages(|_| {}).await;
            with_heartbeat.set(with_heartbeat.get() + 1);
            // Keeps sending pongs, so that the server does not drop the reader.
            loop {
                client.next_messages(|_| {}).await;
            }
        });
    }
    server.until_open(transport.slug(), readers);
    while !transport.parks() && with_heartbeat.get() < readers {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (server.pss_bytes() - before) as f64 / readers as f64 / 1024.0
}
