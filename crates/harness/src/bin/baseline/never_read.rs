//! Readers that never read.

use std::{io::Write, net::TcpStream, thread, time::Duration};

use harness::PinnedServer;

use crate::fan_out::frame;

const READERS: usize = 1_000;
const MESSAGES: u32 = 10_000;
/// How often the server's memory is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Prints how much memory the server takes while many messages pass readers that read none.
pub fn print() {
    println!("{READERS} readers of each kind that never read, while {MESSAGES} messages pass");
    for (kind, events) in [("WebSockets", false), ("event streams", true)] {
        let mut server = PinnedServer::start(&["--workers", "1", "--database", ":memory:"]);
        let readers: Vec<TcpStream> = (0..READERS)
            .map(|_| match events {
                true => server.events("lobby"),
                false => server.socket("lobby"),
            })
            .collect();
        let slug = if events { "sse" } else { "websocket" };
        server.until_open(slug, READERS);
        let before = server.pss_bytes();
        let mut socket = server.posting_socket();
        let publishing = thread::spawn(move || {
            for number in 0..MESSAGES {
                let written = socket.write_all(&frame(number, Duration::ZERO));
                written.expect("the server reads");
            }
            socket
        });
        let mut most = before;
        while server.metric("pushlab_posts_total") < f64::from(MESSAGES) {
            most = most.max(server.pss_bytes());
            thread::sleep(LOOK);
        }
        drop(publishing.join().expect("the publisher does not fail"));
        let after = server.pss_bytes();
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        println!(
            "{kind:<14} before {:.1} MiB, at most {:.1}, after {:.1}: {:.1} KiB a reader",
            mib(before),
            mib(most),
            mib(after),
            most.saturating_sub(before) as f64 / 1024.0 / READERS as f64
        );
        drop(readers);
    }
    println!("What the kernel holds for their sockets is not in it.\n");
}
