//! Empty polls a second.

use std::{
    cell::Cell,
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

use harness::{Nginx, PinnedServer, Source, cpu_ns};
use protocol::Transport;
use tokio::task::LocalSet;

use crate::summary::mean_and_half_width;

const CLIENTS: usize = 64;
const TURN: Duration = Duration::from_secs(3);

/// Lets clients poll without a pause, with a session that is checked, and counts; beside nginx with a
/// constant 204, where it is installed.
pub async fn print(turns: u32) {
    let (mut own, mut ratios, mut costs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..turns {
        let server = PinnedServer::start(&["--workers", "1", "--database", ":memory:"]);
        let polls = LocalSet::new()
            .run_until(turn(&server.address, &server.cookie, server.pid()))
            .await;
        drop(server);
        own.push(polls.a_second);
        costs.push(polls.cpu_us);
        if let Some(nginx) = Nginx::start(constant_204) {
            let constant = LocalSet::new()
                .run_until(turn(&nginx.address, "none", nginx.pid()))
                .await;
            ratios.push(polls.a_second / constant.a_second);
        }
    }
    let (rate, half) = mean_and_half_width(&own);
    let (cost, cost_half) = mean_and_half_width(&costs);
    println!(
        "{CLIENTS} clients without a pause: {rate:.0} ± {half:.0} empty polls a second, {cost:.2} ± \
         {cost_half:.2} µs of the server each"
    );
    if ratios.len() > 1 {
        let (ratio, half) = mean_and_half_width(&ratios);
        println!("  {ratio:.2} ± {half:.2} of nginx with a constant 204");
    }
}

fn constant_204(address: &str, _: &Path) -> String {
    format!("keepalive_requests 1000000000; server {{ listen {address}; return 204; }}")
}

struct Polls {
    a_second: f64,
    /// Processor time of the server for each, in microseconds.
    cpu_us: f64,
}

async fn turn(address: &str, cookie: &str, pid: u32) -> Polls {
    let polls = Rc::new(Cell::new(0_u64));
    for _ in 0..CLIENTS {
        let polls = polls.clone();
        let mut client = Source::open(Transport::ShortPoll, address, cookie, 0).await;
        tokio::task::spawn_local(async move {
            loop {
                client.next_messages(|_| {}).await;
                polls.set(polls.get() + 1);
            }
        });
    }
    while polls.get() < 10 * CLIENTS as u64 {
        tokio::task::yield_now().await;
    }
    let (polls_before, cpu_before, started) = (polls.get(), cpu_ns(pid), Instant::now());
    tokio::time::sleep(TURN).await;
    let counted = (polls.get() - polls_before) as f64;
    let cpu_us = (cpu_ns(pid) - cpu_before) as f64 / 1e3;
    Polls {
        a_second: counted / started.elapsed().as_secs_f64(),
        cpu_us: cpu_us / counted,
    }
}
