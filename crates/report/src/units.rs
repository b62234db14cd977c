//! Values as text: three significant digits, and a unit that fits their size.

use analysis::metric::{Metric, Quantity};

/// A share below this is shown as `<`: its exact value does not matter.
pub const NEGLIGIBLE_SHARE: f64 = 1e-5;

/// Between a number and its unit, which stay on one line.
const SPACE: char = '\u{a0}';

/// A value with its unit: `1.08 s`, `41.6 ms`, `0.481/s`, `35.4 %`, `2.05 KiB`.
pub fn show(quantity: Quantity, value: f64) -> String {
    precise(quantity, value, DIGITS)
}

/// A metric's value: `41.6 ms`.
pub fn shown(metric: Metric, value: f64) -> String {
    show(metric.quantity(), value)
}

fn precise(quantity: Quantity, value: f64, digits: i32) -> String {
    let number = |value| digits_of(value, digits);
    match quantity {
        Quantity::Time if value == 0.0 => format!("0{SPACE}ms"),
        Quantity::Time => scaled(value, &[(1e6, "s"), (1e3, "ms"), (1.0, "µs")], digits),
        Quantity::Bytes => bytes(value, "", digits),
        Quantity::BytesPerSecond => bytes(value, "/s", digits),
        Quantity::WholeBytes => format!("{}{SPACE}B", number(value)),
        Quantity::PerSecond => format!("{}/s", number(value)),
        Quantity::Share if value > 0.0 && value < NEGLIGIBLE_SHARE => {
            format!("<{SPACE}{}{SPACE}%", number(NEGLIGIBLE_SHARE * 100.0))
        }
        Quantity::Share => format!("{}{SPACE}%", number(value * 100.0)),
        Quantity::Count => number(value),
    }
}

/// An interval with its unit once if both ends share it: `1.07–1.09 s`; with as many digits as its
/// ends need to differ.
pub fn show_interval(quantity: Quantity, [low, high]: [f64; 2]) -> String {
    let both = |digits| {
        (
            precise(quantity, low, digits),
            precise(quantity, high, digits),
        )
    };
    let (low, high) = distinct(both);
    let unit = |text: &str| {
        text.trim_start_matches(|c: char| "0123456789.,−".contains(c))
            .to_owned()
    };
    let shared = unit(&high);
    match low.strip_suffix(&shared) {
        Some(short) if unit(&low) == shared => format!("{short}–{high}"),
        _ => format!("{low} – {high}"),
    }
}

/// The texts of the two ends, with the fewest digits with which they differ.
fn distinct(both: impl Fn(i32) -> (String, String)) -> (String, String) {
    let differ = |(low, high): &(String, String)| low != high;
    (DIGITS..6)
        .map(&both)
        .find(differ)
        .unwrap_or_else(|| both(DIGITS))
}

/// A factor with its interval: `2.1 times (1.9–2.3)`.
pub fn times(value: f64, interval: [f64; 2]) -> String {
    let [value, interval] = factor(value, interval);
    format!("{value} times ({interval})")
}

/// A factor and its interval: `2.12`, `1.91–2.33`; near 1 with three decimals: `1.000`,
/// `0.999–1.002`; with as many digits more as the ends of the interval need to differ.
pub fn factor(value: f64, [low, high]: [f64; 2]) -> [String; 2] {
    let near = (value - 1.0).abs() < 0.1;
    let shown = |value: f64, digits: i32| {
        if near {
            format!("{value:.*}", digits as usize)
        } else {
            digits_of(value, digits)
        }
    };
    let differ = |digits: &i32| shown(low, *digits) != shown(high, *digits);
    let digits = (DIGITS..6).find(differ).unwrap_or(DIGITS);
    let [value, low, high] = [value, low, high].map(|one| shown(one, digits));
    [value, format!("{low}–{high}")]
}

/// The text of an absolute value with the sign of the value; none for 0.
pub fn signed(value: f64, absolute: String) -> String {
    if value > 0.0 {
        format!("+{absolute}")
    } else if value < 0.0 {
        format!("−{absolute}")
    } else {
        absolute
    }
}

/// How far a value is from theory: `+0.15 %`, or `2.4 times` from twice theory on, where per cent
/// are hard to read. Shares differ by percentage points: `−1.5 points`.
pub fn residual(quantity: Quantity, value: f64, theory: f64) -> String {
    let hundredths = |share: f64| match (share * 1e4).round() / 100.0 {
        // A difference that is smaller still is shown as it is.
        0.0 => share * 100.0,
        rounded => rounded,
    };
    let sign = if value > theory { "+" } else { "" };
    match quantity {
        Quantity::Share => {
            let points = number(hundredths(value - theory));
            format!("{sign}{points}{SPACE}points")
        }
        _ if value >= 2.0 * theory => format!("{} times", number(value / theory)),
        _ => format!("{sign}{}{SPACE}%", number(hundredths(value / theory - 1.0))),
    }
}

/// Three significant digits, with thousands separators: `0.0487`, `41.6`, `12,300`.
pub fn number(value: f64) -> String {
    digits_of(value, DIGITS)
}

/// Every digit of a count: `12,345`.
pub fn exact(count: u64) -> String {
    grouped(&count.to_string())
}

/// Significant digits.
const DIGITS: i32 = 3;

fn digits_of(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 {
            "0".into()
        } else {
            "–".into()
        };
    }
    let size = value.abs().log10().floor() as i32;
    let rounded = round_to(value, digits - 1 - size);
    let decimals = (digits - 1 - size).clamp(0, 9) as usize;
    let text = trimmed(format!("{:.decimals$}", rounded.abs()));
    let sign = if rounded < 0.0 { "−" } else { "" };
    format!("{sign}{}", grouped(&text))
}

fn round_to(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}

/// Without trailing zeros.
fn trimmed(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn grouped(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    if whole.len() < 5 {
        return text.to_owned();
    }
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

fn bytes(value: f64, per: &str, digits: i32) -> String {
    const KIB: f64 = 1024.0;
    let units = [
        (KIB * KIB * KIB, "GiB"),
        (KIB * KIB, "MiB"),
        (KIB, "KiB"),
        (1.0, "B"),
    ];
    scaled(value, &units, digits) + per
}

/// In the largest unit that the value reaches; otherwise in the smallest.
fn scaled(value: f64, units: &[(f64, &str)], digits: i32) -> String {
    let fits = |(size, _): &&(f64, &str)| value.abs() >= size * 0.9995;
    let (size, unit) = units.iter().find(fits).unwrap_or(&units[units.len() - 1]);
    format!("{}{SPACE}{unit}", digits_of(value / size, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(quantity: Quantity, value: f64) -> String {
        show(quantity, value).replace(SPACE, " ")
    }

    #[test]
    fn units_fit_the_size() {
        assert_eq!(shown(Quantity::Time, 1_080_400.0), "1.08 s");
        assert_eq!(shown(Quantity::Time, 41_600.0), "41.6 ms");
        assert_eq!(shown(Quantity::Time, 999.9), "1 ms");
        assert_eq!(shown(Quantity::Time, 0.25), "0.25 µs");
        assert_eq!(shown(Quantity::Time, 0.0), "0 ms");
        assert_eq!(shown(Quantity::Bytes, 2_099.0), "2.05 KiB");
        assert_eq!(shown(Quantity::WholeBytes, 16_000.0), "16,000 B");
        assert_eq!(shown(Quantity::Share, 0.3535), "35.4 %");
        assert_eq!(shown(Quantity::Share, 3e-7), "< 0.001 %");
        assert_eq!(shown(Quantity::Count, 12_345.0), "12,300");
        assert_eq!(shown(Quantity::Count, 0.04871), "0.0487");
        assert_eq!(shown(Quantity::Count, -3.0), "−3");
    }

    #[test]
    fn an_interval_has_its_unit_once_and_distinct_ends() {
        let time = |low, high| show_interval(Quantity::Time, [low, high]).replace(SPACE, " ");
        assert_eq!(time(1_070_000.0, 1_090_000.0), "1.07–1.09 s");
        assert_eq!(time(990.0, 1_010.0), "990 µs – 1.01 ms");
        assert_eq!(time(40_110.0, 40_130.0), "40.11–40.13 ms");
        assert_eq!(show_interval(Quantity::Count, [1.0, 2.0]), "1–2");
    }

    #[test]
    fn a_residual_has_the_unit_that_can_be_read() {
        let shown = |quantity, value, theory| residual(quantity, value, theory).replace(SPACE, " ");
        assert_eq!(shown(Quantity::Time, 1_001.5, 1_000.0), "+0.15 %");
        assert_eq!(shown(Quantity::Time, 900.0, 1_000.0), "−10 %");
        assert_eq!(shown(Quantity::Time, 1_000.012, 1_000.0), "+0.0012 %");
        assert_eq!(shown(Quantity::Bytes, 1_261.0, 1.0), "1260 times");
        assert_eq!(shown(Quantity::Time, 2_000.0, 1_000.0), "2 times");
        assert_eq!(shown(Quantity::Share, 0.355, 0.37), "−1.5 points");
        assert_eq!(shown(Quantity::Share, 0.5, 0.0001), "+50 points");
    }

    #[test]
    fn a_factor_near_one_shows_its_digits() {
        assert_eq!(times(2.123, [1.912, 2.334]), "2.12 times (1.91–2.33)");
        assert_eq!(
            times(1.0004, [0.99912, 1.0021]),
            "1.000 times (0.999–1.002)"
        );
        assert_eq!(
            times(1.0582, [1.05812, 1.05831]),
            "1.0582 times (1.0581–1.0583)"
        );
        assert_eq!(times(1.491, [1.4902, 1.4914]), "1.491 times (1.49–1.491)");
    }
}
