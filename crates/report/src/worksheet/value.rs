//! Values as the worksheet shows them: bytes as they are reckoned, never in KiB.

use analysis::metric::Quantity;

use crate::units::{exact, number, show};

/// From here on, bytes are shown to the byte.
const WHOLE: f64 = 100.0;

/// A value with its unit: `1019 B`, `0.533 B/s`, `41.6 ms`.
pub fn shown(quantity: Quantity, value: f64) -> String {
    let bytes = match value >= WHOLE {
        true => exact(value.round() as u64),
        false => number(value),
    };
    match quantity {
        Quantity::Bytes | Quantity::WholeBytes => format!("{bytes}\u{a0}B"),
        Quantity::BytesPerSecond => format!("{bytes}\u{a0}B/s"),
        other => show(other, value),
    }
}

/// An interval of such values.
pub fn shown_interval(quantity: Quantity, ends: [f64; 2]) -> String {
    let [low, high] = ends.map(|end| shown(quantity, end));
    format!("{low} – {high}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_to_the_byte() {
        assert_eq!(shown(Quantity::Bytes, 4_987.2), "4987\u{a0}B");
        assert_eq!(
            shown(Quantity::BytesPerSecond, 8.0 / 15.0),
            "0.533\u{a0}B/s"
        );
        assert_eq!(shown(Quantity::Time, 41_600.0), "41.6\u{a0}ms");
    }
}
