//! StepKind there is to read, from the `results.json` of each folder.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use jiff::Timestamp;
use parking_lot::Mutex;
use protocol::Transport;
use serde::Deserialize;

use super::folder::resolve;

/// The reports of a folder. A file is read again when it has changed: it may have megabytes.
pub struct List {
    folder: PathBuf,
    known: Mutex<HashMap<String, Known>>,
}

/// StepKind a file said; `None` where it could not be understood.
struct Known {
    changed: (SystemTime, u64),
    run: Option<Run>,
}

/// A report as it is listed.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its folder's name.
    pub name: String,
    pub title: String,
    pub valid: bool,
    pub quick: bool,
    /// RFC 3339.
    pub started_at: String,
    /// Mean delivery latencies, and the setting that they share.
    pub means: Vec<(Transport, String)>,
    pub means_of: String,
}

/// The parts of `results.json` that are shown. The rest is passed over without being kept.
#[derive(Deserialize)]
struct Results {
    scenario: Scenario,
    started_at: String,
    valid: bool,
    #[serde(default)]
    estimates: Vec<Estimate>,
}

#[derive(Deserialize)]
struct Scenario {
    name: String,
    title: String,
    quick: bool,
}

#[derive(Deserialize)]
struct Estimate {
    experiment: String,
    transport: Transport,
    level: Option<String>,
    metric: Metric,
    value: Option<f64>,
}

/// The metric that is listed, and all others.
#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Metric {
    DeliveryMeanUs,
    #[serde(other)]
    Other,
}

impl List {
    pub fn of(folder: PathBuf) -> Self {
        List {
            folder,
            known: Mutex::default(),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All runs with a page, the newest first; none where there is no folder.
    pub fn runs(&self) -> Vec<Run> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut known = self.known.lock();
        let found: HashMap<_, _> = names
            .filter_map(|name| {
                let before = known.remove(&name);
                Some((name.clone(), self.look(&name, before)?))
            })
            .collect();
        *known = found;
        let mut runs: Vec<_> = known
            .values()
            .filter_map(|known| known.run.clone())
            .collect();
        runs.sort_by(|a, b| (&b.started_at, &a.name).cmp(&(&a.started_at, &b.name)));
        runs
    }

    fn look(&self, name: &str, before: Option<Known>) -> Option<Known> {
        resolve(&self.folder, &[name, "index.html"])?;
        let file = resolve(&self.folder, &[name, "results.json"])?;
        let about = fs::metadata(&file).ok()?;
        let changed = (about.modified().ok()?, about.len());
        let unchanged = before.filter(|before| before.changed == changed);
        Some(unchanged.unwrap_or_else(|| Known {
            changed,
            run: read(name, &file),
        }))
    }
}

fn read(name: &str, file: &Path) -> Option<Run> {
    let results: Results = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    let (means_of, means) = means(&results.estimates).unwrap_or_default();
    let Scenario { title, quick, .. } = results.scenario;
    Some(Run {
        name: name.into(),
        title: if title.is_empty() {
            results.scenario.name
        } else {
            title
        },
        valid: results.valid,
        quick,
        started_at: results.started_at,
        means,
        means_of,
    })
}

/// The mean latencies of the first experiment, at the first of its last levels that transports
/// share; `None` where they share none, as where one of them alone was swept.
fn means(estimates: &[Estimate]) -> Option<(String, Vec<(Transport, String)>)> {
    let mut means = estimates
        .iter()
        .filter(|estimate| estimate.metric == Metric::DeliveryMeanUs);
    let experiment = &means.clone().next()?.experiment;
    let last = means.rfind(|estimate| estimate.experiment == *experiment)?;
    let same = |estimate: &&Estimate| {
        estimate.metric == Metric::DeliveryMeanUs
            && estimate.experiment == *experiment
            && estimate.level == last.level
    };
    let found = estimates.iter().filter(same);
    let found: Vec<_> = found
        .filter_map(|estimate| Some((estimate.transport, lasting(estimate.value?))))
        .collect();
    let setting = match &last.level {
        Some(level) => format!("{experiment} at {}", level.replace(';', ", ")),
        None => experiment.clone(),
    };
    (found.len() > 1).then_some((setting, found))
}

/// Microseconds for people, to three digits.
fn lasting(us: f64) -> String {
    let (amount, unit) = match us {
        us if us < 1e3 => (us, "µs"),
        us if us < 1e6 => (us / 1e3, "ms"),
        us => (us / 1e6, "s"),
    };
    let digits = match amount {
        amount if amount < 10.0 => 2,
        amount if amount < 100.0 => 1,
        _ => 0,
    };
    format!("{amount:.digits$}\u{a0}{unit}")
}

impl Run {
    /// `22 November 2026, 18:00 UTC`, or what the file says where that is no instant.
    pub fn when(&self) -> String {
        match self.started_at.parse::<Timestamp>() {
            Ok(instant) => instant.strftime("%-d %B %Y, %H:%M UTC").to_string(),
            Err(_) => self.started_at.clone(),
        }
    }

    /// The name in an address.
    pub fn address(&self) -> String {
        form_urlencoded::byte_serialize(self.name.as_bytes())
            // A plus is a space in forms alone.
            .map(|part| part.replace('+', "%20"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(transport: Transport, level: Option<&str>, value: f64) -> Estimate {
        Estimate {
            experiment: "latency".into(),
            transport,
            level: level.map(Into::into),
            metric: Metric::DeliveryMeanUs,
            value: Some(value),
        }
    }

    #[test]
    fn latencies_are_told_where_they_can_be_compared() {
        let far = Some("one_way_ms=40");
        let shared = [
            estimate(Transport::ShortPoll, Some("one_way_ms=0"), 9e5),
            estimate(Transport::ShortPoll, far, 1.0804e6),
            estimate(Transport::WebSocket, Some("one_way_ms=0"), 90.0),
            estimate(Transport::WebSocket, far, 40_060.0),
        ];
        let (setting, found) = means(&shared).unwrap();
        assert_eq!(setting, "latency at one_way_ms=40");
        let told: Vec<_> = found.iter().map(|(_, mean)| mean.as_str()).collect();
        assert_eq!(told, ["1.08\u{a0}s", "40.1\u{a0}ms"]);
        let alone = [
            estimate(Transport::ShortPoll, Some("interval_ms=250"), 2e5),
            estimate(Transport::WebSocket, None, 4e4),
        ];
        assert!(means(&alone).is_none() && means(&[]).is_none());
    }

    #[test]
    fn a_name_is_one_part_of_an_address() {
        let run = Run {
            name: "my run?+ü".into(),
            title: String::new(),
            valid: true,
            quick: false,
            started_at: "2026-11-22T18:00:59.5Z".into(),
            means: Vec::new(),
            means_of: String::new(),
        };
        assert_eq!(run.address(), "my%20run%3F%2B%C3%BC");
        assert_eq!(run.when(), "22 November 2026, 18:00 UTC");
    }
}
