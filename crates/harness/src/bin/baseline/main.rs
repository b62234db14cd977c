//! What a delivery costs, beside the floor: a server that does nothing but `send`. `scripts/baseline`
//! builds and runs it.
//!
//! Servers take turns on one core, and this program has the other. Ratios are of one turn; their interval is
//! Student's, over the turns.

mod bare;
mod empty_polls;
mod fan_out;
mod figure;
mod idle;
mod most;
mod never_read;
mod posts;
mod quiet_room;
mod summary;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

use fan_out::{Load, Server, measure};
use summary::Summary;

/// Deliveries a second at which costs are compared: what a core can send in half of its time.
const DELIVERIES_PER_S: u32 = 50_000;
/// The most messages a second.
const MOST_PER_S: u32 = 50;

/// Measures what a delivery costs, beside a server that does nothing but send
#[derive(Parser)]
#[command(name = "baseline")]
struct Arguments {
    /// Numbers of readers; 0 leaves the comparison out
    #[arg(long, value_delimiter = ',', default_values_t = [1, 100, 1_000, 5_000])]
    readers: Vec<usize>,
    /// Turns of each server
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=50))]
    turns: u32,
    /// Seconds of each turn
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=60))]
    seconds: u32,
    /// Raises the rate with 1,000 readers until p99 passes 100 ms
    #[arg(long)]
    max: bool,
    /// Counts empty polls a second of 64 clients
    #[arg(long)]
    polls: bool,
    /// Counts the posts that a core commits, from 1 sender and 64
    #[arg(long)]
    posts: bool,
    /// Measures a quiet room beside a busy one
    #[arg(long)]
    quiet_room: bool,
    /// Measures the memory of idle readers
    #[arg(long)]
    idle: bool,
    /// Measures the memory under readers that never read
    #[arg(long)]
    never_read: bool,
    /// Draws the ratios into this SVG file
    #[arg(long)]
    figure: Option<PathBuf>,
}

impl Arguments {
    /// The most readers that are open at once.
    fn most_readers(&self) -> u64 {
        let compared = self.readers.iter().max().copied().unwrap_or(0);
        let others = if self.quiet_room || self.idle {
            10_000
        } else {
            1_000
        };
        compared.max(others) as u64
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(bare::ARGUMENT) {
        bare::serve();
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::parse();
    if rlimit::increase_nofile_limit(u64::MAX).unwrap_or(0) < arguments.most_readers() + 100 {
        eprintln!("baseline: the limit of open files is too low: raise `ulimit -n`");
        return ExitCode::FAILURE;
    }
    let mut summaries = Vec::new();
    for &readers in arguments.readers.iter().filter(|readers| **readers > 0) {
        summaries.extend(compare(readers, &arguments).await);
    }
    if let Some(path) = &arguments.figure
        && let Err(error) = std::fs::write(path, figure::draw(&summaries))
    {
        eprintln!("baseline: cannot write {}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    if arguments.max {
        most::print().await;
    }
    if arguments.polls {
        empty_polls::print(arguments.turns).await;
    }
    if arguments.posts {
        posts::print(arguments.turns).await;
    }
    if arguments.quiet_room {
        quiet_room::print(arguments.turns).await;
    }
    if arguments.idle {
        idle::print().await;
    }
    if arguments.never_read {
        never_read::print();
    }
    ExitCode::SUCCESS
}

/// Measures all servers with so many readers, in turns, and prints a table.
async fn compare(readers: usize, arguments: &Arguments) -> Vec<Summary> {
    let load = Load {
        readers,
        rate: MOST_PER_S
            .min(DELIVERIES_PER_S / readers.max(1) as u32)
            .max(1),
        seconds: arguments.seconds,
    };
    let mut turns = vec![Vec::new(); Server::ALL.len()];
    for turn in 0..arguments.turns as usize {
        for place in 0..Server::ALL.len() {
            // Each server is first, second and so on in its turn.
            let index = (turn + place) % Server::ALL.len();
            turns[index].push(measure(Server::ALL[index], load).await);
        }
    }
    let floor = turns[0].clone();
    println!(
        "{readers} readers, {} messages a second of {} bytes",
        load.rate,
        fan_out::BODY_BYTES
    );
    println!("{}", Summary::HEAD);
    let summaries = Server::ALL.into_iter().zip(&turns);
    let summaries: Vec<_> = summaries
        .map(|(server, turns)| Summary::new(server, readers, turns, &floor))
        .collect();
    for summary in &summaries {
        println!("{summary}");
    }
    println!();
    summaries
}
