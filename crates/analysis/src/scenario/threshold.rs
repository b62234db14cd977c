//! Thresholds: the table `[pass]` of an experiment, with keys `TRANSPORT.METRIC = "< 50ms"`.

use std::fmt;

use crate::metric::{Metric, Quantity};

/// A condition on a metric's value: `< 50ms`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    operator: Operator,
    /// In `unit`, as it was written.
    amount: f64,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// A unit, and its size in the unit of the metric.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Unit {
    name: &'static str,
    size: f64,
}

impl Operator {
    /// The longer signs first: each begins with a shorter one.
    const ALL: [Operator; 4] = [
        Operator::AtMost,
        Operator::AtLeast,
        Operator::Below,
        Operator::Above,
    ];

    fn sign(self) -> &'static str {
        match self {
            Operator::Below => "<",
            Operator::AtMost => "<=",
            Operator::Above => ">",
            Operator::AtLeast => ">=",
        }
    }
}

/// The units that a threshold of this quantity may have.
fn units(quantity: Quantity) -> &'static [Unit] {
    const fn unit(name: &'static str, size: f64) -> Unit {
        Unit { name, size }
    }
    const TIME: [Unit; 4] = [
        unit("ms", 1e3),
        unit("µs", 1.0),
        unit("us", 1.0),
        unit("s", 1e6),
    ];
    const BYTES: [Unit; 2] = [unit("B", 1.0), unit("KiB", 1_024.0)];
    const SHARE: [Unit; 1] = [unit("%", 0.01)];
    const NUMBER: [Unit; 1] = [unit("", 1.0)];
    match quantity {
        Quantity::Time => &TIME,
        Quantity::Bytes | Quantity::BytesPerSecond | Quantity::WholeBytes => &BYTES,
        Quantity::Share => &SHARE,
        Quantity::PerSecond | Quantity::Count => &NUMBER,
    }
}

impl Threshold {
    /// Parses a threshold of a metric, whose quantity says which units it may have.
    ///
    /// # Errors
    /// A sentence with what is accepted.
    pub fn parse(text: &str, metric: Metric) -> Result<Self, String> {
        Self::read(text, units(metric.quantity())).ok_or_else(|| refusal(text, metric))
    }

    fn read(text: &str, units: &[Unit]) -> Option<Self> {
        let text = text.trim();
        let (operator, rest) = Operator::ALL
            .into_iter()
            .find_map(|operator| Some((operator, text.strip_prefix(operator.sign())?)))?;
        let rest = rest.trim_start();
        let is_of_number = |c: char| c.is_ascii_digit() || c == '.';
        let end = rest.find(|c| !is_of_number(c)).unwrap_or(rest.len());
        let (number, unit) = rest.split_at(end);
        let unit = units.iter().find(|one| one.name == unit.trim_start())?;
        Some(Threshold {
            operator,
            amount: number.parse().ok()?,
            unit: *unit,
        })
    }

    /// Whether a value in the metric's unit meets the condition.
    pub fn holds(self, value: f64) -> bool {
        let limit = self.amount * self.unit.size;
        match self.operator {
            Operator::Below => value < limit,
            Operator::AtMost => value <= limit,
            Operator::Above => value > limit,
            Operator::AtLeast => value >= limit,
        }
    }

    /// Whether the condition asks for at least so much, rather than at most.
    pub fn asks_for_more(self) -> bool {
        matches!(self.operator, Operator::Above | Operator::AtLeast)
    }
}

fn refusal(text: &str, metric: Metric) -> String {
    let names: Vec<_> = units(metric.quantity())
        .iter()
        .map(|unit| unit.name)
        .collect();
    let unit = match names[..] {
        [""] => String::new(),
        _ => format!(" with one of the units {}", names.join(", ")),
    };
    format!(
        "{text:?} is no threshold of {metric}: give <, <=, > or >= and a number{unit}, such as \"< 50{}\"",
        names[0]
    )
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}{}",
            self.operator.sign(),
            self.amount,
            self.unit.name
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, metric: Metric) -> Threshold {
        Threshold::parse(text, metric).unwrap()
    }

    #[test]
    fn a_threshold_has_the_units_of_its_metric() {
        for (text, metric, inside, outside) in [
            ("< 50ms", Metric::P99, 49_999.0, 50_000.0),
            ("<=50 ms", Metric::P99, 50_000.0, 50_000.1),
            ("< 1.5s", Metric::MEAN, 1_400_000.0, 1_600_000.0),
            ("< 80µs", Metric::CpuPerDelivery, 79.0, 81.0),
            ("< 80us", Metric::CpuPerDelivery, 79.0, 81.0),
            ("<= 2KiB", Metric::IpBytesPerMessage, 2_048.0, 2_049.0),
            ("< 300B", Metric::IpBytesPerS, 299.0, 301.0),
            (">= 10 %", Metric::EmptyShare, 0.1, 0.09),
            ("> 20000", Metric::Capacity, 20_001.0, 20_000.0),
        ] {
            let threshold = parsed(text, metric);
            assert!(threshold.holds(inside), "{text}");
            assert!(!threshold.holds(outside), "{text}");
        }
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        let threshold = parsed("  <50ms ", Metric::P99);
        assert_eq!(threshold.to_string(), "< 50ms");
        assert_eq!(parsed(&threshold.to_string(), Metric::P99), threshold);
        assert_eq!(parsed(">= 0.5", Metric::RequestsPerS).to_string(), ">= 0.5");
    }

    #[test]
    fn anything_else_is_refused_with_what_is_accepted() {
        for text in [
            "50ms",
            "< ms",
            "< 50",
            "< 50 %",
            "= 50ms",
            "< -1ms",
            "< 1.2.3ms",
            "",
        ] {
            let refused = Threshold::parse(text, Metric::P99).unwrap_err();
            for words in ["delivery_p99_us", "<, <=, > or >=", "ms, µs, us, s"] {
                assert!(refused.contains(words), "{text}: {refused}");
            }
        }
        let plain = Threshold::parse("< 5ms", Metric::RequestsPerS).unwrap_err();
        assert!(
            plain.contains("\"< 50\"") && !plain.contains("units"),
            "{plain}"
        );
    }
}
