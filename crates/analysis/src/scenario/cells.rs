//! Cells: an experiment's transports at each level of what it sweeps.

use protocol::Transport;
use serde_json::Value;

use super::{
    experiment::{Experiment, Sweep},
    level::{Level, Setting},
};

/// What the A/A cell's second label ends with.
pub const AGAIN: &str = " (again)";

/// One transport under one level; each repetition of it is a trial.
#[derive(Clone, Debug)]
pub struct PlannedCell {
    pub transport: Transport,
    /// The second label of the A/A cell.
    pub again: bool,
    pub level: Option<Level>,
    /// The experiment with the level's values in place.
    pub setting: Experiment,
}

impl PlannedCell {
    /// The transport's name; with `(again)` for the second label.
    pub fn label(&self) -> String {
        let again = if self.again { AGAIN } else { "" };
        format!("{}{again}", self.transport.name())
    }
}

impl Experiment {
    /// Every cell, in the order of the sweep. A parameter that means nothing to a transport is not
    /// swept for it.
    ///
    /// # Errors
    /// A parameter that there is not, or a value that is not possible, in words.
    pub fn cells(&self) -> Result<Vec<PlannedCell>, String> {
        let mut cells = Vec::new();
        for transport in &self.transport.list {
            for level in self.levels(*transport)? {
                let setting = self.at(level.as_ref())?;
                cells.push(PlannedCell {
                    transport: *transport,
                    again: false,
                    level,
                    setting,
                });
            }
        }
        Ok(cells)
    }

    /// Every combination of what is swept for a transport; no level where nothing is.
    fn levels(&self, transport: Transport) -> Result<Vec<Option<Level>>, String> {
        let mut levels = vec![Vec::new()];
        for sweep in &self.sweep {
            if concerns(self.find(sweep)?, transport) {
                levels = levels
                    .iter()
                    .flat_map(|level| extended(level, sweep))
                    .collect();
            }
        }
        let mut different: Vec<Option<Level>> = Vec::new();
        for level in levels.into_iter().map(meaningful).map(Level::of) {
            if !different.contains(&level) {
                different.push(level);
            }
        }
        Ok(different)
    }

    fn find(&self, sweep: &Sweep) -> Result<(&'static str, &'static str), String> {
        let first = sweep.values.first().ok_or_else(|| {
            format!(
                "{}: there are no values to sweep; give a list",
                sweep.parameter
            )
        })?;
        place(&sweep.parameter, first)
    }

    /// The experiment with a level's values in place.
    ///
    /// # Errors
    /// A level that is none of this experiment.
    pub fn at(&self, level: Option<&Level>) -> Result<Experiment, String> {
        let mut document = serde_json::to_value(self).map_err(|error| error.to_string())?;
        for Setting { parameter, value } in level.into_iter().flat_map(Level::settings) {
            let (table, key) = place(parameter, value)?;
            document[table][key] = value.clone();
        }
        let told = |error| {
            format!(
                "{}: {error}",
                level.map(Level::to_string).unwrap_or_default()
            )
        };
        let mut setting: Experiment = serde_json::from_value(document).map_err(told)?;
        setting.sweep.clear();
        setting.aim();
        Ok(setting)
    }

    /// Settles the pause from the mean latency aimed at: 2d + T/2.
    fn aim(&mut self) {
        if let Some(target) = self.transport.target_ms {
            let pause = 2.0 * (target - 2.0 * self.network.one_way_ms);
            self.transport.interval_ms = pause.max(1.0);
        }
    }
}

/// A level with each value of one more parameter.
fn extended(level: &[Setting], sweep: &Sweep) -> Vec<Vec<Setting>> {
    let with = |value: &Value| {
        let setting = Setting {
            parameter: sweep.parameter.clone(),
            value: value.clone(),
        };
        level.iter().cloned().chain([setting]).collect()
    };
    sweep.values.iter().map(with).collect()
}

/// Without what makes no difference: a database in memory has nothing to sync.
fn meaningful(mut settings: Vec<Setting>) -> Vec<Setting> {
    let in_memory =
        |setting: &Setting| setting.parameter.ends_with("database") && setting.value == "memory";
    if settings.iter().any(in_memory) {
        settings.retain(|setting| !setting.parameter.ends_with("sync"));
    }
    settings
}

/// What can be swept: table and key.
const PARAMETERS: [(&str, &str); 17] = [
    ("load", "rooms"),
    ("load", "clients"),
    ("load", "rate"),
    ("load", "body_bytes"),
    ("load", "seconds"),
    ("server", "database"),
    ("server", "sync"),
    ("server", "keep_alive"),
    ("outage", "seconds"),
    ("network", "one_way_ms"),
    ("network", "jitter_ms"),
    ("network", "rate_kbps"),
    ("transport", "interval_ms"),
    ("transport", "target_ms"),
    ("transport", "wait_s"),
    ("transport", "headers"),
    ("transport", "keep_alive"),
];

/// The table and key of a parameter, named with its table or without. Without, `seconds` is the
/// load's, and `keep_alive` is the server's for a duration, the transport's for true or false.
fn place(parameter: &str, value: &Value) -> Result<(&'static str, &'static str), String> {
    let (table, key) = match parameter.split_once('.') {
        Some((table, key)) => (Some(table), key),
        None if parameter == "keep_alive" && value.is_boolean() => (Some("transport"), parameter),
        None => (None, parameter),
    };
    let fits = |known: &&(&str, &str)| known.1 == key && table.is_none_or(|table| table == known.0);
    PARAMETERS.iter().find(fits).copied().ok_or_else(|| {
        let known: Vec<_> = PARAMETERS
            .iter()
            .map(|(table, key)| format!("{table}.{key}"))
            .collect();
        format!(
            "{parameter} cannot be swept; these can: {}",
            known.join(", ")
        )
    })
}

/// Whether a parameter makes any difference to a transport.
fn concerns((table, key): (&str, &str), transport: Transport) -> bool {
    match (table, key) {
        ("transport", "interval_ms" | "target_ms") => transport.pauses(),
        ("transport", "wait_s") => transport.parks(),
        ("transport", "keep_alive") => transport.is_poll(),
        _ => true,
    }
}
