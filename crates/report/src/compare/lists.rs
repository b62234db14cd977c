//! Lists for a terminal: metrics by what they are of, each with the number of its cells.

use analysis::metric::Metric;

/// A line for each heading, in the order in which they come:
/// `latency: Mean delivery latency (8 cells), p99 delivery latency (1 cell)`.
pub fn by_heading(all: impl Iterator<Item = (String, Metric)>) -> Vec<String> {
    let mut headings: Vec<(String, Vec<(Metric, usize)>)> = Vec::new();
    for (heading, metric) in all {
        let place = headings.iter().position(|(known, _)| *known == heading);
        let place = place.unwrap_or_else(|| {
            headings.push((heading, Vec::new()));
            headings.len() - 1
        });
        count(&mut headings[place].1, metric);
    }
    headings.iter().map(line).collect()
}

fn count(metrics: &mut Vec<(Metric, usize)>, metric: Metric) {
    match metrics.iter_mut().find(|(known, _)| *known == metric) {
        Some((_, count)) => *count += 1,
        None => metrics.push((metric, 1)),
    }
}

fn line((heading, metrics): &(String, Vec<(Metric, usize)>)) -> String {
    let one = |(metric, count): &(Metric, usize)| {
        let plural = if *count == 1 { "" } else { "s" };
        format!("{} ({count} cell{plural})", metric.words())
    };
    let all: Vec<_> = metrics.iter().map(one).collect();
    format!("{heading}: {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_counted_by_heading() {
        let all = [
            ("latency", Metric::MEAN),
            ("rate", Metric::MEAN),
            ("latency", Metric::P99),
            ("latency", Metric::MEAN),
        ];
        let lines = by_heading(
            all.into_iter()
                .map(|(name, metric)| (name.to_owned(), metric)),
        );
        let expected = [
            "latency: Mean delivery latency (2 cells), p99 delivery latency (1 cell)",
            "rate: Mean delivery latency (1 cell)",
        ];
        assert_eq!(lines, expected);
    }
}
