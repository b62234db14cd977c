//! Levels as trials name them, `rate=5;headers=browser`, taken apart and put into words.

use super::units::{Quantity, number, show};

/// The parameters of a level and their values, in its order.
pub fn pairs(level: Option<&str>) -> Vec<(&str, &str)> {
    let parts = level.unwrap_or_default().split(';');
    parts.filter_map(|part| part.split_once('=')).collect()
}

/// A parameter's name without its table: `outage.seconds` is the one key that needs its table.
pub fn key(parameter: &str) -> &str {
    match parameter {
        "outage.seconds" | "server.keep_alive" => parameter,
        _ => parameter.rsplit('.').next().unwrap_or(parameter),
    }
}

/// The number that a parameter has at a level.
pub fn number_of(level: Option<&str>, parameter: &str) -> Option<f64> {
    let value = |(name, value): (&str, &str)| (key(name) == parameter).then(|| value.parse().ok());
    pairs(level).into_iter().find_map(value).flatten()
}

/// The level without a parameter: what tells apart the figures of a sweep over several.
pub fn rest(level: Option<&str>, parameter: &str) -> Option<String> {
    let others: Vec<_> = pairs(level)
        .into_iter()
        .filter(|(name, _)| key(name) != parameter)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    (!others.is_empty()).then(|| others.join(";"))
}

/// A parameter in words, and the quantity of its axis with the factor into that quantity's unit.
pub fn parameter(name: &str) -> (&str, Quantity, f64) {
    match key(name) {
        "one_way_ms" => ("one-way delay d", Quantity::Time, 1e3),
        "jitter_ms" => ("jitter", Quantity::Time, 1e3),
        "interval_ms" => ("polling interval T", Quantity::Time, 1e3),
        "target_ms" => ("target latency", Quantity::Time, 1e3),
        "wait_s" => ("longest wait M", Quantity::Time, 1e6),
        "seconds" => ("measured span", Quantity::Time, 1e6),
        "outage.seconds" => ("length of the cut", Quantity::Time, 1e6),
        "rate" => ("messages a second in a room, λ", Quantity::PerSecond, 1.0),
        "body_bytes" => ("message body", Quantity::WholeBytes, 1.0),
        "clients" => ("clients", Quantity::Count, 1.0),
        "rooms" => ("rooms", Quantity::Count, 1.0),
        "rate_kbps" => ("link rate in kbit/s", Quantity::Count, 1.0),
        "headers" => ("headers", Quantity::Count, 1.0),
        "keep_alive" => ("connection kept between polls", Quantity::Count, 1.0),
        "server.keep_alive" => ("server's keep-alive", Quantity::Count, 1.0),
        "database" => ("database", Quantity::Count, 1.0),
        "sync" => ("sync", Quantity::Count, 1.0),
        other => (other, Quantity::Count, 1.0),
    }
}

/// A level in words: `d = 40 ms`, `body 32 B, browser headers`.
pub fn words(level: Option<&str>) -> String {
    let parts: Vec<_> = pairs(level).into_iter().map(one).collect();
    parts.join(", ")
}

fn one((name, value): (&str, &str)) -> String {
    let (_, quantity, unit) = parameter(name);
    let shown = value.parse().map_or_else(
        |_| value.to_owned(),
        |amount: f64| match quantity {
            Quantity::Count => number(amount),
            quantity => show(quantity, amount * unit),
        },
    );
    match key(name) {
        "one_way_ms" => format!("d\u{a0}=\u{a0}{shown}"),
        "interval_ms" => format!("T\u{a0}=\u{a0}{shown}"),
        "rate" => format!("λ\u{a0}=\u{a0}{shown}"),
        "wait_s" => format!("M\u{a0}=\u{a0}{shown}"),
        "target_ms" => format!("target {shown}"),
        "outage.seconds" => format!("cut of {shown}"),
        "body_bytes" => format!("body {shown}"),
        "clients" if value == "1" => "1 client".into(),
        "clients" => format!("{shown} clients"),
        "rooms" => format!("{shown} rooms"),
        "headers" => format!("{shown} headers"),
        "database" => format!("database {shown}"),
        "keep_alive" if value == "true" => "connection kept".into(),
        "keep_alive" if value == "false" => "new connection each poll".into(),
        other => format!("{} {shown}", other.replace(['_', '.'], " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_comes_apart_and_reads_well() {
        let level = Some("body_bytes=32;transport.headers=browser");
        assert_eq!(number_of(level, "body_bytes"), Some(32.0));
        assert_eq!(number_of(level, "headers"), None);
        assert_eq!(
            rest(level, "body_bytes").as_deref(),
            Some("transport.headers=browser")
        );
        assert_eq!(words(level), "body 32\u{a0}B, browser headers");
        assert_eq!(words(Some("one_way_ms=0")), "d\u{a0}=\u{a0}0\u{a0}ms");
        assert_eq!(words(None), "");
        assert_eq!(
            number_of(Some("outage.seconds=5"), "outage.seconds"),
            Some(5.0)
        );
    }
}
