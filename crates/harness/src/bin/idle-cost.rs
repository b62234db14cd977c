//! What silence costs: opens many idle readers of each kind, and says how much memory the server
//! needs for each. `scripts/idle-cost` builds and runs it.

use std::{cell::Cell, rc::Rc, time::Duration};

use harness::{PinnedServer, Source};
use protocol::Transport;
use tokio::task::LocalSet;

const READERS: usize = 10_000;
/// What the server must stay below, in KiB a reader.
const ALLOWED: f64 = 20.0;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let readers = match std::env::args().nth(1).map(|given| given.parse()) {
        Some(Ok(readers)) => readers,
        Some(Err(_)) => return fail("usage: idle-cost [READERS]"),
        None => READERS,
    };
    if rlimit::increase_nofile_limit(u64::MAX).unwrap_or(0) < readers as u64 + 100 {
        return fail(
            "too few open files are allowed: raise `ulimit -n` above the readers, or give fewer",
        );
    }
    println!("{readers} idle readers of each kind; memory is the server's PSS, by the reader");
    let mut most = 0.0_f64;
    for transport in [Transport::WebSocket, Transport::Sse, Transport::LongPoll] {
        let kib = LocalSet::new().run_until(cost(transport, readers)).await;
        println!("{:<20} {kib:6.2} KiB", transport.name());
        most = most.max(kib);
    }
    println!(
        "most of it is actix-http's two 8-KiB buffers, as far as their pages were touched; the rest is\n\
         the connection's task, the open answer, and for a parked poll the request that waits"
    );
    if most > ALLOWED {
        fail(&format!("more than the {ALLOWED} KiB allowed"));
    }
}

fn fail(why: &str) {
    eprintln!("idle-cost: {why}");
    std::process::exit(1);
}

/// The memory of one reader, in KiB: the growth of a fresh server divided by the readers, once
/// every stream has had a heartbeat.
async fn cost(transport: Transport, readers: usize) -> f64 {
    let arguments = ["--database", ":memory:", "--heartbeat", "2s"];
    let mut server = PinnedServer::start(&arguments);
    let before = server.pss_bytes();
    let heard = Rc::new(Cell::new(0));
    for _ in 0..readers {
        let mut client = Source::open(transport, &server.address, &server.cookie, 0).await;
        let heard = heard.clone();
        tokio::task::spawn_local(async move {
            client.next_messages(|_| {}).await;
            heard.set(heard.get() + 1);
            // Pings are answered from here on too, so that nobody is dropped for silence.
            loop {
                client.next_messages(|_| {}).await;
            }
        });
    }
    server.until_open(transport.slug(), readers);
    while !transport.parks() && heard.get() < readers {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (server.pss_bytes() - before) as f64 / readers as f64 / 1024.0
}
