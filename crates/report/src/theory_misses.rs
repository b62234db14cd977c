//! Theory against measurement: the misses of theory, counted and listed.

use analysis::{
    metric::Metric,
    misses::{
        self, BY_CHANCE, Count, Explanation, MOST_PUSH_PROCESSING_US, MetricKind, Miss,
        SCHEDULE_ERRORS, Tally,
    },
    results::Results,
};

use super::{
    level,
    plain_table::PlainTable,
    units::{exact, number, residual, show_interval, shown},
};

/// The section of the page.
pub struct TheoryMisses {
    pub sentence: String,
    pub counts: PlainTable,
    /// `None` where theory misses nothing.
    pub misses: Option<PlainTable>,
}

/// `None` where no estimate has theory and an interval.
pub fn theory_misses(results: &Results) -> Option<TheoryMisses> {
    let tally = misses::tally(results);
    (!tally.counts.is_empty()).then(|| TheoryMisses {
        sentence: sentence(tally.total()),
        counts: counts(&tally),
        misses: (!tally.misses.is_empty()).then(|| listed(&tally)),
    })
}

fn sentence(total: Count) -> String {
    let Count {
        checked,
        explained,
        unexplained,
    } = total;
    format!(
        "{} estimates have theory and an interval. Theory lies outside the interval of {}: {} are \
         explained, {} are unexplained. By chance alone about {} intervals at 95 % would \
         miss a true theory.",
        exact(checked as u64),
        exact(total.missed() as u64),
        exact(explained as u64),
        exact(unexplained as u64),
        number((checked as f64 * BY_CHANCE).round())
    )
}

fn counts(tally: &Tally) -> PlainTable {
    let texts = |name: &str, kind: &str, count: &Count| {
        let Count {
            checked,
            explained,
            unexplained,
        } = *count;
        let counts = [checked, count.missed(), explained, unexplained];
        let counts = counts.map(|count| exact(count as u64));
        [name.to_owned(), kind.to_owned()]
            .into_iter()
            .chain(counts)
            .collect()
    };
    let each = tally.counts.iter();
    let rows = each.map(|(name, kind, count)| texts(name, kind_in_words(*kind), count));
    PlainTable {
        title: "Estimates that theory misses",
        note: format!(
            "A miss is explained where theory lies inside the interval once one of these is an input. \
             Processing: the time that server and client take for a response, which the models take as 0. \
             For a poll it is what push took beyond theory at the same level, for push at most {}. Schedules: \
             the rate that the schedules of the cell's trials had by chance, at most {} standard deviations \
             of a Poisson number from λ.",
            shown(Metric::MEAN, MOST_PUSH_PROCESSING_US),
            number(SCHEDULE_ERRORS)
        ),
        columns: vec![
            "Experiment",
            "Metrics",
            "With theory",
            "Missed",
            "Explained",
            "Unexplained",
        ],
        rows: rows.chain([texts("All", "", &tally.total())]).collect(),
    }
}

fn kind_in_words(kind: MetricKind) -> &'static str {
    match kind {
        MetricKind::Latency => "latency",
        MetricKind::Requests => "requests",
        MetricKind::Bytes => "bytes",
        MetricKind::Segments => "segments",
        MetricKind::Other => "others",
    }
}

fn listed(tally: &Tally) -> PlainTable {
    // The unexplained ones first.
    let (explained, unexplained): (Vec<_>, Vec<_>) = tally
        .misses
        .iter()
        .partition(|miss| miss.explanation.is_some());
    PlainTable {
        title: "Every miss",
        note: "The unexplained ones first.".into(),
        columns: vec![
            "Experiment",
            "Transport",
            "Level",
            "Metric",
            "Measured",
            "95 % interval",
            "Theory",
            "Difference",
            "Explanation",
        ],
        rows: unexplained.into_iter().chain(explained).map(row).collect(),
    }
}

fn row(miss: &Miss) -> Vec<String> {
    let metric = miss.estimate.metric;
    vec![
        miss.estimate.experiment.clone(),
        miss.estimate.transport.name().into(),
        level::words(miss.estimate.level.as_ref()),
        metric.words(),
        shown(metric, miss.value),
        show_interval(metric.quantity(), miss.ci95),
        shown(metric, miss.theory),
        residual(metric.quantity(), miss.value, miss.theory),
        miss.explanation.map_or("unexplained".into(), in_words),
    ]
}

/// "processing of 140 µs", "schedules of 9.6/s in a room", or both.
fn in_words(found: Explanation) -> String {
    let processing = found.processing_us.map(|us| {
        let time = shown(Metric::MEAN, us);
        format!("processing of {time}")
    });
    let rate = found
        .rate
        .map(|rate| format!("schedules of {}/s in a room", number(rate)));
    let both: Vec<_> = rate.into_iter().chain(processing).collect();
    both.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample;

    fn run() -> Results {
        let sweep = ("one_way_ms", json!([1, 40]));
        sample::results(&[sample::experiment("rtt", &[sweep])])
    }

    #[test]
    fn the_counts_are_those_of_the_list() {
        let found = theory_misses(&run()).unwrap();
        let all = found.counts.rows.last().unwrap();
        let list = found.misses.map_or(0, |list| list.rows.len());
        assert_eq!(all[3], list.to_string());
        let sum: usize = all[4..]
            .iter()
            .map(|text| text.parse::<usize>().unwrap())
            .sum();
        assert_eq!(sum, list);
        let beginning = format!("{} estimates have theory", all[2]);
        assert!(found.sentence.starts_with(&beginning), "{}", found.sentence);
    }

    #[test]
    fn an_unexplained_miss_stands_first_and_vanishes_with_its_cause() {
        let mut run = run();
        let planted = run
            .estimates
            .iter_mut()
            .find(|one| one.theory.is_some() && one.ci95.is_some());
        let planted = planted.unwrap();
        let theory = planted.theory.unwrap();
        (planted.value, planted.ci95) = (Some(theory * 3.0), Some([theory * 2.9, theory * 3.1]));
        let list = theory_misses(&run).unwrap().misses.unwrap();
        assert_eq!(list.rows[0].last().unwrap(), "unexplained");
        assert!(list.rows[0].iter().any(|text| text == "3 times"));
        run.estimates
            .iter_mut()
            .for_each(|one| one.ci95 = one.theory.map(|at| [at, at]));
        assert!(theory_misses(&run).unwrap().misses.is_none());
        run.estimates.iter_mut().for_each(|one| one.theory = None);
        assert!(theory_misses(&run).is_none());
    }
}
