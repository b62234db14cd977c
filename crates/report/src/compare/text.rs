//! The comparison as text for a terminal.

use std::fmt::{self, Display};

use analysis::{metric::Quantity, results::IntervalsCover, scenario::Level};

use crate::{
    level,
    table::marker,
    units::{factor, number, shown, signed},
};

use super::{
    change::{Change, ChangeKind, Difference, Effect, RunComparison},
    lists::by_heading,
};

impl Display for RunComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        let of = |kind| {
            self.changes
                .iter()
                .filter(move |change| change.kind == kind)
        };
        let changed = of(ChangeKind::Worse).chain(of(ChangeKind::Better));
        list(f, "Changed", changed.map(Change::to_string))?;
        let noise = of(ChangeKind::Noise).map(|change| {
            let heading = self.heading(&change.experiment, &change.run);
            (heading, change.metric)
        });
        list(
            f,
            "Noise, no difference shown",
            by_heading(noise).into_iter(),
        )?;
        let unsaid = self.unsaid.iter().map(|one| {
            let heading = self.heading(&one.experiment, &one.run);
            (format!("{heading}, {}", one.why.words()), one.metric)
        });
        list(f, "Cannot be said", by_heading(unsaid).into_iter())?;
        write!(f, "{}", self.summary())
    }
}

/// A list with its title; what is empty says so.
fn list(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    lines: impl Iterator<Item = String>,
) -> fmt::Result {
    let mut lines = lines.peekable();
    if lines.peek().is_none() {
        return writeln!(f, "{title}: nothing");
    }
    writeln!(f, "{title}:")?;
    lines.try_for_each(|line| writeln!(f, "  {line}"))
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
            "{} metrics compared: {} worse, {} better, {} noise; of {} nothing can be said. {}",
            self.changes.len(),
            count(ChangeKind::Worse),
            count(ChangeKind::Better),
            count(ChangeKind::Noise),
            self.unsaid.len(),
            self.by_chance()
        )
    }

    /// An experiment, with the run that is compared where there are several.
    fn heading(&self, experiment: &str, run: &str) -> String {
        match self.runs.len() {
            ..=2 => experiment.into(),
            _ => format!("{run}, {experiment}"),
        }
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
        cell_words(&self.experiment, self.level.as_ref())
    }
}

/// An experiment and its level: `latency, d = 40 ms`.
pub fn cell_words(experiment: &str, level: Option<&Level>) -> String {
    let level = level::words(level);
    let separator = if level.is_empty() { "" } else { ", " };
    format!("{experiment}{separator}{level}")
}
