//! Memory of idle readers.

use std::{cell::Cell, rc::Rc, time::Duration};

use harness::{PinnedServer, Source};
use protocol::Transport;
use tokio::task::LocalSet;

const READERS: [usize; 3] = [100, 1_000, 10_000];

/// Prints the server's memory for each idle reader of each transport.
pub async fn print() {
    println!("Memory (PSS) of an idle reader, in KiB: the server's growth by their number");
    print!("{:<22}", "");
    for readers in READERS {
        print!(" {:>14}", format!("{readers} readers"));
    }
    println!();
    for transport in [Transport::WebSocket, Transport::Sse, Transport::LongPoll] {
        print!("{:<22}", transport.name());
        for readers in READERS {
            let kib = LocalSet::new().run_until(cost(transport, readers)).await;
            print!(" {kib:>14.2}");
        }
        println!();
    }
    println!();
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
    server.pss_bytes().saturating_sub(before) as f64 / readers as f64 / 1024.0
}
