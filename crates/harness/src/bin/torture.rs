//! Kills the server again and again under load, and checks that it broke no promise; attacks it, and measures
//! what a quiet room feels of that. `scripts/torture` builds and runs it.

use std::{process::ExitCode, time::Instant};

use clap::{Parser, ValueEnum};
use harness::torture::{self, Attack, Plant, QuietRoom, Target};

/// Kills the server again and again under load, and checks that it broke no promise
#[derive(Parser)]
#[command(name = "torture")]
struct Arguments {
    /// How often it is killed; each tenth time it is first stopped for a while, kept from its database, or left
    /// without room on its disk
    #[arg(long, default_value_t = 500)]
    kills: u32,
    /// Attack it instead, in these ways or in all, and measure what a message in a quiet room takes meanwhile
    #[arg(long, num_args = 0.., value_name = "ATTACK")]
    attacks: Option<Vec<Attack>>,
    /// Attack the server at --address until this is ended
    #[arg(long, hide = true, requires = "address", requires = "cookie")]
    attack: Option<Attack>,
    #[arg(long, hide = true)]
    address: Option<String>,
    #[arg(long, hide = true)]
    cookie: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(attack) = arguments.attack {
        let (address, cookie) = (arguments.address, arguments.cookie);
        let target = address
            .zip(cookie)
            .map(|(address, cookie)| Target { address, cookie });
        attack.run(target.expect("clap requires both")).await;
        ExitCode::SUCCESS
    } else if let Some(attacks) = arguments.attacks {
        tokio::task::spawn_blocking(|| attack(attacks))
            .await
            .expect("it does not panic");
        ExitCode::SUCCESS
    } else {
        kill(arguments.kills).await
    }
}

fn attack(named: Vec<Attack>) {
    let attacks = match &named[..] {
        [] => Attack::value_variants(),
        named => named,
    };
    println!("99th percentile of a message in a quiet room, ms; medians of five rounds");
    println!(
        "{:<14} {:>7} {:>9} {:>7}",
        "attack", "alone", "attacked", "rise"
    );
    for attack in attacks {
        let room = QuietRoom::under(*attack);
        println!(
            "{:<14} {:>7.1} {:>9.1} {:>7.1}",
            attack.name(),
            room.alone.as_secs_f64() * 1e3,
            room.attacked.as_secs_f64() * 1e3,
            room.rise_ms
        );
    }
}

async fn kill(kills: u32) -> ExitCode {
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
                "killed {kills} times and otherwise hindered {} times in {:.0} s: of {} acknowledged messages none was \
                 lost, and all {} stored ones came over each transport once and in order",
                survived.others,
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
