//! What each metric's name means: words, quantity, and which way is worse.

use super::units::{Quantity, show};

/// A metric of `results.json` for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    pub words: String,
    pub quantity: Quantity,
    /// What "more" is: worse almost everywhere.
    pub more_is_worse: bool,
}

const PLAIN: [(&str, &str, Quantity); 16] = [
    ("requests_per_s", "Requests per client", Quantity::PerSecond),
    ("empty_share", "Share of empty answers", Quantity::Share),
    (
        "app_bytes_per_message",
        "Bytes per message, application",
        Quantity::Bytes,
    ),
    (
        "ip_bytes_per_message",
        "Bytes per message on the wire (IP)",
        Quantity::Bytes,
    ),
    (
        "app_bytes_per_s",
        "Traffic per client, application",
        Quantity::BytesPerSecond,
    ),
    (
        "ip_bytes_per_s",
        "Traffic per client on the wire (IP)",
        Quantity::BytesPerSecond,
    ),
    (
        "server_cpu_us_per_delivery",
        "Server CPU time per delivery",
        Quantity::Time,
    ),
    (
        "server_cpu_us_per_client_s",
        "Server CPU time per client and second",
        Quantity::Time,
    ),
    (
        "pss_bytes_per_client",
        "Server memory per client (PSS)",
        Quantity::Bytes,
    ),
    (
        "capacity_deliveries_per_s",
        "Most deliveries held",
        Quantity::PerSecond,
    ),
    (
        "segments_per_s",
        "TCP segments per client",
        Quantity::PerSecond,
    ),
    (
        "connections_per_request",
        "Connections opened per request",
        Quantity::Count,
    ),
    (
        "notice_p50_us",
        "Median time to notice the cut",
        Quantity::Time,
    ),
    (
        "noticed_share",
        "Share of clients that noticed the cut",
        Quantity::Share,
    ),
    (
        "recover_p50_us",
        "Median time to recover after the cut",
        Quantity::Time,
    ),
    (
        "catch_up_bytes_per_client",
        "Bytes to catch up per client",
        Quantity::Bytes,
    ),
];

/// The meaning of a metric, from its name where it is not a known one.
pub fn meaning(metric: &str) -> Meaning {
    let (words, quantity) = known(metric)
        .or_else(|| latency(metric))
        .unwrap_or_else(|| (metric.replace('_', " "), Quantity::Count));
    Meaning {
        words,
        quantity,
        more_is_worse: metric != "capacity_deliveries_per_s",
    }
}

impl Meaning {
    pub fn show(&self, value: f64) -> String {
        show(self.quantity, value)
    }
}

fn known(metric: &str) -> Option<(String, Quantity)> {
    let (_, words, quantity) = PLAIN.iter().find(|(name, ..)| *name == metric)?;
    Some(((*words).to_owned(), *quantity))
}

/// `delivery_p99_9_us` and its like.
fn latency(metric: &str) -> Option<(String, Quantity)> {
    let bare = metric.strip_suffix("_us")?;
    let (kind, which) = match bare.strip_prefix("delivery_") {
        Some(which) => ("delivery latency", which),
        None => ("end-to-end latency", bare.strip_prefix("end_to_end_")?),
    };
    let words = match which {
        "mean" => format!("Mean {kind}"),
        "p50" => format!("Median {kind}"),
        "max" => format!("Longest {kind}"),
        quantile => format!("{} {kind}", quantile.replacen('_', ".", 1)),
    };
    Some((words, Quantity::Time))
}

/// The quantile that a latency metric's name carries.
pub fn quantile(metric: &str) -> Option<f64> {
    let bare = metric.strip_suffix("_us")?;
    let (_, digits) = bare.split_once("_p")?;
    digits
        .replacen('_', ".", 1)
        .parse()
        .ok()
        .map(|percent: f64| percent / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        assert_eq!(meaning("delivery_p99_9_us").words, "p99.9 delivery latency");
        assert_eq!(
            meaning("end_to_end_mean_us").words,
            "Mean end-to-end latency"
        );
        assert_eq!(meaning("empty_share").quantity, Quantity::Share);
        assert!(!meaning("capacity_deliveries_per_s").more_is_worse);
        assert!((quantile("delivery_p99_9_us").unwrap() - 0.999).abs() < 1e-12);
        assert_eq!(quantile("delivery_mean_us"), None);
        assert_eq!(quantile("recover_p50_us"), Some(0.5));
    }
}
