//! Axes: their range, their ticks and the labels.

use analysis::metric::Quantity;

use super::{canvas::width_of, ticks};
use crate::units::show;

/// The ratio of the ends of a range from which its axis is logarithmic.
const LOGARITHMIC_FROM: f64 = 50.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Linear,
    Logarithm,
    /// −log₁₀(1 − q): the distance from p90 to p99 is that from p99 to p99.9.
    Nines,
}

#[derive(Clone, Debug)]
pub struct Axis {
    pub title: String,
    scale: Scale,
    low: f64,
    high: f64,
    pub ticks: Vec<(f64, String)>,
    /// Values with a line and without a label.
    pub minor: Vec<f64>,
}

impl Axis {
    /// An axis for all values: logarithmic for a wide range, otherwise linear from 0.
    pub fn over(title: &str, quantity: Quantity, values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = range(values);
        if low > 0.0 && high / low >= LOGARITHMIC_FROM {
            Axis::logarithm(title, quantity, low, high)
        } else {
            Axis::linear(title, quantity, high)
        }
    }

    /// A logarithmic axis even for a narrow range.
    pub fn logarithmic(
        title: &str,
        quantity: Quantity,
        values: impl IntoIterator<Item = f64>,
    ) -> Self {
        let (low, high) = range(values);
        if low > 0.0 && low <= high {
            Axis::logarithm(title, quantity, low, high)
        } else {
            Axis::linear(title, quantity, high)
        }
    }

    /// From 0; a share is never above 1.
    fn linear(title: &str, quantity: Quantity, high: f64) -> Self {
        let high = if high > 0.0 { high } else { 1.0 };
        let step = ticks::step(high / 5.0, quantity);
        let most = match quantity {
            Quantity::Share => 1.0,
            _ => f64::MAX,
        };
        let end = ((high * 1.04 / step).ceil() * step).min(most);
        let tick = |place: f64| (place * step, label(quantity, place * step));
        let count = (end / step + 1e-9).floor() as u32;
        Axis {
            title: title.into(),
            scale: Scale::Linear,
            low: 0.0,
            high: end,
            ticks: (0..=count).map(f64::from).map(tick).collect(),
            minor: Vec::new(),
        }
    }

    fn logarithm(title: &str, quantity: Quantity, low: f64, high: f64) -> Self {
        let (low, high) = (low / 1.35, high * 1.35);
        let labelled = ticks::logarithmic(quantity, low, high).into_iter();
        Axis {
            title: format!("{title}, logarithmic"),
            scale: Scale::Logarithm,
            low,
            high,
            ticks: labelled
                .map(|value| (value, label(quantity, value)))
                .collect(),
            minor: ticks::between(quantity, low, high),
        }
    }

    /// The axis of quantiles up to `most`: 0.9, 0.99 and 0.999 have equal distances.
    pub fn nines(most: f64) -> Self {
        let all = [
            (0.0, "lowest"),
            (0.5, "p50"),
            (0.9, "p90"),
            (0.99, "p99"),
            (0.999, "p99.9"),
            (0.9999, "p99.99"),
        ];
        let ticks = all.iter().filter(|(q, _)| *q <= most + 1e-9);
        Axis {
            title: "Quantile of deliveries, stretched to the tail".into(),
            scale: Scale::Nines,
            low: 0.0,
            high: 1.0 - (1.0 - most) / 1.15,
            ticks: ticks.map(|(q, name)| (*q, (*name).into())).collect(),
            minor: Vec::new(),
        }
    }

    /// With labels at these values, the levels of a sweep; its own ticks lose theirs.
    pub fn with_ticks_at(mut self, quantity: Quantity, values: &[f64]) -> Self {
        self.minor.extend(self.ticks.iter().map(|tick| tick.0));
        self.ticks = values
            .iter()
            .map(|value| (*value, show(quantity, *value)))
            .collect();
        self
    }

    /// The position of a value on the axis, of 0..1.
    pub fn place(&self, value: f64) -> f64 {
        let (value, low, high) = (
            self.transform(value),
            self.transform(self.low),
            self.transform(self.high),
        );
        (value - low) / (high - low)
    }

    pub fn contains(&self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }

    fn transform(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => value,
            Scale::Logarithm => value.max(f64::MIN_POSITIVE).log10(),
            Scale::Nines => -(1.0 - value).log10(),
        }
    }

    /// The ticks whose labels do not overlap the one before, on an axis of `length` pixels.
    pub fn ticks_with_room(&self, length: f64) -> Vec<&(f64, String)> {
        let mut taken = f64::MIN;
        let fits = |tick: &&(f64, String)| {
            let (middle, half) = (self.place(tick.0) * length, width_of(&tick.1) / 2.0);
            let free = middle - half > taken;
            if free {
                taken = middle + half + 8.0;
            }
            free
        };
        self.ticks.iter().filter(fits).collect()
    }
}

fn range(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let finite = values.into_iter().filter(|value| value.is_finite());
    finite.fold((f64::MAX, f64::MIN), |(low, high), value| {
        (low.min(value), high.max(value))
    })
}

fn label(quantity: Quantity, value: f64) -> String {
    match quantity {
        _ if value == 0.0 => "0".into(),
        quantity => show(quantity, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks
            .iter()
            .map(|tick| tick.1.replace('\u{a0}', " "))
            .collect()
    }

    #[test]
    fn a_wide_range_is_drawn_on_a_logarithm() {
        let wide = Axis::over("", Quantity::Time, [1e3, 1e7]);
        assert_eq!(labels(&wide), ["1 ms", "10 ms", "100 ms", "1 s", "10 s"]);
        assert!(
            (wide.place(1e4) - wide.place(1e3) - wide.place(1e5) + wide.place(1e4)).abs() < 1e-9
        );
        let narrow = Axis::over("", Quantity::Time, [10e3, 48e3]);
        assert_eq!(
            labels(&narrow),
            ["0", "10 ms", "20 ms", "30 ms", "40 ms", "50 ms"]
        );
        assert_eq!(Axis::over("", Quantity::Count, []).place(0.0), 0.0);
    }

    #[test]
    fn a_logarithmic_axis_says_so_and_has_lines_between_its_labels() {
        let wide = Axis::over("Latency", Quantity::Time, [1e3, 1e7]);
        assert_eq!(wide.title, "Latency, logarithmic");
        assert!(wide.minor.contains(&2e3) && wide.minor.contains(&9e6));
        assert!(wide.minor.iter().all(|value| wide.contains(*value)));
        let narrow = Axis::over("Latency", Quantity::Time, [10e3, 48e3]);
        assert!(narrow.title == "Latency" && narrow.minor.is_empty());
        let levels = wide.with_ticks_at(Quantity::Time, &[1e3, 1e7]);
        assert_eq!(labels(&levels), ["1 ms", "10 s"]);
        assert!(levels.minor.contains(&1e4));
    }

    #[test]
    fn a_share_ends_at_100_per_cent() {
        let whole = Axis::over("", Quantity::Share, [0.2, 1.0]);
        assert_eq!(labels(&whole).last().unwrap(), "100 %");
        assert_eq!(whole.place(1.0), 1.0);
        let half = Axis::over("", Quantity::Share, [0.45]);
        assert_eq!(labels(&half).last().unwrap(), "50 %");
    }

    #[test]
    fn nines_are_evenly_spaced() {
        let axis = Axis::nines(0.999);
        let [a, b, c] = [0.9, 0.99, 0.999].map(|q| axis.place(q));
        assert!((b - a - (c - b)).abs() < 1e-9);
        assert_eq!(labels(&axis).last(), Some(&"p99.9".to_owned()));
    }

    #[test]
    fn labels_without_room_are_left_out() {
        let values: Vec<f64> = (1..100).map(f64::from).collect();
        let axis =
            Axis::over("", Quantity::Count, values.clone()).with_ticks_at(Quantity::Count, &values);
        assert!(axis.ticks_with_room(300.0).len() < 20);
    }
}
