//! What SQLite and PostgreSQL cost, side by side. `scripts/stores` builds and runs it.

mod cost;
mod place;
mod sizes;

use clap::Parser;

/// What the two databases cost.
#[derive(Parser)]
struct Cli {
    /// How often each is measured, in turn
    #[arg(long, default_value_t = 5, value_name = "N")]
    turns: u32,
    /// Fill both and measure how long it takes to start, to read and to post
    #[arg(long)]
    sizes: bool,
    /// Accounts with --sizes
    #[arg(long, default_value_t = 10_000_000, value_name = "N")]
    accounts: u64,
    /// Rooms with --sizes; 10,000 is what `--rooms` allows by default
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    rooms: u64,
    /// Messages with --sizes: half of them in one room
    #[arg(long, default_value_t = 10_000_000, value_name = "N")]
    messages: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let cli = Cli::parse();
    if cli.sizes {
        sizes::print(cli.accounts, cli.rooms, cli.messages).await;
    } else {
        cost::print(cli.turns).await;
    }
}
