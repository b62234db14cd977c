//! Empty polls a second.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use harness::{PinnedServer, Source, cpu_ns};
use protocol::Transport;
use tokio::task::LocalSet;

use crate::summary::mean_and_half_width;

const CLIENTS: usize = 64;
const TURN: Duration = Duration::from_secs(3);

/// Lets clients poll without a pause, with a session that is checked, and counts.
pub async fn print(turns: u32) {
    let mut rates = Vec::new();
    let mut costs = Vec::new();
    for _ in 0..turns {
        let server = PinnedServer::start(&["--workers", "1", "--database", ":memory:"]);
        let (rate, cost) = LocalSet::new().run_until(turn(&server)).await;
        rates.push(rate);
        costs.push(cost);
    }
    let (rate, half) = mean_and_half_width(&rates);
    let (cost, cost_half) = mean_and_half_width(&costs);
    println!(
        "{CLIENTS} clients without a pause: {rate:.0} ± {half:.0} empty polls a second, {cost:.2} ± \
         {cost_half:.2} µs of the server each"
    );
}

async fn turn(server: &PinnedServer) -> (f64, f64) {
    let polls = Rc::new(Cell::new(0_u64));
    for _ in 0..CLIENTS {
        let polls = polls.clone();
        let mut client =
            Source::open(Transport::ShortPoll, &server.address, &server.cookie, 0).await;
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
    let (polls_before, cpu_before, started) = (polls.get(), cpu_ns(server.pid()), Instant::now());
    tokio::time::sleep(TURN).await;
    let counted = (polls.get() - polls_before) as f64;
    let cpu_us = (cpu_ns(server.pid()) - cpu_before) as f64 / 1e3;
    (counted / started.elapsed().as_secs_f64(), cpu_us / counted)
}
