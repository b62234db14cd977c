//! The most deliveries a second of each server.

use crate::{
    fan_out::{Load, Server, measure},
    summary::BUSY,
};

const READERS: usize = 1_000;
const FIRST_RATE: u32 = 40;
const SECONDS: u32 = 3;
/// What the 99th percentile of latency must stay below, in milliseconds.
const LIMIT_MS: f64 = 100.0;

/// Raises the rate by a quarter until deliveries are late.
pub async fn print() {
    println!("The most deliveries a second to {READERS} readers with p99 < {LIMIT_MS} ms");
    for server in Server::ALL {
        let (mut rate, mut best, mut generator) = (FIRST_RATE, 0, 0.0);
        loop {
            let load = Load {
                readers: READERS,
                rate,
                seconds: SECONDS,
            };
            let measured = measure(server, load).await;
            generator = measured.generator.max(generator);
            if measured.p99_ms >= LIMIT_MS || measured.share < 1.0 {
                break;
            }
            best = rate;
            rate += rate / 4;
        }
        let limited = if generator > BUSY { "≥" } else { " " };
        println!(
            "{:<22} {limited} {}",
            server.name(),
            best as usize * READERS
        );
    }
    println!();
}
