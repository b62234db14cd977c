//! Kills the server again and again under load, and checks that it broke no promise. `scripts/torture`
//! builds and runs it.

use std::{process::ExitCode, time::Instant};

use clap::Parser;
use harness::torture::{self, Plant};

/// Kills the server again and again under load, and checks that it broke no promise
#[derive(Parser)]
#[command(name = "torture")]
struct Arguments {
    /// How often it is killed
    #[arg(long, default_value_t = 500)]
    kills: u32,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { kills } = Arguments::parse();
    for plant in Plant::ALL {
        let Err(violation) = torture::run(10, Some(plant)).await else {
            eprintln!("torture: {plant:?} was planted and not found");
            return ExitCode::FAILURE;
        };
        println!("planted: {plant:?}; found: {violation}");
    }
    let begun = Instant::now();
    match torture::run(kills, None).await {
        Ok(survived) => {
            println!(
                "killed {} times in {:.0} s: of {} acknowledged messages none was lost, and all {} stored ones \
                 came over each transport once and in order",
                survived.kills,
                begun.elapsed().as_secs_f64(),
                survived.acknowledged,
                survived.stored
            );
            ExitCode::SUCCESS
        }
        Err(violation) => {
            eprintln!("torture: {violation}");
            ExitCode::FAILURE
        }
    }
}
