//! The comparison as text for a terminal.

use std::fmt::{self, Display};

use crate::{
    level,
    table::marker,
    units::{factor, shown},
};

use super::change::{Change, ChangeKind, RunComparison};

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
    /// The number of changes of each kind, and how many would be significant by chance.
    pub fn summary(&self) -> String {
        let count = |kind| {
            self.changes
                .iter()
                .filter(|change| change.kind == kind)
                .count()
        };
        if self.changes.is_empty() {
            return "These runs have no cell in common.".into();
        }
        format!(
            "{} metrics compared: {} worse, {} better, {} noise. By chance alone about {} would be worse \
             or better.",
            self.changes.len(),
            count(ChangeKind::Worse),
            count(ChangeKind::Better),
            count(ChangeKind::Noise),
            self.changes.len().div_ceil(20)
        )
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
            self.factor(),
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

    pub fn factor(&self) -> String {
        let [value, interval] = factor(self.ratio.value, self.ratio.interval);
        format!("× {value} ({interval})")
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
