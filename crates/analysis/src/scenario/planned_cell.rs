//! The cells of an experiment: its transports at each level of its sweeps.

use protocol::Transport;
use serde_json::Value;

use super::{
    experiment::{Experiment, Sweep},
    level::{Level, ParameterValue},
};

/// The end of a control's (A/A) label.
pub const CONTROL_SUFFIX: &str = " (again)";

/// One transport at one level; each repetition of it is a trial.
#[derive(Clone, Debug)]
pub struct PlannedCell {
    pub transport: Transport,
    /// Whether this is the control (A/A): the same cell under a second label.
    pub is_control: bool,
    pub level: Option<Level>,
    /// The experiment with the level's values in place.
    pub settings: Experiment,
}

impl PlannedCell {
    /// The transport's name, followed by `(again)` for the control.
    pub fn label(&self) -> String {
        let suffix = if self.is_control { CONTROL_SUFFIX } else { "" };
        format!("{}{suffix}", self.transport.name())
    }
}

impl Experiment {
    /// Every cell, in the order of the sweep. A parameter that does not affect a transport is not
    /// swept for it. In a cell without readers no transport works, so it is planned once, for the
    /// first transport.
    ///
    /// # Errors
    /// An unknown parameter, or an impossible value; a sentence says which.
    pub fn cells(&self) -> Result<Vec<PlannedCell>, String> {
        let mut cells = Vec::new();
        for transport in &self.transport.list {
            for level in self.levels(*transport)? {
                let settings = self.at(level.as_ref())?;
                let without_readers = settings.load.clients == 0;
                if without_readers && Some(transport) != self.transport.list.first() {
                    continue;
                }
                cells.push(PlannedCell {
                    transport: *transport,
                    is_control: false,
                    level,
                    settings,
                });
            }
        }
        Ok(cells)
    }

    /// Every combination of the swept values that affect a transport; `None` where there is no
    /// sweep.
    fn levels(&self, transport: Transport) -> Result<Vec<Option<Level>>, String> {
        let mut levels = vec![Vec::new()];
        for sweep in &self.sweep {
            if affects(table_and_key_of(sweep)?, transport) {
                levels = levels
                    .iter()
                    .flat_map(|level| with_each_value(level, sweep))
                    .collect();
            }
        }
        let mut distinct: Vec<Option<Level>> = Vec::new();
        for level in levels.into_iter().map(without_irrelevant).map(Level::of) {
            if !distinct.contains(&level) {
                distinct.push(level);
            }
        }
        Ok(distinct)
    }

    /// The experiment with a level's values in place.
    ///
    /// # Errors
    /// The level has a parameter or a value that this experiment cannot have.
    pub fn at(&self, level: Option<&Level>) -> Result<Experiment, String> {
        let mut document = serde_json::to_value(self).map_err(|error| error.to_string())?;
        for ParameterValue { parameter, value } in level.into_iter().flat_map(Level::values) {
            let (table, key) = table_and_key(parameter, value)?;
            document[table][key] = value.clone();
        }
        let message = |error| {
            format!(
                "{}: {error}",
                level.map(Level::to_string).unwrap_or_default()
            )
        };
        let mut settings: Experiment = serde_json::from_value(document).map_err(message)?;
        settings.sweep.clear();
        settings.apply_target_latency();
        Ok(settings)
    }

    /// Computes the pause T from the target of the mean latency, which is 2d + T/2.
    fn apply_target_latency(&mut self) {
        if let Some(target) = self.transport.target_ms {
            let pause = 2.0 * (target - 2.0 * self.network.one_way_ms);
            self.transport.interval_ms = pause.max(1.0);
        }
    }
}

fn table_and_key_of(sweep: &Sweep) -> Result<(&'static str, &'static str), String> {
    let first = sweep.values.first().ok_or_else(|| {
        format!(
            "{}: there are no values to sweep; give a list",
            sweep.parameter
        )
    })?;
    table_and_key(&sweep.parameter, first)
}

/// The level extended by each value of one more parameter.
fn with_each_value(level: &[ParameterValue], sweep: &Sweep) -> Vec<Vec<ParameterValue>> {
    let with = |value: &Value| {
        let added = ParameterValue {
            parameter: sweep.parameter.clone(),
            value: value.clone(),
        };
        level.iter().cloned().chain([added]).collect()
    };
    sweep.values.iter().map(with).collect()
}

/// The parameters that affect readers alone.
const OF_READERS: [&str; 6] = [
    "interval_ms",
    "target_ms",
    "wait_s",
    "one_way_ms",
    "jitter_ms",
    "rate_kbps",
];

/// Removes parameters without effect: a database in memory is not synced, and without readers there
/// are no polls and nothing crosses the link.
fn without_irrelevant(mut values: Vec<ParameterValue>) -> Vec<ParameterValue> {
    let in_memory =
        |one: &ParameterValue| one.parameter.ends_with("database") && one.value == "memory";
    if values.iter().any(in_memory) {
        values.retain(|one| !one.parameter.ends_with("sync"));
    }
    let without_readers = |one: &ParameterValue| one.key() == "clients" && one.value == 0;
    if values.iter().any(without_readers) {
        values.retain(|one| !OF_READERS.contains(&one.key()));
    }
    values
}

/// The parameters that can be swept: table and key.
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

/// The table and the key of a parameter, which may be named with its table or without. Without its
/// table, `seconds` is that of `load`, and `keep_alive` is that of `server` if the value is a
/// duration and that of `transport` if it is true or false.
fn table_and_key(parameter: &str, value: &Value) -> Result<(&'static str, &'static str), String> {
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

/// Whether a parameter affects a transport.
fn affects((table, key): (&str, &str), transport: Transport) -> bool {
    match (table, key) {
        ("transport", "interval_ms" | "target_ms") => transport.pauses(),
        ("transport", "wait_s") => transport.parks(),
        ("transport", "keep_alive") => transport.is_poll(),
        _ => true,
    }
}
