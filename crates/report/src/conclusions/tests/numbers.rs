//! The numbers that a sentence claims, and the same numbers computed from trials without the
//! report's own code.

use analysis::results::{Results, Trial};
use protocol::Transport;

use super::support::at;

/// Student's t at 95 % with 4 degrees of freedom: the samples have five trials a cell.
const T: f64 = 2.776_445;

/// Every number of a sentence, in its order: times in µs, bytes in B, shares as shares of 1. The
/// first end of an interval such as `1.9–2.3 ms` has the unit of the second.
pub fn numbers(sentence: &str) -> Vec<f64> {
    let text = sentence.replace('\u{a0}', " ");
    let mut found: Vec<(f64, bool)> = Vec::new();
    let mut rest = text.as_str();
    while let Some(place) = rest.find(|c: char| c.is_ascii_digit()) {
        // A quantile such as p99 is a name.
        let is_quantile = rest[..place].ends_with('p');
        let tail = &rest[place..];
        let length = tail
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(tail.len());
        let digits = tail[..length].trim_end_matches(['.', ',']);
        let after = &tail[digits.len()..];
        let sign = if rest[..place].ends_with('−') {
            -1.0
        } else {
            1.0
        };
        let value = sign * digits.replace(',', "").parse::<f64>().unwrap();
        if !is_quantile {
            let factor = unit(after);
            // The first end of an interval takes the unit of the second.
            if let Some((low, true)) = found.last_mut().map(|(low, open)| (low, *open)) {
                *low *= factor;
            }
            if let Some((_, open)) = found.last_mut() {
                *open = false;
            }
            found.push((value * factor, after.starts_with('–')));
        }
        rest = after;
    }
    found.into_iter().map(|(value, _)| value).collect()
}

/// The factor of the unit that a text begins with.
fn unit(text: &str) -> f64 {
    let word = text.trim_start_matches(' ');
    let units = [
        ("µs", 1.0),
        ("ms", 1e3),
        ("KiB", 1024.0),
        ("MiB", 1_048_576.0),
        ("GiB", 1_073_741_824.0),
        ("%", 0.01),
    ];
    let found = units.into_iter().find(|(name, _)| word.starts_with(name));
    let is_second = word.strip_prefix('s').is_some_and(|rest| {
        text.starts_with(' ') && !rest.starts_with(|c: char| c.is_alphabetic())
    });
    found.map_or(if is_second { 1e6 } else { 1.0 }, |(_, factor)| factor)
}

/// Asserts that a sentence has exactly these numbers, as exactly as three digits can tell.
pub fn claims(sentence: &str, expected: &[f64]) {
    let found = numbers(sentence);
    assert_eq!(
        found.len(),
        expected.len(),
        "{sentence}\n{found:?}\n{expected:?}"
    );
    for (found, expected) in found.iter().zip(expected) {
        // Half a unit of the third digit of 100 is 0.5 %; factors near 1 have three decimals.
        let tolerance = (expected.abs() * 0.006).max(1e-9);
        assert!(
            (found - expected).abs() <= tolerance,
            "{sentence}\n{found} {expected}"
        );
    }
}

/// The trials of a cell in the order of their blocks; `level` as in `results.json`, empty for none.
pub fn cell<'a>(results: &'a Results, transport: Transport, level: &str) -> Vec<&'a Trial> {
    let is_of = |trial: &&Trial| trial.transport == transport && at(trial) == level;
    let mut trials: Vec<_> = results.trials.iter().filter(is_of).collect();
    trials.sort_by_key(|trial| trial.repetition);
    assert_eq!(trials.len(), 5, "{} {level}", transport.name());
    trials
}

pub type Of = fn(&Trial) -> f64;

pub fn mean_latency(trial: &Trial) -> f64 {
    trial.delivery_us.mean.unwrap()
}

pub fn latency_at(trial: &Trial, q: f64) -> f64 {
    trial.delivery_us.samples().unwrap().raw_quantile(q) as f64
}

pub fn ip_bytes(trial: &Trial) -> f64 {
    (trial.bytes.ip_up.unwrap() + trial.bytes.ip_down.unwrap()) as f64
}

pub fn ip_bytes_per_message(trial: &Trial) -> f64 {
    ip_bytes(trial) / trial.received as f64
}

pub fn ip_bytes_per_s(trial: &Trial) -> f64 {
    ip_bytes(trial) / (trial.seconds * f64::from(trial.clients))
}

pub fn cpu_per_delivery(trial: &Trial) -> f64 {
    trial.server.cpu_us.unwrap() / trial.received as f64
}

pub fn average(trials: &[&Trial], of: Of) -> f64 {
    trials.iter().map(|trial| of(trial)).sum::<f64>() / trials.len() as f64
}

/// A mean and the ends of its interval.
pub fn mean_with_interval(trials: &[&Trial], of: Of) -> [f64; 3] {
    let values: Vec<f64> = trials.iter().map(|trial| of(trial)).collect();
    let (mean, half) = mean_and_half(&values);
    [mean, mean - half, mean + half]
}

/// The ratio of two cells and the ends of its interval: Student's t on the logarithms, by block.
pub fn ratio(a: &[&Trial], b: &[&Trial], of: Of) -> [f64; 3] {
    let pairs = a.iter().zip(b);
    let logs: Vec<f64> = pairs.map(|(a, b)| (of(a) / of(b)).ln()).collect();
    let (mean, half) = mean_and_half(&logs);
    [mean, mean - half, mean + half].map(f64::exp)
}

fn mean_and_half(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, T * (squares / (count - 1.0) / count).sqrt())
}

#[test]
fn the_numbers_of_a_sentence_are_read() {
    let sentence =
        "At d = 40 ms it is 2.1 times (1.9–2.3), p99 1.07–1.09 s, −12 % of 12,300/s, 2 KiB.";
    let expected = [4e4, 2.1, 1.9, 2.3, 1.07e6, 1.09e6, -0.12, 12_300.0, 2_048.0];
    assert_eq!(numbers(&sentence.replace(" ms", "\u{a0}ms")), expected);
}
