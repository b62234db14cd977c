//! The comparison as text for a terminal.

use std::fmt::{self, Display};

use analysis::{metric::Quantity, results::IntervalsCover};

use crate::{
    level,
    table::marker,
    units::{factor, number, shown, signed},
};

use super::change::{Change, ChangeKind, Difference, Effect, RunComparison};

impl Display for RunComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for kind in [ChangeKind::Worse, ChangeKind::Better] {
            for change in self.changes.iter().filter(|change| change.kind == kind) {
                writeln!(f, "{change}")?;
            }
        }
        write!(f, "{}", self.summary())
    }
}

impl RunComparison {
    /// The number of changes of each kind, and how many would be significant by chance, as far as the
    /// intervals cover it.
    pub fn summary(&self) -> String {
        let count = |kind| {
            self.changes
                .iter()
                .filter(|change| change.kind == kind)
                .count()
        };
        if self.changes.is_empty() {
            return "These campaigns have no cell in common.".into();
        }
        format!(
            "{} metrics compared: {} worse, {} better, {} noise. {}",
            self.changes.len(),
            count(ChangeKind::Worse),
            count(ChangeKind::Better),
            count(ChangeKind::Noise),
            self.by_chance()
        )
    }

    fn by_chance(&self) -> String {
        let about = self.changes.len().div_ceil(20);
        let is_within = |change: &Change| change.covers == IntervalsCover::Run;
        if self.changes.iter().any(is_within) {
            format!(
                "The intervals of single runs cover chance within a run only: about {about} metrics would \
                 be worse or better by it, and what differs between runs makes more so."
            )
        } else {
            format!("By chance alone about {about} would be worse or better.")
        }
    }
}

impl Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<6}  {}  {}: {} {} → {}, {} ({})",
            self.kind.name(),
            self.cell(),
            self.transport.name(),
            self.metric_words(),
            self.shown(self.before),
            self.shown(self.after),
            self.effect_text(),
            self.run
        )
    }
}

impl Change {
    pub fn metric_words(&self) -> String {
        self.metric.words()
    }

    pub fn shown(&self, value: f64) -> String {
        shown(self.metric, value)
    }

    /// `× 1.3 (1.2–1.4)`, `+3.2 percentage points (+1.1 to +5.3)`, `+0.5/s (+0.4/s to +0.6/s)`.
    pub fn effect_text(&self) -> String {
        match self.effect {
            Effect::Ratio(ratio) => {
                let [value, interval] = factor(ratio.value, ratio.interval);
                format!("× {value} ({interval})")
            }
            Effect::Difference(difference) => self.difference_text(difference),
        }
    }

    fn difference_text(&self, Difference { value, interval }: Difference) -> String {
        let [low, high] = interval;
        match self.metric.quantity() {
            Quantity::Share => {
                let points = |share: f64| signed(share, number(share.abs() * 100.0));
                let value = points(value);
                format!(
                    "{value} percentage points ({} to {})",
                    points(low),
                    points(high)
                )
            }
            Quantity::Time
            | Quantity::Bytes
            | Quantity::BytesPerSecond
            | Quantity::WholeBytes
            | Quantity::PerSecond
            | Quantity::Count => {
                let amount = |value: f64| signed(value, shown(self.metric, value.abs()));
                format!("{} ({} to {})", amount(value), amount(low), amount(high))
            }
        }
    }

    pub fn marker(&self) -> String {
        marker(self.transport)
    }

    /// The experiment and its level.
    pub fn cell(&self) -> String {
        let level = level::words(self.level.as_ref());
        let separator = if level.is_empty() { "" } else { ", " };
        format!("{}{separator}{level}", self.experiment)
    }
}
