//! The values that are accepted. The TOML parser adds the line to the error of a refused value.

use protocol::Transport;
use serde::{Deserialize, Deserializer, de::Error};

fn number<'de, D: Deserializer<'de>>(
    deserializer: D,
    (low, high): (f64, f64),
    unit: &str,
) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(D::Error::custom(format!(
        "{value} is not possible here: give a number of {low} to {high}{unit}"
    )))
}

fn count<'de, D: Deserializer<'de>>(
    deserializer: D,
    (low, high): (u32, u32),
    what: &str,
) -> Result<u32, D::Error> {
    let value = i64::deserialize(deserializer)?;
    match u32::try_from(value) {
        Ok(count) if (low..=high).contains(&count) => Ok(count),
        _ => Err(D::Error::custom(format!(
            "{value} is not possible here: give {low} to {high} {what}"
        ))),
    }
}

macro_rules! numbers {
    ($($name:ident: $low:expr, $high:expr, $unit:expr;)*) => {$(
        pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
            number(deserializer, ($low, $high), $unit)
        }
    )*};
}

macro_rules! counts {
    ($($name:ident: $low:expr, $high:expr, $what:expr;)*) => {$(
        pub fn $name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
            count(deserializer, ($low, $high), $what)
        }
    )*};
}

/// The greatest rate, in messages a second in each room.
pub const MOST_RATE: f64 = 10_000.0;

numbers! {
    rate: 0.0, MOST_RATE, " messages a second";
    seconds: 0.1, 3_600.0, " seconds";
    delay_ms: 0.0, 10_000.0, " milliseconds";
    interval_ms: 1.0, 600_000.0, " milliseconds";
    factor: 1.05, 10.0, "";
}

counts! {
    rooms: 1, 5_000, "rooms";
    clients: 0, 10_000, "clients a room";
    // The least has room for the instant and the number that every body contains.
    // The lab's bodies are ASCII, and the server takes at most 4,000 characters.
    body_bytes: 32, 4_000, "bytes";
    wait_s: 1, 60, "seconds";
    repetitions: 1, 1_000, "repetitions";
}

pub fn rate_kbps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let rate = Option::<f64>::deserialize(deserializer)?;
    match rate {
        Some(rate) if !(1.0..=10_000_000.0).contains(&rate) => Err(D::Error::custom(format!(
            "{rate} is not possible here: give 1 to 10000000 kilobits a second"
        ))),
        rate => Ok(rate),
    }
}

pub fn target_ms<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let target = Option::<f64>::deserialize(deserializer)?;
    match target {
        Some(target) if !(1.0..=600_000.0).contains(&target) => Err(D::Error::custom(format!(
            "{target} is not possible here: give 1 to 600000 milliseconds"
        ))),
        target => Ok(target),
    }
}

pub fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    protocol::duration::parse(&text).map_err(D::Error::custom)?;
    Ok(text)
}

pub fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=40).contains(&name.len()) && name.chars().all(letters) {
        return Ok(name);
    }
    Err(D::Error::custom(format!(
        "{name:?} is not a valid name: give 1 to 40 of a–z, 0–9 and -"
    )))
}

pub fn transports<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Transport>, D::Error> {
    let list = Vec::<Transport>::deserialize(deserializer)?;
    let unique = list.iter().collect::<std::collections::HashSet<_>>();
    if list.is_empty() || unique.len() < list.len() {
        return Err(D::Error::custom(
            "name each transport once, and at least one: short_poll, long_poll, sse, websocket",
        ));
    }
    Ok(list)
}
