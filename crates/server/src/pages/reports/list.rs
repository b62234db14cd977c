//! Lists the reports, from the `results.json` of each folder.

use std::{
    collections::HashMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

use flate2::read::GzDecoder;
use jiff::Timestamp;
use parking_lot::Mutex;
use protocol::Transport;
use serde::Deserialize;

use super::machine::Machine;
use crate::pages::path::resolve;

/// The file with the results of a report: plain, or packed by `pushlab report --compress`.
const FILES: [&str; 2] = ["results.json", "results.json.gz"];

/// The reports in a folder. They are cached, since a `results.json` may have megabytes; a file is
/// read again only if it has changed.
pub struct ReportList {
    folder: PathBuf,
    cache: Mutex<HashMap<String, CachedReport>>,
}

/// A report in the cache.
struct CachedReport {
    /// When the file was modified, and its length.
    version: Vec<(SystemTime, u64)>,
    /// `None` if the file could not be parsed.
    report: Option<ListedReport>,
}

/// A report as it is listed.
#[derive(Clone, Debug)]
pub struct ListedReport {
    /// The name of its folder.
    pub name: String,
    pub title: String,
    pub valid: bool,
    pub quick: bool,
    /// RFC 3339.
    pub started_at: String,
    /// The mean delivery latency of each transport.
    pub means: Vec<(Transport, String)>,
    /// The experiment and level of the means.
    pub means_of: String,
    /// What it found, in a sentence; empty if it found nothing that can be said in one.
    pub found: String,
    /// Where it was measured; empty if that is not known.
    pub machine: String,
    /// Why it must not be used; empty if it may be.
    pub reasons: Vec<String>,
    pub is_worksheet: bool,
}

/// The file in which the lab sums up a report, and the part of it that is listed.
const SUMMARY: &str = "summary.json";

#[derive(Deserialize)]
struct Summary {
    found: Option<String>,
}

/// The page around the questions of a worksheet.
const WORKSHEET: &str = "worksheet.html";

/// The parts of `results.json` that are listed. The others are skipped.
#[derive(Deserialize)]
struct Results {
    scenario: Scenario,
    started_at: String,
    valid: bool,
    #[serde(default)]
    reasons: Vec<String>,
    #[serde(default)]
    environment: Machine,
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

/// The metric that is listed; all others are `Other`.
#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Metric {
    DeliveryMeanUs,
    #[serde(other)]
    Other,
}

impl ReportList {
    pub fn new(folder: PathBuf) -> Self {
        ReportList {
            folder,
            cache: Mutex::default(),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All reports with a page, newest first; none if the folder is missing.
    pub fn reports(&self) -> Vec<ListedReport> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut cache = self.cache.lock();
        let found: HashMap<_, _> = names
            .filter_map(|name| {
                let cached = cache.remove(&name);
                Some((name.clone(), self.load(&name, cached)?))
            })
            .collect();
        *cache = found;
        let mut reports: Vec<_> = cache
            .values()
            .filter_map(|cached| cached.report.clone())
            .collect();
        reports.sort_by(|a, b| (&b.started_at, &a.name).cmp(&(&a.started_at, &b.name)));
        reports
    }

    fn load(&self, name: &str, cached: Option<CachedReport>) -> Option<CachedReport> {
        resolve(&self.folder, &[name, "index.html"])?;
        let mut files = FILES.iter();
        let file = files.find_map(|file| resolve(&self.folder, &[name, file]))?;
        let all = [Some(file.clone()), resolve(&self.folder, &[name, SUMMARY])];
        let changed = all.into_iter().flatten().filter_map(|file| {
            let metadata = fs::metadata(file).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        });
        let version: Vec<_> = changed.collect();
        let unchanged = cached.filter(|cached| cached.version == version);
        Some(unchanged.unwrap_or_else(|| CachedReport {
            version,
            report: read(name, &file, &self.folder),
        }))
    }
}

fn read(name: &str, file: &Path, root: &Path) -> Option<ListedReport> {
    let results: Results = serde_json::from_slice(&text(file).ok()?).ok()?;
    let (means_of, means) = means(&results.estimates).unwrap_or_default();
    let Scenario { title, quick, .. } = results.scenario;
    Some(ListedReport {
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
        found: found(name, root).unwrap_or_default(),
        machine: results.environment.in_words(),
        reasons: results.reasons,
        is_worksheet: resolve(root, &[name, WORKSHEET]).is_some(),
    })
}

fn found(name: &str, root: &Path) -> Option<String> {
    let summary = fs::read(resolve(root, &[name, SUMMARY])?).ok()?;
    serde_json::from_slice::<Summary>(&summary).ok()?.found
}

fn text(file: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(file)?;
    if file.extension().is_none_or(|extension| extension != "gz") {
        return Ok(bytes);
    }
    let mut text = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut text)?;
    Ok(text)
}

/// The mean latencies of the first experiment at its last level, with that setting. `None` unless
/// at least two transports were measured at that level.
fn means(estimates: &[Estimate]) -> Option<(String, Vec<(Transport, String)>)> {
    let mut means = estimates
        .iter()
        .filter(|estimate| estimate.metric == Metric::DeliveryMeanUs);
    let experiment = &means.clone().next()?.experiment;
    let last = means.rfind(|estimate| estimate.experiment == *experiment)?;
    let is_comparable = |estimate: &&Estimate| {
        estimate.metric == Metric::DeliveryMeanUs
            && estimate.experiment == *experiment
            && estimate.level == last.level
    };
    let found = estimates.iter().filter(is_comparable);
    let found: Vec<_> = found
        .filter_map(|estimate| Some((estimate.transport, readable(estimate.value?))))
        .collect();
    let setting = match &last.level {
        Some(level) => format!("{experiment}, {}", in_words(level)),
        None => experiment.clone(),
    };
    (found.len() > 1).then_some((setting, found))
}

/// A level as people say it: `one_way_ms=40;rate=2` is what scenarios write. A parameter that is not known
/// here keeps its name.
fn in_words(level: &str) -> String {
    let parameters = level.split(';').map(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match name.trim() {
            "one_way_ms" => format!("{value}\u{a0}ms one way"),
            "interval_ms" => format!("a pause of {value}\u{a0}ms"),
            "rate" => format!("{value}\u{a0}messages a second"),
            "body_bytes" => format!("{value}\u{a0}bytes a message"),
            "clients" => format!("{value}\u{a0}receivers"),
            name => format!("{} {value}", name.replace('_', " "))
                .trim_end()
                .into(),
        }
    });
    parameters.collect::<Vec<_>>().join(", ")
}

/// A duration for users, to three digits.
fn readable(us: f64) -> String {
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

impl ListedReport {
    /// The start as `22 November 2026, 18:00 UTC`; the text of the file if it is not a valid time.
    pub fn when(&self) -> String {
        match self.started_at.parse::<Timestamp>() {
            Ok(instant) => instant.strftime("%-d %B %Y, %H:%M UTC").to_string(),
            Err(_) => self.started_at.clone(),
        }
    }

    /// The name, percent-encoded for a URL.
    pub fn address(&self) -> String {
        form_urlencoded::byte_serialize(self.name.as_bytes())
            // `+` stands for a space only in form data, not in a path.
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
    fn means_are_listed_only_if_transports_share_a_level() {
        let far = Some("one_way_ms=40");
        let shared = [
            estimate(Transport::ShortPoll, Some("one_way_ms=0"), 9e5),
            estimate(Transport::ShortPoll, far, 1.0804e6),
            estimate(Transport::WebSocket, Some("one_way_ms=0"), 90.0),
            estimate(Transport::WebSocket, far, 40_060.0),
        ];
        let (setting, found) = means(&shared).unwrap();
        assert_eq!(setting, "latency, 40\u{a0}ms one way");
        let texts: Vec<_> = found.iter().map(|(_, mean)| mean.as_str()).collect();
        assert_eq!(texts, ["1.08\u{a0}s", "40.1\u{a0}ms"]);
        let alone = [
            estimate(Transport::ShortPoll, Some("interval_ms=250"), 2e5),
            estimate(Transport::WebSocket, None, 4e4),
        ];
        assert!(means(&alone).is_none() && means(&[]).is_none());
    }

    #[test]
    fn a_name_is_one_segment_of_a_url() {
        let report = ListedReport {
            name: "my run?+ü".into(),
            title: String::new(),
            valid: true,
            quick: false,
            started_at: "2026-11-22T18:00:59.5Z".into(),
            means: Vec::new(),
            means_of: String::new(),
            machine: String::new(),
            reasons: Vec::new(),
            found: String::new(),
            is_worksheet: false,
        };
        assert_eq!(report.address(), "my%20run%3F%2B%C3%BC");
        assert_eq!(report.when(), "22 November 2026, 18:00 UTC");
    }
}
